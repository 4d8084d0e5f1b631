// SPDX-License-Identifier: Apache-2.0
// The port is open, but what answers is not TLS: the bytes themselves say what it is.
#include <algorithm>

#include <fmt/core.h>

#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Outcome;

struct StarttlsProtocol {
    std::string_view protocol;
    std::string_view spelled;
    std::string_view command; ///< what begins TLS there
};

constexpr StarttlsProtocol k_starttls[] = {
    {"smtp", "SMTP", "STARTTLS"},               // RFC 3207
    {"lmtp", "LMTP", "STARTTLS"},               // RFC 2033
    {"imap", "IMAP", "STARTTLS"},               // RFC 9051 6.2.1
    {"pop3", "POP3", "STLS"},                   // RFC 2595 4
    {"ftp", "FTP", "AUTH TLS"},                 // RFC 4217
    {"nntp", "NNTP", "STARTTLS"},               // RFC 4642
    {"xmpp", "XMPP", "<starttls/>"},            // RFC 6120 5
    {"sieve", "ManageSieve", "STARTTLS"},       // RFC 5804 2.2
    {"ldap", "LDAP", "the StartTLS operation"}, // RFC 4511 4.14
    {"irc", "IRC", "STARTTLS"},
    {"mysql", "MySQL", "an SSLRequest packet"},
    {"postgresql", "PostgreSQL", "an SSLRequest message"},
    {"rdp", "RDP", "an X.224 negotiation request"},
    {"mssql", "TDS (SQL Server)", "a PRELOGIN packet"},
};

struct Spelling {
    std::string_view protocol;
    std::string_view spelled;
};

constexpr Spelling k_spellings[] = {
    {"ssh", "SSH"},   {"vnc", "VNC (RFB)"}, {"redis", "Redis"},     {"memcached", "memcached"},
    {"amqp", "AMQP"}, {"rsync", "rsync"},   {"mongodb", "MongoDB"}, {"telnet", "Telnet"},
};

/// Text in answer to SSL 2.0 or 3.0 alone is no proof: a server may take them for no TLS at all.
const Exchange* foreign_exchange(const Case& visit) {
    const std::string_view protocol = foreign_protocol(visit.endpoint);
    const auto shows = [&](const Exchange& exchange) {
        const auto& versions = exchange.offer.versions;
        return exchange.outcome == Outcome::not_tls && exchange.protocol == protocol &&
               exchange.purpose != evidence::Purpose::trait &&
               exchange.purpose != evidence::Purpose::plain &&
               (versions.empty() || versions.front() >= ProtocolVersion::tls_1_0);
    };
    const auto at = std::ranges::find_if(visit.endpoint.exchanges, shows);
    return at == visit.endpoint.exchanges.end() ? nullptr : &*at;
}

/// Dovecot answers every hello on its TLS port with this line where its own TLS cannot start
/// (measured, 2.3.19): IMAP in clear, but no sign of a STARTTLS port.
bool says_tls_is_broken(const Exchange& exchange) {
    return as_text(exchange.received).find("TLS initialization failed") != std::string_view::npos;
}

/// One answer in TLS, an alert included, outweighs any text: some servers answer in clear what they
/// cannot read, SSL 2.0 above all.
Proof no_word_of_tls(const Case& visit) {
    const bool some = std::ranges::any_of(visit.endpoint.exchanges, [](const Exchange& exchange) {
        return exchange.outcome == Outcome::accepted ||
               exchange.outcome == Outcome::other_version || exchange.outcome == Outcome::refused;
    });
    return some ? std::nullopt : Proof(std::vector<Citation>{});
}

Proof says_its_tls_is_broken(const Case& visit) {
    const Exchange* const exchange = foreign_exchange(visit);
    if (exchange == nullptr || !says_tls_is_broken(*exchange)) {
        return std::nullopt;
    }
    return std::vector<Citation>{cite(*exchange)};
}

Proof speaks_http(const Case& visit) {
    const Exchange* const exchange = foreign_exchange(visit);
    if (exchange == nullptr || exchange->protocol != "http") {
        return std::nullopt;
    }
    return std::vector<Citation>{cite(*exchange)};
}

