// SPDX-License-Identifier: Apache-2.0
// Something between us and the server answers, or the connection fails for a reason that has
// nothing to do with TLS. From one place this is seldom certain, so most of it is `likely`.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/inspectors.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;

/// A proxy that cannot reach its backend gives up at once; one that waits for a first byte (HAProxy
/// with a content rule) does so for seconds.
constexpr double k_at_once_ms = 1'500;

/// Who made the certificate, and the exchange that showed it.
struct Sighting {
    const Inspector* inspector{};
    std::string exchange{};
    std::string issuer{};
};

Sighting inspection(const Case& visit) {
    for (const Exchange& exchange : visit.endpoint.exchanges) {
        if (!exchange.flight) {
            continue;
        }
        if (const Inspector* const one = inspector_in(exchange.flight->certificate_issuer)) {
            return {one, exchange.id, exchange.flight->certificate_issuer};
        }
    }
    const auto& handshake = visit.endpoint.handshake;
    if (handshake && !handshake->chain.empty()) {
        const std::string& issuer = handshake->chain.front().issuer;
        return {inspector_in(issuer), handshake->id, issuer};
    }
    return {};
}

Proof certificate_of_an_inspector(const Case& visit) {
    const Sighting seen = inspection(visit);
    if (seen.inspector == nullptr) {
        return std::nullopt;
    }
    return std::vector<Citation>{
        {.exchange = seen.exchange,
         .text = fmt::format("certificate -> issued by {}", harmless(seen.issuer))}
    };
}

/// A fatal alert ends a handshake [RFC 8446 6.2]; a ServerHello behind one is of somebody else.
Proof an_alert_was_injected(const Case& visit) {
    std::vector<Citation> citations;
    for (const Exchange& exchange : visit.endpoint.exchanges) {
        const bool both = exchange.outcome == Outcome::refused && exchange.selection &&
                          exchange.alert->level == AlertLevel::fatal;
        if (both) {
            Citation citation = cite(exchange);
            citation.text += ", then a ServerHello";
            citations.push_back(std::move(citation));
        }
    }
    return citations.empty() ? std::nullopt : Proof(std::move(citations));
}

/// Text for this name, TLS for another or none.
Proof only_this_name_gets_text(const Case& visit) {
    const auto gets_text = [](const Exchange& exchange) {
        return exchange.outcome == Outcome::not_tls && exchange.purpose == Purpose::version &&
               exchange.offer.sni;
    };
    const auto gets_tls = [](const Exchange& exchange) {
        return exchange.purpose == Purpose::name && succeeded(exchange);
    };
    const auto& exchanges = visit.endpoint.exchanges;
    const auto text = std::ranges::find_if(exchanges, gets_text);
    const auto tls = std::ranges::find_if(exchanges, gets_tls);
    if (!visit.accepted.empty() || text == exchanges.end() || tls == exchanges.end()) {
        return std::nullopt;
    }
    return std::vector<Citation>{cite(*text), cite(*tls)};
}

/// The connection on which nothing was sent.
const Exchange* banner(const Case& visit) {
    const auto at =
        std::ranges::find(visit.endpoint.exchanges, Purpose::banner, &Exchange::purpose);
    return at == visit.endpoint.exchanges.end() ? nullptr : &*at;
}

template <Outcome outcome>
Proof ends_before_a_byte(const Case& visit) {
    const Exchange* const silent = banner(visit);
    if (!visit.accepted.empty() || silent == nullptr || silent->outcome != outcome ||
        silent->ms > k_at_once_ms) {
        return std::nullopt;
    }
    std::vector<Citation> citations{cite(*silent)};
    constexpr ProtocolVersion k_one[] = {ProtocolVersion::tls_1_2};
    const std::vector<Citation> hello = cite_versions(visit, k_one);
    citations.insert(citations.end(), hello.begin(), hello.end());
    return citations;
}

Proof every_payload_is_reset(const Case& visit) {
    const auto reset = [](const Exchange& exchange) {
        return exchange.purpose == Purpose::plain && exchange.outcome == Outcome::reset;
    };
    const auto& exchanges = visit.endpoint.exchanges;
    const auto plain = std::ranges::find_if(exchanges, reset);
    const bool all = std::ranges::all_of(exchanges, [](const Exchange& exchange) {
        return exchange.outcome == Outcome::reset || exchange.outcome == Outcome::not_tested ||
               exchange.purpose == Purpose::banner;
    });
    if (plain == exchanges.end() || !all) {
        return std::nullopt;
    }
    return std::vector<Citation>{cite(*plain)};
}

