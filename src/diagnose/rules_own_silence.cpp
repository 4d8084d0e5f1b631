// SPDX-License-Identifier: Apache-2.0
// A client that sent no hello: it spoke something else, or its own TLS library stopped before the
// first byte, and then only the program's words say why. The phrases are those of the libraries'
// sources; each is printed by its own side, never in answer to what a server said.
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/client_case.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::HeardHello;

// clang-format off
/// JSSE: SSLContextImpl, HandshakeContext [java.security, jdk.tls.disabledAlgorithms].
constexpr std::string_view k_java_forbids[] = {
    "no appropriate protocol (protocol is disabled or cipher suites are inappropriate)",
    "no appropriate protocol, may be no appropriate cipher suite specified or protocols are deactivated",
    "no negotiable cipher suite",
};
/// OpenSSL SSL_R_NO_PROTOCOLS_AVAILABLE and the names that Python, Ruby and Node.js give it; NSS
/// SSL_ERROR_SSL_DISABLED, SSL_ERROR_INVALID_VERSION_RANGE; GnuTLS GNUTLS_E_NO_PRIORITIES_WERE_SET;
/// Go crypto/tls; Node.js ERR_TLS_PROTOCOL_VERSION_CONFLICT; curl's own checks; SChannel.
constexpr std::string_view k_version_phrases[] = {
    "no protocols available", "no_protocols_available", "ssl_error_ssl_disabled",
    "cannot connect: ssl is disabled", "ssl_error_invalid_version_range",
    "ssl version range is not valid", "no or insufficient priorities were set",
    "no supported versions satisfy minversion and maxversion", "err_tls_protocol_version_conflict",
    "err_tls_invalid_protocol_version", "curl_sslversion_max incompatible",
    "unsupported ssl protocol version", "the requested security protocol is not supported",
    "bad value/unsupported", "version too low", "version too high",
    "no enabled protocols", "no supported protocol versions",
};
/// OpenSSL SSL_R_NO_CIPHERS_AVAILABLE, SSL_R_NO_CIPHER_MATCH and their names in Python, Node.js and
/// curl; GnuTLS GNUTLS_E_NO_CIPHER_SUITES; NSS SSL_ERROR_NO_CIPHERS_SUPPORTED; rustls.
constexpr std::string_view k_suite_phrases[] = {
    "no ciphers available", "no_ciphers_available", "no cipher match", "no_cipher_match",
    "no cipher can be selected", "failed setting cipher list",
    "no supported cipher suites have been found", "ssl_error_no_ciphers_supported",
    "no usable cipher suites", "error setting cipher list",
};
/// Protocols that begin in clear and become TLS on request, by what a client says first.
constexpr std::string_view k_upgrading[] = {
    "smtp", "imap", "pop3", "ftp", "xmpp", "ldap", "postgresql", "rdp", "irc", "starttls",
};
/// Words of a command whose client waits for the server's greeting.
constexpr std::string_view k_waiting_words[] = {
    "smtp://", "imap://", "pop3://", "ftp://", "starttls", "smtplib", "imaplib", "poplib", "ftplib",
    "mysql", "mariadb", "swaks", "msmtp",
};
// clang-format on

constexpr std::string_view k_library_words[] = {"no_protocols_enabled", "no_common_cipher"};

bool heard_no_hello(const ClientCase& client) {
    return client.best == nullptr;
}

bool begins_in_clear(std::string_view protocol) {
    return std::ranges::find(k_upgrading, protocol) != std::end(k_upgrading);
}

Proof cite_all_that(const ClientCase& client, bool (*fits)(const HeardHello&)) {
    std::vector<Citation> shown;
    for (const HeardHello& hello : client.visit.hellos) {
        if (fits(hello)) {
            shown.push_back(cite(hello));
        }
    }
    return shown.empty() || !heard_no_hello(client) ? std::nullopt : Proof(std::move(shown));
}

Proof java_says_forbidden(const ClientCase& client) {
    return heard_no_hello(client) ? printed(client, k_java_forbids) : std::nullopt;
}

Proof library_has_no_version(const ClientCase& client) {
    return heard_no_hello(client) ? printed(client, k_version_phrases) : std::nullopt;
}

Proof library_has_no_suite(const ClientCase& client) {
    return heard_no_hello(client) ? printed(client, k_suite_phrases) : std::nullopt;
}

Proof spoke_in_clear(const ClientCase& client) {
    return cite_all_that(client, [](const HeardHello& hello) {
        return hello.kind == wire::OpeningKind::clear_text && !begins_in_clear(hello.protocol);
    });
}

Proof began_in_clear(const ClientCase& client) {
    return cite_all_that(client, [](const HeardHello& hello) {
        return hello.kind == wire::OpeningKind::clear_text && begins_in_clear(hello.protocol);
    });
}