const StarttlsProtocol* starttls_protocol(const Case& visit) {
    const Exchange* const exchange = foreign_exchange(visit);
    if (exchange == nullptr || says_tls_is_broken(*exchange)) {
        return nullptr;
    }
    const auto* const at =
        std::ranges::find(k_starttls, exchange->protocol, &StarttlsProtocol::protocol);
    return at == std::end(k_starttls) ? nullptr : at;
}

Proof speaks_starttls_protocol(const Case& visit) {
    if (starttls_protocol(visit) == nullptr) {
        return std::nullopt;
    }
    return std::vector<Citation>{cite(*foreign_exchange(visit))};
}

Proof speaks_something_else(const Case& visit) {
    const Exchange* const exchange = foreign_exchange(visit);
    if (exchange == nullptr || exchange->protocol == "http" || says_tls_is_broken(*exchange) ||
        starttls_protocol(visit) != nullptr) {
        return std::nullopt;
    }
    return std::vector<Citation>{cite(*exchange)};
}

Confidence proven_where_named(const Case& visit) {
    return foreign_protocol(visit.endpoint) == "unknown" ? Confidence::likely : Confidence::proven;
}

std::string plain_http(const Case& visit) {
    return fmt::format(
        "Port {} speaks plain HTTP, not TLS: http:// works there and https:// cannot.",
        visit.endpoint.port
    );
}

std::string starttls_needed(const Case& visit) {
    const StarttlsProtocol& protocol = *starttls_protocol(visit);
    return fmt::format(
        "Port {} greets in clear as {}: TLS begins there only after {}.", visit.endpoint.port,
        protocol.spelled, protocol.command
    );
}

std::string other_protocol(const Case& visit) {
    const std::string_view protocol = foreign_protocol(visit.endpoint);
    if (protocol == "unknown") {
        return fmt::format(
            "Port {} answers with bytes that are not TLS and of no protocol known here.",
            visit.endpoint.port
        );
    }
    const auto* const at = std::ranges::find(k_spellings, protocol, &Spelling::protocol);
    return fmt::format(
        "Port {} speaks {}, not TLS.", visit.endpoint.port,
        at == std::end(k_spellings) ? protocol : at->spelled
    );
}

std::string tls_is_broken(const Case&) {
    return "The server answers every hello in clear with \"TLS initialization failed\": its own "
           "TLS "
           "cannot start, and its log says why.";
}

constexpr Condition k_broken[] = {
    {"no hello was answered in TLS", no_word_of_tls},
    {"the server says that its TLS cannot start", says_its_tls_is_broken},
};
constexpr Condition k_http[] = {
    {"no hello was answered in TLS", no_word_of_tls},
    {"the answer is HTTP", speaks_http},
};
constexpr Condition k_starttls_needed[] = {
    {"no hello was answered in TLS", no_word_of_tls},
    {"the greeting is of a protocol that begins in clear", speaks_starttls_protocol},
};
constexpr Condition k_other[] = {
    {"no hello was answered in TLS", no_word_of_tls},
    {"the answer is of another protocol", speaks_something_else},
};

constexpr Rule k_protocol_rules[] = {
    {.cause = "refuses_every_hello",
     .all_of = k_broken,
     .confidence = proven,
     .summary = tls_is_broken,
     .refuted_by = "any hello that this server accepts"},
    {.cause = "not_tls_plain_http",
     .all_of = k_http,
     .confidence = proven,
     .summary = plain_http,
     .refuted_by = "a ServerHello or an alert from this port"},
    {.cause = "starttls_needed",
     .all_of = k_starttls_needed,
     .confidence = proven,
     .summary = starttls_needed,
     .refuted_by = "a ServerHello or an alert to a hello that is sent at once"},
    {.cause = "not_tls_other_protocol",
     .all_of = k_other,
     .confidence = proven_where_named,
     .summary = other_protocol,
     .refuted_by = "a ServerHello or an alert from this port"},
};

} // namespace

std::span<const Rule> protocol_rules() {
    return k_protocol_rules;
}

} // namespace tlsdoctor::diagnose
