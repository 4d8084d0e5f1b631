// SPDX-License-Identifier: Apache-2.0
// Whether the server's certificate fits its suites, and whether it demands one from the client. The
// key's type shows only where something is accepted: else it stays one of three explanations.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/proof.hpp"
#include "diagnose/refusal.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Handshake;

/// A certificate's key and the exchange that showed it.
struct ShownKey {
    std::string key{}; ///< `RSA 2048`
    Citation shown_by{};
};

std::optional<ShownKey> key_in_flights(const Case& visit) {
    const auto shows = [&](const Exchange& exchange) {
        return exchange.flight && !exchange.flight->certificate_key.empty() &&
               exchange.offer.sni == visit.target.sni;
    };
    const auto at = std::ranges::find_if(visit.endpoint.exchanges, shows);
    if (at == visit.endpoint.exchanges.end()) {
        return std::nullopt;
    }
    ShownKey shown{.key = at->flight->certificate_key, .shown_by = cite(*at)};
    shown.shown_by.text += ", certificate with " + harmless(shown.key);
    return shown;
}

std::optional<ShownKey> shown_key(const Case& visit) {
    if (auto shown = key_in_flights(visit)) {
        return shown;
    }
    const auto& handshake = visit.endpoint.handshake;
    if (!handshake || handshake->chain.empty() || handshake->chain.front().key.empty()) {
        return std::nullopt;
    }
    const std::string& key = handshake->chain.front().key;
    return ShownKey{
        .key = key,
        .shown_by =
            {
                .exchange = handshake->id,
                .text = "whole handshake -> certificate with " + harmless(key),
            },
    };
}

Proof tls_1_3_shows_the_key(const Case& visit) {
    const auto shown = shown_key(visit);
    if (!shown || !accepts(visit, ProtocolVersion::tls_1_3)) {
        return std::nullopt;
    }
    return std::vector{shown->shown_by};
}

Proof tls_1_2_lacks_a_suite(const Case& visit) {
    return shares_no_suite_in(visit, ProtocolVersion::tls_1_2);
}

std::string key_fits_no_suite(const Case& visit) {
    const AlertDescription alert = *alert_to(visit, ProtocolVersion::tls_1_2);
    return fmt::format(
        "The certificate's key is {}, and the server's suites for TLS 1.2 are none that such a key "
        "serves: {} suites of every kind get alert {} ({}); only clients with TLS 1.3 connect.",
        harmless(shown_key(visit)->key),
        answer_to(visit, ProtocolVersion::tls_1_2).shown_by->offer.cipher_suites.size(),
        static_cast<unsigned>(alert), name_of(alert)
    );
}

std::string key_may_fit_no_suite(const Case&) {
    return "Perhaps the certificate's key fits none of the server's suites (ECDSA suites with an "
           "RSA key, or the reverse): nothing that was accepted shows the certificate.";
}

std::string certificate_may_be_missing(const Case&) {
    return "Perhaps the server has no certificate at all: from outside that looks like having no "
           "suite in common.";
}

Status unsure(const Case&) {
    return Status::unsure;
}

Confidence possible(const Case&) {
    return Confidence::possible;
}

bool is_anonymous(const Exchange& exchange) {
    const CipherSuiteInfo* const suite =
        exchange.selection ? find(exchange.selection->cipher_suite) : nullptr;
    return suite != nullptr && suite->authentication == Authentication::anonymous;
}

/// From a list of every kind it chose a suite that needs no certificate, and TLS 1.3, which needs
/// one always, is refused.
Proof chose_an_anonymous_suite(const Case& visit) {
    if (!accepts(visit, ProtocolVersion::tls_1_2) || !denies(visit, ProtocolVersion::tls_1_3)) {
        return std::nullopt;
    }
    const evidence::VersionAnswer& answer = answer_to(visit, ProtocolVersion::tls_1_2);
    const bool all = std::ranges::all_of(answer.all, [](const Exchange* exchange) {
        return exchange->outcome != evidence::Outcome::accepted || is_anonymous(*exchange);
    });
    return all ? Proof(std::vector{cite(answer)}) : std::nullopt;
}

std::string only_anonymous(const Case& visit) {
    return fmt::format(
        "The server takes suites without a certificate only ({}), so it has none, or its list of "
        "suites is wrong; no client of today offers such suites.",
        name_of(answer_to(visit, ProtocolVersion::tls_1_2).shown_by->selection->cipher_suite)
    );
}

// --- the client's certificate ---

/// What the server did without a certificate, in words; empty where it went on.
std::string refusal_in(const Handshake& handshake) {
    if (!handshake.completed) {
        return handshake.failure;
    }
    return handshake.failure_after.empty() && handshake.http_demands_certificate
               ? handshake.http_status
               : handshake.failure_after;
}

/// What the request was answered with.
std::string_view answer_in_words(const Handshake& handshake) {
    return handshake.sent_certificate ? "the given certificate" : "no certificate";
}

Proof demands_a_certificate(const Case& visit) {
    if (client_certificate(visit.endpoint) != evidence::ClientCertificate::required) {
        return std::nullopt;
    }
    const Handshake& handshake = *visit.endpoint.handshake;
    return std::vector<Citation>{
        {.exchange = handshake.id,
         .text = fmt::format(
             "CertificateRequest, {} -> {}", answer_in_words(handshake),
             harmless(refusal_in(handshake))
         )}
    };
}

