// SPDX-License-Identifier: Apache-2.0
// Is it the server name? The proof is a flip: the same hello with another name, or none, is
// accepted. Servers refuse a name with alert 112, 80 (Go), 49 (rustls) or by closing (Node.js), so
// the flip counts and the alert is only a hint.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;

bool has_the_name_asked_for(const Case& visit, const Exchange& exchange) {
    return exchange.offer.sni == visit.target.sni;
}

/// The hello with the name asked for, sent once more after another name was accepted; null where
/// that was not done.
const Exchange* repeated(const Case& visit, ProtocolVersion version) {
    const auto is_it = [&](const Exchange& exchange) {
        return exchange.purpose == Purpose::name && has_the_name_asked_for(visit, exchange) &&
               offers_only(exchange.offer, version) && exchange.outcome != Outcome::not_tested;
    };
    const auto at = std::ranges::find_if(visit.endpoint.exchanges, is_it);
    return at == visit.endpoint.exchanges.end() ? nullptr : &*at;
}

/// The refused hello, the same one that was accepted with the other name, and where it was repeated
/// the refusal again. A server that had been down for a moment accepts the repetition.
Proof flips(const Case& visit) {
    if (!visit.accepted.empty()) {
        return std::nullopt;
    }
    for (const Exchange& exchange : visit.endpoint.exchanges) {
        if (exchange.purpose != Purpose::name || exchange.outcome != Outcome::accepted ||
            has_the_name_asked_for(visit, exchange)) {
            continue;
        }
        const ProtocolVersion version = exchange.offer.versions.front();
        const auto& refused = answer_to(visit, version);
        const Exchange* const again = repeated(visit, version);
        if (!is_no(refused.outcome) || (again != nullptr && !is_no(again->outcome))) {
            continue;
        }
        std::vector<Citation> citations{cite(refused), cite(exchange)};
        if (again != nullptr) {
            citations.push_back(cite(*again));
        }
        return citations;
    }
    return std::nullopt;
}

/// SSL 2.0 and 3.0 carry no name, so alert 112 to them (HAProxy with strict-sni) tells nothing.
bool is_fatal_unrecognized_name(const Exchange& exchange) {
    return exchange.outcome == Outcome::refused && exchange.alert &&
           exchange.alert->description == AlertDescription::unrecognized_name &&
           !exchange.offer.versions.empty() &&
           exchange.offer.versions.front() >= ProtocolVersion::tls_1_0;
}

/// The hellos that alert 112 refused, with a name or without one; nullopt where there are none or
/// anything was accepted.
Proof alert_112_to(const Case& visit, bool named) {
    std::vector<Citation> citations;
    for (const Exchange& exchange : visit.endpoint.exchanges) {
        if (exchange.outcome == Outcome::accepted) {
            return std::nullopt;
        }
        if (is_fatal_unrecognized_name(exchange) && exchange.offer.sni.has_value() == named) {
            citations.push_back(cite(exchange));
        }
    }
    return citations.empty() ? std::nullopt : Proof(std::move(citations));
}

/// With a name it is accepted. For an address there is no name to try, so alert 112 must do; for a
/// host it does not: Go says 112 with a name too where it has no certificate at all.
Proof demands_a_name(const Case& visit) {
    if (visit.target.sni) {
        return std::nullopt;
    }
    if (Proof flip = flips(visit)) {
        return flip;
    }
    return visit.target.literal ? alert_112_to(visit, false) : std::nullopt;
}

/// The name is refused, whichever round sent it.
Proof refuses_the_name(const Case& visit) {
    Proof flip = visit.target.sni ? flips(visit) : std::nullopt;
    return flip ? flip : alert_112_to(visit, true);
}

/// How the hellos with the name asked for end; something on the path can cut them off, too.
Outcome flip_outcome(const Case& visit) {
    return answer_to(visit, ProtocolVersion::tls_1_2).outcome;
}

/// A flip is a pair that differs in the name alone: refused, accepted, and refused again.
Confidence proven_by_repeated_flip(const Case& visit) {
    const auto flip = flips(visit);
    const bool by_alert = flip_outcome(visit) == Outcome::refused;
    return flip && flip->size() == 3 && by_alert ? Confidence::proven : Confidence::likely;
}

std::string_view flip_in_words(const Case& visit) {
    switch (flip_outcome(visit)) {
    case Outcome::closed:
        return "are closed without a word";
    case Outcome::reset:
        return "are reset";
    case Outcome::silent:
        return "get no answer";
    default:
        return "are refused";
    }
}

/// Without a word, and a name that is nobody's here gets through: it is this name that is cut off.
Proof this_name_alone_is_cut_off(const Case& visit) {
    Proof flip = visit.target.sni ? flips(visit) : std::nullopt;
    const Outcome outcome = flip_outcome(visit);
    const bool wordless =
        outcome == Outcome::closed || outcome == Outcome::reset || outcome == Outcome::silent;
    const auto neutral = std::ranges::find_if(visit.endpoint.exchanges, [&](const Exchange& one) {
        return one.purpose == Purpose::name && one.offer.sni && succeeded(one) &&
               !has_the_name_asked_for(visit, one);
    });
    if (!flip || !wordless || neutral == visit.endpoint.exchanges.end()) {
        return std::nullopt;
    }
    flip->insert(flip->begin() + 1, cite(*neutral));
    return flip;
}