Proof waits_for_a_greeting(const ClientCase& client) {
    return cite_all_that(client, [](const HeardHello& hello) {
        return hello.kind == wire::OpeningKind::nothing && hello.ending == "timed_out";
    });
}

Proof command_is_of_such_a_protocol(const ClientCase& client) {
    if (!client.visit.program) {
        return std::nullopt;
    }
    const std::string command = lower(joined(client.visit.program->command, " "));
    const auto* const word = std::ranges::find_if(k_waiting_words, [&](std::string_view part) {
        return command.find(part) != std::string::npos;
    });
    if (word == std::end(k_waiting_words)) {
        return std::nullopt;
    }
    return std::vector{Citation{.text = fmt::format("the command says \"{}\"", *word)}};
}

std::string java_forbids(const ClientCase&) {
    return "Java sends nothing: jdk.tls.disabledAlgorithms and the options of the program leave no "
           "version or suite that both allow.";
}

std::string library_stops(const ClientCase& client) {
    return fmt::format(
        "{} sends nothing: its settings (lowest and highest version, security level, openssl.cnf, "
        "the system's policy) leave no version to offer.",
        client.who
    );
}

std::string library_has_nothing_to_offer(const ClientCase& client) {
    return fmt::format(
        "{} sends nothing: its list of cipher suites leaves none that its library allows.",
        client.who
    );
}

std::string first_protocol(const ClientCase& client) {
    for (const HeardHello& hello : client.visit.hellos) {
        if (!hello.protocol.empty()) {
            return hello.protocol == "http_connect" ? "CONNECT, as to a forward proxy"
                                                    : hello.protocol;
        }
    }
    return "clear text";
}

std::string speaks_clear_text(const ClientCase& client) {
    const std::string protocol = first_protocol(client);
    return fmt::format(
        "{} does not begin TLS: it speaks {}.{}", client.who, protocol,
        protocol == "http" ? " https:// is the scheme." : ""
    );
}

std::string begins_without_tls(const ClientCase& client) {
    return fmt::format(
        "{} begins in clear ({}) and would ask for STARTTLS: this port expects TLS at once, as "
        "ports with implicit TLS do.",
        client.who, first_protocol(client)
    );
}

std::string waits_without_tls(const ClientCase& client) {
    return fmt::format(
        "{} connects and waits for the server to greet in clear (STARTTLS): this port expects TLS "
        "at once, as ports with implicit TLS do.",
        client.who
    );
}

constexpr ClientCondition k_java_words[] = {
    {"no hello came, and Java says that nothing it may use is left", java_says_forbidden},
};
constexpr ClientCondition k_version_words[] = {
    {"no hello came, and the library says that no version is left", library_has_no_version},
};
constexpr ClientCondition k_suite_words[] = {
    {"no hello came, and the library says that no suite is left", library_has_no_suite},
};
constexpr ClientCondition k_spoke_clear[] = {{"it spoke clear text", spoke_in_clear}};
constexpr ClientCondition k_began_clear[] = {
    {"it began as protocols with STARTTLS do", began_in_clear},
};
constexpr ClientCondition k_waits[] = {
    {"it connected and said nothing", waits_for_a_greeting},
    {"its command names such a protocol", command_is_of_such_a_protocol},
};

constexpr ClientRule k_silence_rules[] = {
    {.cause = "java_disabled_algorithms",
     .all_of = k_java_words,
     .confidence = Confidence::likely,
     .summary = java_forbids,
     .refuted_by = "the same error with jdk.tls.disabledAlgorithms empty",
     .overrides = k_library_words},
    {.cause = "no_protocols_enabled",
     .all_of = k_version_words,
     .confidence = Confidence::proven,
     .summary = library_stops,
     .refuted_by = "a hello of the same command"},
    {.cause = "no_common_cipher",
     .all_of = k_suite_words,
     .confidence = Confidence::proven,
     .summary = library_has_nothing_to_offer,
     .refuted_by = "a hello of the same command"},
    {.cause = "client_speaks_plain_to_tls",
     .all_of = k_spoke_clear,
     .confidence = Confidence::proven,
     .summary = speaks_clear_text,
     .refuted_by = "a connection of this client that begins with a hello"},
    {.cause = "starttls_needed",
     .all_of = k_began_clear,
     .confidence = Confidence::proven,
     .summary = begins_without_tls,
     .refuted_by = "a connection of this client that begins with a hello"},
    {.cause = "starttls_needed",
     .all_of = k_waits,
     .confidence = Confidence::likely,
     .summary = waits_without_tls,
     .refuted_by = "a hello of this client after a longer wait"},
};

} // namespace

std::span<const ClientRule> client_silence_rules() {
    return k_silence_rules;
}

} // namespace tlsdoctor::diagnose