/// The alerts that servers were seen to send for a missing certificate, or their words in HTTP. A
/// connection that just ends may end for another reason.
Confidence as_it_was_said(const Case& visit) {
    // handshake_failure, bad_certificate, certificate_unknown, unknown_ca, access_denied,
    // decode_error (gnutls-serv), certificate_required
    constexpr std::array<unsigned, 7> k_alerts = {40, 42, 46, 48, 49, 50, 116};
    const Handshake& handshake = *visit.endpoint.handshake;
    const unsigned alert =
        handshake.alert ? static_cast<unsigned>(handshake.alert->description) : 0;
    const bool said = std::ranges::find(k_alerts, alert) != k_alerts.end();
    return said || handshake.http_demands_certificate ? Confidence::proven : Confidence::likely;
}

/// `; it accepts those of CN=One, CN=Two`, as far as a line holds.
std::string accepted_authorities(const Handshake& handshake) {
    constexpr std::size_t k_most = 3;
    const auto& names = handshake.certificate_authorities;
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < k_most; ++i) {
        text += (i == 0 ? "" : " or ") + harmless(names[i]);
    }
    if (names.size() > k_most) {
        text += fmt::format(" or {} others", names.size() - k_most);
    }
    return text.empty() ? "" : "; it accepts one from " + text;
}

std::string certificate_demanded(const Case& visit) {
    const Handshake& handshake = *visit.endpoint.handshake;
    const bool by_http = handshake.completed && handshake.failure_after.empty();
    return fmt::format(
        "The server {} it {}{}.",
        handshake.sent_certificate ? "refuses the client certificate that was given:"
                                   : "demands a client certificate: without one",
        by_http ? "answers " + harmless(handshake.http_status) : std::string("ends the connection"),
        accepted_authorities(handshake)
    );
}

/// A refusal by HTTP that does not say why, from a server that asked for a certificate.
Proof may_demand_a_certificate(const Case& visit) {
    const auto& handshake = visit.endpoint.handshake;
    if (client_certificate(visit.endpoint) != evidence::ClientCertificate::requested ||
        !handshake) {
        return std::nullopt;
    }
    const std::string& status = handshake->http_status;
    if (!status.contains(" 400") && !status.contains(" 403")) {
        return std::nullopt;
    }
    return std::vector<Citation>{
        {.exchange = handshake->id,
         .text = fmt::format(
             "CertificateRequest, {}, HEAD / -> {}", answer_in_words(*handshake), harmless(status)
         )}
    };
}

std::string certificate_perhaps_demanded(const Case& visit) {
    const Handshake& handshake = *visit.endpoint.handshake;
    return fmt::format(
        "The server asked for a client certificate, got {} and answers {}: perhaps for that "
        "reason{}.",
        handshake.sent_certificate ? "the given one" : "none", harmless(handshake.http_status),
        accepted_authorities(handshake)
    );
}

Status warn(const Case&) {
    return Status::warn;
}

constexpr Condition k_mismatch[] = {
    {"TLS 1.2 is answered as one answers a hello without a common suite", tls_1_2_lacks_a_suite},
    {"TLS 1.3 is accepted, and the certificate was seen", tls_1_3_shows_the_key},
};
constexpr Condition k_no_suite_at_all[] = {
    {"nothing is accepted", nothing_accepted},
    {"every version and another name was tried", all_answered},
    {"one version is answered as one answers a hello without a common suite", shares_no_suite_at_all
    },
};
constexpr Condition k_anonymous[] = {
    {"a suite without a certificate was chosen from all", chose_an_anonymous_suite},
};
constexpr Condition k_demanded[] = {
    {"it asks for a certificate and refuses without one", demands_a_certificate},
};
constexpr Condition k_perhaps_demanded[] = {
    {"it asks for a certificate and answers 400 or 403", may_demand_a_certificate},
};

constexpr std::string_view k_no_suite_word[] = {"no_common_cipher"};

constexpr Rule k_certificate_rules[] = {
    {.cause = "cert_key_type_mismatch",
     .all_of = k_mismatch,
     .confidence = proven,
     .summary = key_fits_no_suite,
     .refuted_by = "a suite for this type of key that the server accepts in TLS 1.2",
     .overrides = k_no_suite_word},
    {.cause = "cert_key_type_mismatch",
     .all_of = k_no_suite_at_all,
     .confidence = possible,
     .summary = key_may_fit_no_suite,
     .refuted_by = "a configuration whose suites fit its certificate",
     .status = unsure},
    {.cause = "server_no_certificate",
     .all_of = k_no_suite_at_all,
     .confidence = possible,
     .summary = certificate_may_be_missing,
     .refuted_by = "a configuration with a certificate and its key for this name",
     .status = unsure},
    {.cause = "server_no_certificate",
     .all_of = k_anonymous,
     .confidence = likely,
     .summary = only_anonymous,
     .refuted_by = "a suite with a certificate that the server accepts",
     .overrides = k_good_words},
    {.cause = "client_cert_required",
     .all_of = k_demanded,
     .confidence = as_it_was_said,
     .summary = certificate_demanded,
     .refuted_by = "a connection without a client certificate that lasts",
     .overrides = k_healthy_word},
    {.cause = "client_cert_required",
     .all_of = k_perhaps_demanded,
     .confidence = possible,
     .summary = certificate_perhaps_demanded,
     .refuted_by = "the same answer with a certificate that the server accepts",
     .overrides = k_healthy_word,
     .status = warn},
};

} // namespace

std::span<const Rule> certificate_rules() {
    return k_certificate_rules;
}

} // namespace tlsdoctor::diagnose
