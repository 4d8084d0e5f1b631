// SPDX-License-Identifier: Apache-2.0
// What a configured endpoint has: which door it is, what keeps TLS 1.2 or TLS 1.3 from being
// accepted, and which versions are. A row holds for one endpoint; endpoints with the same row and
// sentence become one finding.
#include <algorithm>

#include <fmt/core.h>

#include "diagnose/case.hpp"
#include "diagnose/config_case.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::ConfigDoor;
using evidence::ConfigObstacle;

constexpr auto k_tls_1_2 = ProtocolVersion::tls_1_2;
constexpr auto k_tls_1_3 = ProtocolVersion::tls_1_3;

/// Servers whose clear text is HTTP.
constexpr std::string_view k_http_servers[] = {"nginx", "apache", "haproxy", "lighttpd",
                                               "caddy", "tomcat", "hitch",   "squid"};
/// Ports where nobody would expect clear text.
constexpr std::string_view k_tls_ports[] = {":443", ":8443", ":465", ":563", ":636",
                                            ":853", ":990",  ":993", ":995", ":5671"};
/// Lines that nobody writes who does not want TLS.
constexpr std::string_view k_words_of_tls[] = {"tls",          "versions", "ciphers",
                                               "ciphersuites", "groups",   "certificate"};

/// The end of a port number, or the whole.
bool ends_with_port(std::string_view address, std::string_view port) {
    return address.ends_with(port);
}

/// Clear text is a finding only where TLS seems to be meant.
bool seems_meant_for_tls(const ConfigCase& open) {
    const auto has_word = [](const evidence::ConfigLine& line) {
        return std::ranges::find(k_words_of_tls, line.about) != std::end(k_words_of_tls);
    };
    return std::ranges::any_of(open.endpoint.decided_by, has_word) ||
           std::ranges::any_of(k_tls_ports, [&](std::string_view port) {
               return ends_with_port(open.endpoint.address, port);
           });
}

bool speaks_http(const ConfigCase& open) {
    return std::ranges::find(k_http_servers, open.configuration.server) != std::end(k_http_servers);
}

template <ConfigDoor door>
bool door_is(const ConfigCase& open) {
    return open.endpoint.door == door;
}

bool is_plain_http(const ConfigCase& open) {
    return door_is<ConfigDoor::plain>(open) && speaks_http(open) && seems_meant_for_tls(open);
}

bool is_plain_other(const ConfigCase& open) {
    return door_is<ConfigDoor::plain>(open) && !speaks_http(open) && seems_meant_for_tls(open);
}

bool refuses_no_name(const ConfigCase& open) {
    return door_is<ConfigDoor::name_refused>(open) && !open.endpoint.sni;
}

/// Servers refuse unknown names on purpose; a name of the configuration is none of these.
bool refuses_unknown_names(const ConfigCase& open) {
    return door_is<ConfigDoor::name_refused>(open) && open.endpoint.sni == "*";
}

bool refuses_this_name(const ConfigCase& open) {
    return door_is<ConfigDoor::name_refused>(open) && open.endpoint.sni && open.endpoint.sni != "*";
}

bool is_tls(const ConfigCase& open) {
    return open.endpoint.door == ConfigDoor::tls;
}

bool has_legacy(const ConfigCase& open) {
    return !open.accepted.empty() && open.accepted.front() < k_tls_1_2;
}

/// The obstacle that matters: that of TLS 1.2 where it is not accepted, else that of TLS 1.3.
ConfigObstacle main_obstacle(const ConfigCase& open) {
    const ConfigObstacle to_1_2 = obstacle_to(open, k_tls_1_2);
    const bool settings = to_1_2 == ConfigObstacle::not_enabled ||
                          to_1_2 == ConfigObstacle::system_policy ||
                          to_1_2 == ConfigObstacle::not_built || to_1_2 == ConfigObstacle::none;
    return settings && open.accepted.empty() ? obstacle_to(open, k_tls_1_3) : to_1_2;
}

/// TLS 1.2 (or everything) fails, and this is why.
template <ConfigObstacle... obstacles>
bool fails_by(const ConfigCase& open) {
    const ConfigObstacle main = main_obstacle(open);
    return is_tls(open) && !accepts(open, k_tls_1_2) && ((main == obstacles) || ...);
}

bool is_java(const ConfigCase& open) {
    return open.configuration.library == "Java";
}

bool fails_by_java(const ConfigCase& open) {
    return is_java(open) && fails_by<ConfigObstacle::security_level>(open);
}

bool fails_by_level(const ConfigCase& open) {
    return !is_java(open) && fails_by<ConfigObstacle::security_level>(open);
}

bool fails_by_settings(const ConfigCase& open) {
    return fails_by<
        ConfigObstacle::not_enabled, ConfigObstacle::system_policy, ConfigObstacle::not_built,
        ConfigObstacle::none>(open);
}

bool no_version_is_left(const ConfigCase& open) {
    return open.accepted.empty() && fails_by_settings(open);
}

bool has_hole(const ConfigCase& open) {
    return fails_by_settings(open) && accepts(open, k_tls_1_3) && has_legacy(open);
}

bool only_tls13(const ConfigCase& open) {
    return fails_by_settings(open) && accepts(open, k_tls_1_3) && !has_legacy(open);
}

bool only_legacy(const ConfigCase& open) {
    return fails_by_settings(open) && has_legacy(open) && !accepts(open, k_tls_1_3);
}