std::string inspected(const Case& visit) {
    return fmt::format(
        "The certificate is not the server's own: {} makes such certificates to read along.",
        inspection(visit).inspector->product
    );
}

std::string injected(const Case&) {
    return "Somebody answers before the server does: a fatal alert, and behind it the server's own "
           "ServerHello.";
}

std::string block_page(const Case& visit) {
    return fmt::format(
        "Hellos that name {} get a page in clear, hellos without the name get TLS: something on "
        "the path filters by name.",
        harmless(visit.target.sni.value_or(visit.target.host))
    );
}

std::string dead_backend(const Case&) {
    return "The connection is closed before a byte was sent, and so is every hello: the proxy in "
           "front answers, and nothing behind it.";
}

std::string reset_at_once(const Case&) {
    return "The connection is accepted and reset before a byte was sent: a firewall, or a proxy "
           "without its backend; TLS has no part in it.";
}

std::string payload_reset(const Case&) {
    return "Whatever is sent is reset, TLS or not: a firewall could do that as well as the server.";
}

Confidence possible_path(const Case&) {
    return Confidence::possible;
}

Status not_sure(const Case&) {
    return Status::unsure;
}

constexpr Condition k_inspected[] = {
    {"the certificate's issuer is an inspection product", certificate_of_an_inspector},
};
constexpr Condition k_injected[] = {
    {"a ServerHello follows a fatal alert", an_alert_was_injected},
};
constexpr Condition k_block_page[] = {
    {"this name gets text and another gets TLS", only_this_name_gets_text},
};
constexpr Condition k_dead_backend[] = {
    {"a connection on which nothing was sent is closed at once",
     ends_before_a_byte<Outcome::closed>},
};
constexpr Condition k_reset_at_once[] = {
    {"a connection on which nothing was sent is reset at once", ends_before_a_byte<Outcome::reset>},
};
constexpr Condition k_payload_reset[] = {
    {"an HTTP request is reset like the hellos", every_payload_is_reset},
};
constexpr std::string_view k_untrusted[] = {"healthy", "cert_not_trusted"};
constexpr std::string_view k_refusals[] = {
    "healthy",
    "no_tls13",
    "no_common_cipher",
    "cert_key_type_mismatch",
    "server_no_certificate",
    "refuses_every_hello",
    "server_only_tls13",
    "server_only_legacy",
    "seclevel_blocks_old_tls",
    "version_intolerance",
    "extension_intolerance",
    "no_common_group",
    "sigalg_mismatch",
};
constexpr std::string_view k_names[] = {
    "not_tls_plain_http",
    "not_tls_other_protocol",
    "sni_unknown",
    "healthy",
};
constexpr std::string_view k_wordless_causes[] = {
    "closed_after_hello",
    "reset_after_hello",
    "silent_after_hello",
    "rst_firewall",
};

constexpr Rule k_path_rules[] = {
    {.cause = "middlebox_interference",
     .all_of = k_inspected,
     .confidence = likely,
     .summary = inspected,
     .refuted_by = "the same certificate, seen from a network without inspection",
     .overrides = k_untrusted},
    {.cause = "middlebox_interference",
     .all_of = k_injected,
     .confidence = likely,
     .summary = injected,
     .refuted_by = "the same answer from inside the server's own network",
     .overrides = k_refusals},
    {.cause = "middlebox_interference",
     .all_of = k_block_page,
     .confidence = likely,
     .summary = block_page,
     .refuted_by = "the same page from inside the server's own network",
     .overrides = k_names},
    {.cause = "backend_unreachable",
     .all_of = k_dead_backend,
     .confidence = likely,
     .summary = dead_backend,
     .refuted_by = "a connection without a byte that stays open",
     .overrides = k_wordless_causes},
    {.cause = "rst_firewall",
     .all_of = k_reset_at_once,
     .confidence = likely,
     .summary = reset_at_once,
     .refuted_by = "a connection without a byte that stays open",
     .overrides = std::span(k_wordless_causes).first<3>()},
    {.cause = "rst_firewall",
     .all_of = k_payload_reset,
     .confidence = possible_path,
     .summary = payload_reset,
     .refuted_by = "an answer to the same hello from another network",
     .status = not_sure},
};

} // namespace

std::span<const Rule> path_rules() {
    return k_path_rules;
}

} // namespace tlsdoctor::diagnose
