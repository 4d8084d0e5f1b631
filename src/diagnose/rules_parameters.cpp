// SPDX-License-Identifier: Apache-2.0
// Suites, primes, signatures and signals that are too weak or too old for clients of today, read
// from what the server chose or from how it refuses. What needs a pair of hellos to be seen is in
// another table.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "diagnose/proof.hpp"
#include "diagnose/refusal.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Renegotiation;
using evidence::VersionAnswer;

constexpr auto k_tls_1_0 = ProtocolVersion::tls_1_0;
constexpr auto k_tls_1_1 = ProtocolVersion::tls_1_1;
constexpr auto k_tls_1_2 = ProtocolVersion::tls_1_2;
constexpr auto k_tls_1_3 = ProtocolVersion::tls_1_3;

/// Below it OpenSSL at its level 2 and RFC 9325 4.5 refuse.
constexpr unsigned k_enough_bits = 2048;

/// Suites without a certificate do not count: no client of today takes one, and OpenSSL has a
/// smaller prime for them.
bool chose(const Exchange& exchange, KeyExchange wanted) {
    const CipherSuiteInfo* const suite =
        exchange.selection ? find(exchange.selection->cipher_suite) : nullptr;
    return suite != nullptr && suite->key_exchange == wanted &&
           suite->authentication != Authentication::anonymous;
}

/// TLS 1.2 works and is the newest: what breaks there breaks for clients of today.
bool depends_on_tls_1_2(const Case& visit) {
    return accepts(visit, k_tls_1_2) && denies(visit, k_tls_1_3);
}

// --- Diffie-Hellman ---

/// The exchange with the smallest prime; null where no small one was seen.
const Exchange* smallest_prime(const Case& visit) {
    const Exchange* smallest = nullptr;
    for (const Exchange& exchange : visit.endpoint.exchanges) {
        const unsigned bits = exchange.flight ? exchange.flight->dh_bits : 0;
        const bool small = bits > 0 && bits < k_enough_bits && chose(exchange, KeyExchange::dhe) &&
                           exchange.offer.sni == visit.target.sni;
        if (small && (smallest == nullptr || bits < smallest->flight->dh_bits)) {
            smallest = &exchange;
        }
    }
    return smallest;
}

Proof prime_is_small(const Case& visit) {
    const Exchange* const exchange = smallest_prime(visit);
    if (exchange == nullptr) {
        return std::nullopt;
    }
    Citation citation = cite(*exchange);
    citation.text += fmt::format(", prime of {} bits", exchange->flight->dh_bits);
    return std::vector{std::move(citation)};
}

/// A hello that has ECDHE too ends up with DHE, and there is no TLS 1.3 to save it.
bool all_end_up_with_dhe(const Case& visit) {
    return depends_on_tls_1_2(visit) &&
           chose(*answer_to(visit, k_tls_1_2).shown_by, KeyExchange::dhe);
}

Status as_many_as_meet_the_prime(const Case& visit) {
    return all_end_up_with_dhe(visit) ? Status::fail : Status::warn;
}

std::string small_prime(const Case& visit) {
    const unsigned bits = smallest_prime(visit)->flight->dh_bits;
    return all_end_up_with_dhe(visit)
               ? fmt::format(
                     "The server's only key exchange is DHE with a prime of {} bits; clients of "
                     "today demand 2048, or have no DHE at all.",
                     bits
                 )
               : fmt::format(
                     "Clients that know no key exchange but DHE get a prime of {} bits; 2048 is "
                     "the least that is safe. Others are not concerned.",
                     bits
                 );
}

// --- OpenSSL's security level ---

/// OpenSSL answers SSL 3.0 with alert 40 whatever it speaks.
Proof answers_ssl3_like_openssl(const Case& visit) {
    if (alert_to(visit, ProtocolVersion::ssl_3_0) != AlertDescription::handshake_failure) {
        return std::nullopt;
    }
    return std::vector<Citation>{};
}

std::vector<ProtocolVersion> masked_versions(const Case& visit) {
    std::vector<ProtocolVersion> masked;
    for (const ProtocolVersion version : {k_tls_1_0, k_tls_1_1}) {
        if (denies(visit, version) &&
            alert_to(visit, version) == AlertDescription::internal_error) {
            masked.push_back(version);
        }
    }
    return masked;
}

