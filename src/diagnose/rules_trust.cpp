// SPDX-License-Identifier: Apache-2.0
// The certificate, judged after a whole handshake. It is the verdict only where negotiation is
// healthy: its rank stands behind every cause of a failed negotiation.
#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Certificate;
using evidence::Handshake;
using evidence::Trust;

Proof chain_is_not_trusted(const Case& visit) {
    const auto& handshake = visit.endpoint.handshake;
    if (!visit.question.judge_trust || !handshake || handshake->trust == Trust::trusted ||
        handshake->trust == Trust::not_judged) {
        return std::nullopt;
    }
    return std::vector<Citation>{
        {.exchange = handshake->id,
         .text = fmt::format("whole handshake -> {}", harmless(handshake->trust_error))}
    };
}

std::string names_of(const Certificate& leaf) {
    std::string text;
    for (std::size_t i = 0; i < leaf.names.size() && i < 4; ++i) {
        text += (i == 0 ? "" : ", ") + harmless(leaf.names[i]);
    }
    return leaf.names.size() > 4 ? text + ", ..." : text;
}

std::string not_trusted(const Case& visit) {
    const Handshake& handshake = *visit.endpoint.handshake;
    const Certificate leaf = handshake.chain.empty() ? Certificate{} : handshake.chain.front();
    switch (handshake.trust) {
    case Trust::expired:
        return fmt::format("The certificate expired on {}.", harmless(leaf.not_after));
    case Trust::not_yet_valid:
        return fmt::format("The certificate is valid only from {}.", harmless(leaf.not_before));
    case Trust::name_mismatch:
        return fmt::format(
            "The certificate is not for {}; it names {}.",
            harmless(visit.target.sni.value_or(visit.target.host)),
            leaf.names.empty() ? "nothing" : names_of(leaf)
        );
    case Trust::self_signed:
        return "The certificate is self-signed, so no client trusts it by itself.";
    case Trust::unknown_issuer:
        return fmt::format(
            "No chain leads from the certificate to a trusted root: its issuer is {}, and the "
            "server "
            "sent {} certificate{}.",
            harmless(leaf.issuer), handshake.chain.size(), handshake.chain.size() == 1 ? "" : "s"
        );
    default:
        return fmt::format("The certificate is not trusted: {}.", harmless(handshake.trust_error));
    }
}

Proof whole_handshake_fails(const Case& visit) {
    const auto& handshake = visit.endpoint.handshake;
    if (!handshake || handshake->completed || handshake->failure.empty()) {
        return std::nullopt;
    }
    return std::vector<Citation>{
        {.exchange = handshake->id,
         .text = fmt::format("whole handshake -> {}", harmless(handshake->failure))}
    };
}

/// The exchange in which a version was accepted and then ended by a fatal alert in clear; null
/// where there is none.
const evidence::Exchange* taken_back_in(const Case& visit) {
    for (const ProtocolVersion version : visit.accepted) {
        const evidence::Exchange& exchange = *answer_to(visit, version).shown_by;
        if (exchange.alert_after && exchange.alert_after->level == AlertLevel::fatal) {
            return &exchange;
        }
    }
    return nullptr;
}

Proof acceptance_is_taken_back(const Case& visit) {
    const evidence::Exchange* const exchange = taken_back_in(visit);
    return exchange == nullptr ? std::nullopt : Proof(std::vector<Citation>{cite(*exchange)});
}

std::string taken_back(const Case& visit) {
    const evidence::Exchange& exchange = *taken_back_in(visit);
    const AlertDescription alert = exchange.alert_after->description;
    return fmt::format(
        "The server accepts {} and then ends the handshake itself: alert {} ({}).",
        name_of(exchange.offer.versions.front()), static_cast<unsigned>(alert), name_of(alert)
    );
}

std::string incomplete(const Case& visit) {
    return fmt::format(
        "The server answers hellos, but a whole handshake with it does not complete: {}.",
        harmless(visit.endpoint.handshake->failure)
    );
}

Confidence possible_trust(const Case&) {
    return Confidence::possible;
}

constexpr Condition k_incomplete[] = {
    {"a whole handshake fails after the first flight", whole_handshake_fails},
};
constexpr Condition k_taken_back[] = {
    {"a fatal alert follows the ServerHello", acceptance_is_taken_back},
};
constexpr Condition k_not_trusted[] = {{"verification fails", chain_is_not_trusted}};

constexpr std::string_view k_accepting_words[] = {"healthy", "no_tls13", "legacy_versions_enabled"};

constexpr Rule k_trust_rules[] = {
    {.cause = "cert_not_trusted",
     .all_of = k_not_trusted,
     .confidence = proven,
     .summary = not_trusted,
     .refuted_by = "a client whose roots contain the issuer (--ca FILE)",
     .overrides = k_healthy_word},
    {.cause = "unknown",
     .all_of = k_taken_back,
     .confidence = likely,
     .summary = taken_back,
     .refuted_by = "a handshake in this version that a client of today completes",
     .overrides = k_accepting_words},
    // What breaks after the first flight has no name of its own yet, and must not pass for healthy.
    {.cause = "unknown",
     .all_of = k_incomplete,
     .confidence = possible_trust,
     .summary = incomplete,
     .refuted_by = "a handshake that another client of today completes",
     .overrides = k_healthy_word},
};

} // namespace

std::span<const Rule> trust_rules() {
    return k_trust_rules;
}

} // namespace tlsdoctor::diagnose
