// SPDX-License-Identifier: Apache-2.0
// What is said of a configured endpoint; see the header.
#include "diagnose/config_words.hpp"

#include <fmt/core.h>

#include "diagnose/case.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::ConfigObstacle;

constexpr auto k_words_tls_1_2 = ProtocolVersion::tls_1_2;
constexpr auto k_words_tls_1_3 = ProtocolVersion::tls_1_3;

/// What keeps a version away, as half a sentence.
std::string_view because(ConfigObstacle obstacle) {
    switch (obstacle) {
    case ConfigObstacle::system_policy:
        return "the library's own configuration file forbids it";
    case ConfigObstacle::not_built:
        return "this build of the library cannot speak it";
    case ConfigObstacle::security_level:
        return "the security level leaves it no signature";
    case ConfigObstacle::no_suite:
    case ConfigObstacle::no_dh_parameters:
        return "no cipher suite of it is left";
    case ConfigObstacle::key_mismatch:
        return "its cipher suites do not fit the certificate's key";
    case ConfigObstacle::no_group:
        return "no group for its key exchange is left";
    default:
        return "the settings leave it out";
    }
}

std::string who_connects(const ConfigCase& open) {
    return open.accepted.empty()
               ? "no handshake succeeds"
               : fmt::format("only clients with {} connect", list_of(open.accepted));
}

} // namespace

ConfigObstacle main_obstacle(const ConfigCase& open) {
    const ConfigObstacle to_1_2 = obstacle_to(open, k_words_tls_1_2);
    const bool settings = to_1_2 == ConfigObstacle::not_enabled ||
                          to_1_2 == ConfigObstacle::system_policy ||
                          to_1_2 == ConfigObstacle::not_built || to_1_2 == ConfigObstacle::none;
    return settings && open.accepted.empty() ? obstacle_to(open, k_words_tls_1_3) : to_1_2;
}

std::string says_plain(const ConfigCase&) {
    return "TLS is not turned on here: a TLS hello is answered in clear text.";
}
std::string says_starttls_not_offered(const ConfigCase& open) {
    return fmt::format(
        "STARTTLS is not offered ({}): everything stays in clear text.",
        open.endpoint.starttls.value_or("none")
    );
}
std::string says_closed_port(const ConfigCase&) {
    return "The server does not open this port.";
}
std::string says_name_needed(const ConfigCase&) {
    return "Clients that send no server name are refused (alert 112 unrecognized_name).";
}
std::string says_unknown_names(const ConfigCase&) {
    return "Names that the configuration does not list are refused (alert 112 unrecognized_name).";
}
std::string says_this_name(const ConfigCase&) {
    return "This name is refused (alert 112 unrecognized_name).";
}
std::string says_no_certificate(const ConfigCase&) {
    return "There is no usable certificate for this name, so every handshake fails.";
}
std::string says_closes(const ConfigCase&) {
    return "The server closes the connection without an answer to the hello.";
}
std::string says_key_mismatch(const ConfigCase& open) {
    const std::string& key = open.endpoint.certificate_key;
    return fmt::format(
        "The cipher suites fit no key of the certificate{}: {}.",
        key.empty() ? "" : fmt::format(" ({})", key), who_connects(open)
    );
}
std::string says_no_cipher(const ConfigCase& open) {
    const bool dh = main_obstacle(open) == ConfigObstacle::no_dh_parameters;
    return fmt::format(
        "{}: {}.",
        dh ? "The cipher suites need Diffie-Hellman parameters, and there are none"
           : "No cipher suite for TLS 1.2 is left",
        who_connects(open)
    );
}
std::string says_no_group(const ConfigCase& open) {
    return fmt::format("No group for the key exchange is left: {}.", who_connects(open));
}
std::string says_level(const ConfigCase& open) {
    return fmt::format(
        "OpenSSL's security level blocks the versions that are enabled: {}.", who_connects(open)
    );
}
std::string says_java(const ConfigCase& open) {
    return fmt::format(
        "Java's list of disabled algorithms blocks the versions that are enabled: {}.",
        who_connects(open)
    );
}
std::string says_no_version(const ConfigCase& open) {
    return fmt::format(
        "The version settings leave no version: {}.", because(obstacle_to(open, k_words_tls_1_2))
    );
}
std::string says_hole(const ConfigCase& open) {
    return fmt::format(
        "The version settings have a hole: {} are accepted, and TLS 1.2 is not.",
        list_of(open.accepted)
    );
}
std::string says_only_tls13(const ConfigCase& open) {
    return fmt::format(
        "The server accepts TLS 1.3 only: TLS 1.2 is off, because {}.",
        because(obstacle_to(open, k_words_tls_1_2))
    );
}
std::string says_only_legacy(const ConfigCase& open) {
    return fmt::format(
        "The server speaks nothing newer than {}; clients of today refuse so old a version.",
        name_of(open.accepted.back())
    );
}
std::string says_legacy(const ConfigCase& open) {
    std::vector<ProtocolVersion> legacy = open.accepted;
    std::erase_if(legacy, [](ProtocolVersion version) { return version >= k_words_tls_1_2; });
    return fmt::format("The server still accepts {}, deprecated by RFC 8996.", list_of(legacy));
}
std::string says_no_tls13(const ConfigCase& open) {
    return fmt::format(
        "The server's newest version is TLS 1.2: TLS 1.3 is off, because {}.",
        because(obstacle_to(open, k_words_tls_1_3))
    );
}
std::string says_healthy(const ConfigCase&) {
    return "The server accepts TLS 1.2 and TLS 1.3.";
}
std::string says_unexpected(const ConfigCase& open) {
    return fmt::format("Not as expected: {}.", unexpected_in(open));
}

} // namespace tlsdoctor::diagnose