/// Measured with OpenSSL 3.0 in twelve servers: a version that is off gets 70, one that is on and
/// finds no signature at this level 80.
Proof old_versions_get_alert_80(const Case& visit) {
    const std::vector<ProtocolVersion> masked = masked_versions(visit);
    const bool other = std::ranges::any_of(std::array{k_tls_1_0, k_tls_1_1}, [&](auto version) {
        const auto alert = alert_to(visit, version);
        return alert != AlertDescription::internal_error &&
               alert != AlertDescription::protocol_version;
    });
    return masked.empty() || other ? std::nullopt : Proof(cite_versions(visit, masked));
}

/// Either a current version is accepted, or the hello of TLS 1.2 got 80 in a record of an older
/// version: the server had gone down to that one before it found no signature.
Proof the_rest_fits_a_security_level(const Case& visit) {
    if (accepts(visit, k_tls_1_2) || accepts(visit, k_tls_1_3)) {
        return cite_versions(visit, std::array{accepts(visit, k_tls_1_2) ? k_tls_1_2 : k_tls_1_3});
    }
    const VersionAnswer& answer = answer_to(visit, k_tls_1_2);
    const bool went_down = visit.accepted.empty() && denies(visit, k_tls_1_2) &&
                           alert_to(visit, k_tls_1_2) == AlertDescription::internal_error &&
                           answer.shown_by->alert->record_version >= k_tls_1_0 &&
                           answer.shown_by->alert->record_version < k_tls_1_2;
    const bool no_tls_1_3 = alert_to(visit, k_tls_1_3) == AlertDescription::protocol_version;
    return went_down && no_tls_1_3 && all_answered(visit)
               ? Proof(cite_versions(visit, std::array{k_tls_1_2, k_tls_1_3}))
               : std::nullopt;
}

Status as_anything_is_accepted(const Case& visit) {
    return visit.accepted.empty() ? Status::fail : Status::warn;
}

std::string masked(const Case& visit) {
    const std::vector<ProtocolVersion> versions = masked_versions(visit);
    if (visit.accepted.empty()) {
        return fmt::format(
            "The server's newest version seems to be {}, and OpenSSL's security level leaves no "
            "signature for that: every hello up to TLS 1.2 gets alert 80 (internal_error).",
            name_of(answer_to(visit, k_tls_1_2).shown_by->alert->record_version)
        );
    }
    const bool one = versions.size() == 1;
    return fmt::format(
        "{} seem{} to be on, but OpenSSL's security level leaves no signature for {}: clients get "
        "alert 80 (internal_error).",
        list_of(versions), one ? "s" : "", one ? "it" : "them"
    );
}

// --- insufficient_security ---

Proof alert_71_is_the_answer(const Case& visit) {
    if (!denies_all(visit)) {
        return std::nullopt;
    }
    std::vector<Citation> citations;
    for (const ProtocolVersion version : k_tls_newest_first) {
        if (alert_to(visit, version) == AlertDescription::insufficient_security) {
            citations.push_back(cite(answer_to(visit, version)));
        }
    }
    return citations.empty() ? std::nullopt : Proof(std::move(citations));
}

std::string too_weak(const Case&) {
    return "The server finds everything that it was offered too weak: alert 71 "
           "(insufficient_security). Erlang says so, too, where suites, groups or signatures do "
           "not fit.";
}

// --- signatures of TLS 1.0 and 1.1 ---

/// Before TLS 1.2 a key exchange is signed with MD5 and SHA-1, whatever both sides know
/// [RFC 4346 7.4.3]; with RSA alone there is nothing to sign.
Proof signs_with_sha_1(const Case& visit) {
    if (visit.accepted.empty() || visit.accepted.back() < k_tls_1_0 ||
        visit.accepted.back() >= k_tls_1_2 || !denies(visit, k_tls_1_2)) {
        return std::nullopt;
    }
    const VersionAnswer& answer = answer_to(visit, visit.accepted.back());
    const bool is_signed =
        chose(*answer.shown_by, KeyExchange::ecdhe) || chose(*answer.shown_by, KeyExchange::dhe);
    return is_signed ? Proof(std::vector<Citation>{cite(answer)}) : std::nullopt;
}

Status warn(const Case&) {
    return Status::warn;
}

std::string old_signature(const Case& visit) {
    return fmt::format(
        "In {} the server signs with SHA-1; OpenSSL 3 refuses that at its default security level, "
        "even where the version is switched on.",
        name_of(visit.accepted.back())
    );
}