bool legacy_enabled(const ConfigCase& open) {
    return has_legacy(open) && open.accepted.back() >= k_tls_1_2;
}

bool tops_out_at_tls_1_2(const ConfigCase& open) {
    return accepts(open, k_tls_1_2) && !accepts(open, k_tls_1_3);
}

bool is_healthy(const ConfigCase& open) {
    return accepts(open, k_tls_1_2) && accepts(open, k_tls_1_3) && !has_legacy(open);
}

bool fails_expectations(const ConfigCase& open) {
    return !unexpected_in(open).empty();
}

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
        "The version settings leave no version: {}.", because(obstacle_to(open, k_tls_1_2))
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
        because(obstacle_to(open, k_tls_1_2))
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
    std::erase_if(legacy, [](ProtocolVersion version) { return version >= k_tls_1_2; });
    return fmt::format("The server still accepts {}, deprecated by RFC 8996.", list_of(legacy));
}
std::string says_no_tls13(const ConfigCase& open) {
    return fmt::format(
        "The server's newest version is TLS 1.2: TLS 1.3 is off, because {}.",
        because(obstacle_to(open, k_tls_1_3))
    );
}
std::string says_healthy(const ConfigCase&) {
    return "The server accepts TLS 1.2 and TLS 1.3.";
}
std::string says_unexpected(const ConfigCase& open) {
    return fmt::format("Not as expected: {}.", unexpected_in(open));
}

constexpr std::string_view k_of_a_running_server =
    "a handshake with the running server that succeeds";
constexpr std::string_view k_other_file = "another file that the running server reads";

constexpr ConfigRule k_config_rules[] = {
    {.cause = "not_tls_plain_http",
     .holds = is_plain_http,
     .summary = says_plain,
     .refuted_by = k_of_a_running_server,
     .side = Side::server},
    {.cause = "not_tls_other_protocol",
     .holds = is_plain_other,
     .summary = says_plain,
     .refuted_by = k_of_a_running_server,
     .side = Side::server},
    {.cause = "starttls_not_offered",
     .holds = door_is<ConfigDoor::starttls_not_offered>,
     .summary = says_starttls_not_offered,
     .refuted_by = k_of_a_running_server},
    {.cause = "port_closed",
     .holds = door_is<ConfigDoor::not_listening>,
     .summary = says_closed_port,
     .refuted_by = "another process that listens there"},
    {.cause = "sni_missing",
     .holds = refuses_no_name,
     .summary = says_name_needed,
     .refuted_by = k_of_a_running_server,
     .status = Status::warn},
    {.cause = "sni_unknown",
     .holds = refuses_this_name,
     .summary = says_this_name,
     .refuted_by = k_of_a_running_server},
    {.cause = "sni_unknown",
     .holds = refuses_unknown_names,
     .summary = says_unknown_names,
     .refuted_by = k_of_a_running_server,
     .status = Status::ok},
    {.cause = "server_no_certificate",
     .holds = door_is<ConfigDoor::no_certificate>,
     .summary = says_no_certificate,
     .refuted_by = k_of_a_running_server},
    {.cause = "closed_after_hello",
     .holds = door_is<ConfigDoor::closes>,
     .summary = says_closes,
     .refuted_by = k_of_a_running_server,
     .side = Side::server},
    {.cause = "cert_key_type_mismatch",
     .holds = fails_by<ConfigObstacle::key_mismatch>,
     .summary = says_key_mismatch,
     .refuted_by = "a second certificate that the running server has"},
    {.cause = "no_common_cipher",
     .holds = fails_by<ConfigObstacle::no_suite, ConfigObstacle::no_dh_parameters>,
     .summary = says_no_cipher,
     .refuted_by = k_of_a_running_server},
    {.cause = "no_common_group",
     .holds = fails_by<ConfigObstacle::no_group>,
     .summary = says_no_group,
     .refuted_by = k_of_a_running_server,
     .side = Side::server},
    {.cause = "seclevel_blocks_old_tls",
     .holds = fails_by_level,
     .summary = says_level,
     .refuted_by = k_of_a_running_server},
    {.cause = "java_disabled_algorithms",
     .holds = fails_by_java,
     .summary = says_java,
     .refuted_by = k_of_a_running_server,
     .side = Side::server},
    {.cause = "server_protocol_config",
     .holds = no_version_is_left,
     .summary = says_no_version,
     .refuted_by = k_other_file},
    {.cause = "server_protocol_config",
     .holds = has_hole,
     .summary = says_hole,
     .refuted_by = k_other_file},
    {.cause = "server_only_tls13",
     .holds = only_tls13,
     .summary = says_only_tls13,
     .refuted_by = k_other_file},
    {.cause = "server_only_legacy",
     .holds = only_legacy,
     .summary = says_only_legacy,
     .refuted_by = k_other_file},
    {.cause = "expectation_failed",
     .holds = fails_expectations,
     .summary = says_unexpected,
     .refuted_by = k_other_file},
    {.cause = "legacy_versions_enabled",
     .holds = legacy_enabled,
     .summary = says_legacy,
     .refuted_by = k_other_file},
    {.cause = "no_tls13",
     .holds = tops_out_at_tls_1_2,
     .summary = says_no_tls13,
     .refuted_by = k_other_file},
    {.cause = "healthy",
     .holds = is_healthy,
     .summary = says_healthy,
     .refuted_by = "a process other than this server that answers"},
};

} // namespace

std::span<const ConfigRule> config_rules() {
    return k_config_rules;
}

} // namespace tlsdoctor::diagnose
