// SPDX-License-Identifier: Apache-2.0
// One address that answers the same hello in several ways has several servers behind it. With
// `--repeat` the answers are counted; without it a hello that the search asked twice may show it.
#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Shape;

constexpr ProtocolVersion k_repeated[] = {ProtocolVersion::tls_1_3, ProtocolVersion::tls_1_2};

/// One kind of answer, as users tell them apart.
std::string kind_of(const Exchange& exchange) {
    std::string kind = describe_answer(exchange);
    if (exchange.flight && !exchange.flight->certificate_issuer.empty()) {
        kind += fmt::format(
            ", {} certificate of {}", exchange.flight->certificate_key,
            harmless(exchange.flight->certificate_issuer)
        );
    }
    return kind;
}

/// The answers to the same hello, by kind.
using Kinds = std::map<std::string, std::vector<const Exchange*>>;

/// The answers to the repeated hello of a version.
Kinds answers_to_the_same(const Case& visit, ProtocolVersion version) {
    Kinds kinds;
    for (const Exchange& exchange : visit.endpoint.exchanges) {
        if (exchange.purpose == Purpose::repeat && offers_only(exchange.offer, version) &&
            exchange.outcome != Outcome::not_tested) {
            kinds[kind_of(exchange)].push_back(&exchange);
        }
    }
    return kinds;
}

/// The version whose answers vary, newest first; null where none do.
const ProtocolVersion* varying_version(const Case& visit) {
    const auto* const at = std::ranges::find_if(k_repeated, [&](ProtocolVersion version) {
        return answers_to_the_same(visit, version).size() > 1;
    });
    return at == std::end(k_repeated) ? nullptr : at;
}

Proof answers_vary(const Case& visit) {
    const ProtocolVersion* const version = varying_version(visit);
    if (version == nullptr) {
        return std::nullopt;
    }
    std::vector<Citation> citations;
    for (const auto& [kind, exchanges] : answers_to_the_same(visit, *version)) {
        Citation citation = cite(*exchanges.front());
        citation.text += fmt::format(" ({} times)", exchanges.size());
        citations.push_back(std::move(citation));
    }
    return citations;
}

std::string varying(const Case& visit) {
    const ProtocolVersion version = *varying_version(visit);
    const Kinds kinds = answers_to_the_same(visit, version);
    std::size_t total = 0;
    std::string counts;
    for (const auto& [kind, exchanges] : kinds) {
        total += exchanges.size();
        counts += fmt::format("{}{} times {}", counts.empty() ? "" : ", ", exchanges.size(), kind);
    }
    return fmt::format(
        "The same {} hello to the same address is answered in {} ways in {} tries: {}.",
        name_of(version), kinds.size(), total, counts
    );
}

bool is_hello(const Exchange& exchange) {
    const auto& versions = exchange.offer.versions;
    return !versions.empty() && exchange.offer.shape != Shape::ssl2 &&
           std::ranges::max(versions) >= ProtocolVersion::tls_1_0;
}

/// Recordings of earlier versions do not say every factor: there only the same shape is the same.
bool same_hello(const Exchange& a, const Exchange& b) {
    const bool complete = a.offer.size > 0 && b.offer.size > 0;
    return (complete || a.offer.shape == b.offer.shape) && same_question(a.offer, b.offer);
}

/// An alert is somebody's word: who accepts a hello now and refuses the same hello then is two.
/// What ends without a word may be a limit on connections.
Proof word_is_taken_back(const Case& visit) {
    if (visit.banned || varying_version(visit) != nullptr) {
        return std::nullopt;
    }
    const auto& exchanges = visit.endpoint.exchanges;
    for (const Exchange& accepted : exchanges) {
        if (!is_hello(accepted) || !succeeded(accepted)) {
            continue;
        }
        const auto refused = std::ranges::find_if(exchanges, [&](const Exchange& other) {
            return is_hello(other) && other.outcome == Outcome::refused &&
                   other.purpose != Purpose::repeat && same_hello(other, accepted);
        });
        if (refused != exchanges.end()) {
            return std::vector<Citation>{cite(accepted), cite(*refused)};
        }
    }
    return std::nullopt;
}

std::string of_varying_word(const Case&) {
    return "The same hello to the same address is accepted at one time and refused at another: "
           "several servers seem to answer there; --repeat 20 counts.";
}

constexpr Condition k_varying[] = {
    {"the same hello gets different answers", answers_vary},
};
constexpr Condition k_varying_word[] = {
    {"a hello is accepted once and refused by an alert once", word_is_taken_back},
};

constexpr Rule k_variation_rules[] = {
    {.cause = "inconsistent_backends",
     .all_of = k_varying,
     .confidence = proven,
     .summary = varying,
     .refuted_by = "the same answer to every repetition",
     .overrides = k_good_words},
    {.cause = "inconsistent_backends",
     .all_of = k_varying_word,
     .confidence = likely,
     .summary = of_varying_word,
     .refuted_by = "the same answer to every repetition",
     .overrides = k_good_words},
};

} // namespace

std::span<const Rule> variation_rules() {
    return k_variation_rules;
}

} // namespace tlsdoctor::diagnose