// --- RFC 5746 ---

bool asked_for_secure_renegotiation(const Exchange& exchange) {
    const bool hello = exchange.outcome == Outcome::accepted && exchange.flight &&
                       exchange.selection && !exchange.selection->hello_retry_request;
    return hello && exchange.selection->version >= k_tls_1_0 &&
           exchange.selection->version <= k_tls_1_2 &&
           exchange.offer.renegotiation != Renegotiation::none;
}

/// Once is enough, as every acceptance shows it; where one has it, several servers answer here.
Proof lacks_secure_renegotiation(const Case& visit) {
    std::vector<Citation> citations;
    for (const Exchange& exchange : visit.endpoint.exchanges) {
        if (!asked_for_secure_renegotiation(exchange)) {
            continue;
        }
        if (exchange.flight->renegotiation_info) {
            return std::nullopt;
        }
        if (citations.size() < 2) {
            citations.push_back(cite(exchange));
            citations.back().text += ", without renegotiation_info";
        }
    }
    return citations.empty() ? std::nullopt : Proof(std::move(citations));
}

Status as_tls_1_3_helps(const Case& visit) {
    return depends_on_tls_1_2(visit) ? Status::fail : Status::warn;
}

std::string insecure_renegotiation(const Case& visit) {
    return fmt::format(
        "The server lacks secure renegotiation (RFC 5746): {}.",
        depends_on_tls_1_2(visit)   ? "OpenSSL 3 clients break off, browsers do not"
        : accepts(visit, k_tls_1_3) ? "OpenSSL 3 clients that stop at TLS 1.2 break off"
                                    : "its software is from before 2010"
    );
}

constexpr Condition k_weak_dh[] = {{"a prime below 2048 bits was seen", prime_is_small}};
constexpr Condition k_seclevel[] = {
    {"TLS 1.0 or 1.1 gets alert 80, and 70 where not", old_versions_get_alert_80},
    {"SSL 3.0 is answered like OpenSSL does", answers_ssl3_like_openssl},
    {"newer versions work, or TLS 1.2 is refused as the older version",
     the_rest_fits_a_security_level},
};
constexpr Condition k_insufficient[] = {
    {"nothing is accepted", nothing_accepted},
    {"every version and another name was tried", all_answered},
    {"alert 71 is an answer", alert_71_is_the_answer},
};
constexpr Condition k_old_signature[] = {
    {"the newest version signs its key exchange with SHA-1", signs_with_sha_1},
};
constexpr Condition k_renegotiation[] = {
    {"no ServerHello of TLS 1.2 or older has renegotiation_info", lacks_secure_renegotiation},
};

constexpr std::string_view k_no_suite_words[] = {"no_common_cipher", "refuses_every_hello"};

constexpr Rule k_parameters_rules[] = {
    {.cause = "weak_dh",
     .all_of = k_weak_dh,
     .confidence = proven,
     .summary = small_prime,
     .refuted_by = "a ServerKeyExchange with a prime of 2048 bits in answer to the same hello",
     .overrides = k_healthy_word,
     .status = as_many_as_meet_the_prime},
    {.cause = "seclevel_blocks_old_tls",
     .all_of = k_seclevel,
     .confidence = likely,
     .summary = masked,
     .refuted_by = "a configuration without these versions, or a log without \"no suitable "
                   "signature algorithm\"",
     .overrides = k_healthy_word,
     .status = as_anything_is_accepted},
    {.cause = "insufficient_security",
     .all_of = k_insufficient,
     .confidence = likely,
     .summary = too_weak,
     .refuted_by = "the same alert to a hello with other suites, groups and signatures",
     .overrides = k_no_suite_words},
    {.cause = "sigalg_mismatch",
     .all_of = k_old_signature,
     .confidence = likely,
     .summary = old_signature,
     .refuted_by = "a client with OpenSSL 3 and its default level that connects",
     .status = warn},
    {.cause = "legacy_renegotiation",
     .all_of = k_renegotiation,
     .confidence = proven,
     .summary = insecure_renegotiation,
     .refuted_by = "a ServerHello with renegotiation_info in answer to the same hello",
     .overrides = k_healthy_word,
     .status = as_tls_1_3_helps},
};

} // namespace

std::span<const Rule> parameter_rules() {
    return k_parameters_rules;
}

} // namespace tlsdoctor::diagnose