/// Letters, digits and hyphens in labels of 1 to 63, no dot at the end, no address [RFC 6066 3,
/// RFC 1123 2.1].
bool is_legal_host_name(std::string_view name) {
    bool only_digits_and_dots = true;
    for (const std::string_view label : split(name, '.')) {
        const auto is_ldh = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '-';
        };
        const auto is_digit = [](char c) {
            return c >= '0' && c <= '9';
        };
        const bool hyphen_at_end = label.starts_with('-') || label.ends_with('-');
        if (label.empty() || label.size() > 63 || hyphen_at_end ||
            !std::ranges::all_of(label, is_ldh)) {
            return false;
        }
        only_digits_and_dots = only_digits_and_dots && std::ranges::all_of(label, is_digit);
    }
    return !only_digits_and_dots;
}

Proof refuses_an_illegal_name(const Case& visit) {
    if (!visit.target.sni || is_legal_host_name(*visit.target.sni)) {
        return std::nullopt;
    }
    return flips(visit);
}

/// The names on the certificate that is shown to those who ask without one.
std::string names_of_the_default(const Case& visit) {
    std::string text;
    for (const Exchange& exchange : visit.endpoint.exchanges) {
        const bool other = exchange.purpose == Purpose::name && succeeded(exchange) &&
                           !has_the_name_asked_for(visit, exchange);
        if (!other || !exchange.flight) {
            continue;
        }
        for (const std::string& name : exchange.flight->certificate_names) {
            text += (text.empty() ? "" : ", ") + harmless(name);
        }
        break;
    }
    return text.empty() ? "" : fmt::format(" The certificate shown then is for {}.", text);
}

std::string sni_blocking(const Case& visit) {
    return fmt::format(
        "Something on the path cuts off hellos that name {}: they {}, while another name and none "
        "are accepted at the same address.",
        harmless(visit.target.sni.value_or("")), flip_in_words(visit)
    );
}

std::string sni_illegal(const Case& visit) {
    return fmt::format(
        "The name {} is not one that a hello may carry: hellos with it {}, and without a name are "
        "accepted.",
        harmless(visit.target.sni.value_or("")), flip_in_words(visit)
    );
}

std::string sni_missing(const Case& visit) {
    return flips(visit) ? fmt::format(
                              "The server refuses hellos without a server name (SNI) and accepts "
                              "them with {}.",
                              harmless(visit.target.host)
                          )
                        : "The server refuses hellos without a server name (SNI): alert 112 "
                          "(unrecognized_name).";
}

std::string sni_unknown(const Case& visit) {
    const std::string name = harmless(visit.target.sni.value_or(visit.target.host));
    return flips(visit)
               ? fmt::format(
                     "The server has nothing for the name {}: hellos with it {}, and without a "
                     "name are accepted.{}",
                     name, flip_in_words(visit), names_of_the_default(visit)
                 )
               : fmt::format(
                     "The server has nothing for the name {}: alert 112 (unrecognized_name).", name
                 );
}

constexpr Condition k_sni_missing[] = {
    {"without a name it is refused, and with one accepted or impossible", demands_a_name},
};
constexpr Condition k_sni_unknown[] = {
    {"with the name it is refused by alert 112, or without it accepted", refuses_the_name},
};

constexpr Condition k_sni_blocking[] = {
    {"this name is cut off, a neutral name and none are accepted", this_name_alone_is_cut_off},
};
constexpr Condition k_sni_illegal[] = {
    {"a name that is not legal is refused, and none accepted", refuses_an_illegal_name},
};

constexpr std::string_view k_explained[] = {
    "no_common_cipher",   "refuses_every_hello", "closed_after_hello",    "reset_after_hello",
    "silent_after_hello", "truncated_by_peer",   "insufficient_security",
};
constexpr std::string_view k_names_explained[] = {
    "sni_unknown",       "no_common_cipher",   "refuses_every_hello", "closed_after_hello",
    "reset_after_hello", "silent_after_hello", "truncated_by_peer",   "middlebox_interference",
};

constexpr Rule k_name_rules[] = {
    {.cause = "sni_illegal",
     .all_of = k_sni_illegal,
     .confidence = proven_by_repeated_flip,
     .summary = sni_illegal,
     .refuted_by = "a hello with this name that is accepted",
     .overrides = k_names_explained},
    {.cause = "sni_blocking",
     .all_of = k_sni_blocking,
     .confidence = likely,
     .summary = sni_blocking,
     .refuted_by = "the same refusal of a name that nobody filters",
     .overrides = k_names_explained},
    {.cause = "sni_missing",
     .all_of = k_sni_missing,
     .confidence = proven_by_repeated_flip,
     .summary = sni_missing,
     .refuted_by = "a hello without server_name that is accepted",
     .overrides = k_explained},
    {.cause = "sni_unknown",
     .all_of = k_sni_unknown,
     .confidence = proven_by_repeated_flip,
     .summary = sni_unknown,
     .refuted_by = "a hello with this name that is accepted",
     .overrides = k_explained},
};

} // namespace

std::span<const Rule> name_rules() {
    return k_name_rules;
}

} // namespace tlsdoctor::diagnose
