// SPDX-License-Identifier: Apache-2.0
// A rule is a row: the conditions that must all hold, and what may then be said. A condition holds
// only if it can point at the exchanges that show it, so no claim comes without a citation.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "diagnose/case.hpp"
#include "registry/cause.hpp"

namespace tlsdoctor::diagnose {

/// One condition with the words that say it, for documents and for people who read the table.
struct Condition {
    std::string_view what{};
    Proof (*holds)(const Case&){};
};

/// A row of a rule table; tools/check_causes.py reads `.cause` and wants a proof, a near miss and a
/// page.
struct Rule {
    std::string_view cause{};            ///< a row of data/causes.tsv
    std::span<const Condition> all_of{}; ///< every one must hold
    Confidence (*confidence)(const Case&){};
    std::string (*summary)(const Case&){};
    std::string_view refuted_by{};
    std::span<const std::string_view> overrides{}; ///< findings that this one makes pointless
    Status (*status)(const Case&){};               ///< where it is not always the cause's own
    Side (*side)(const Case&){};                   ///< the same
};

/// Confidences that do not depend on the case.
Confidence proven(const Case&);
Confidence likely(const Case&);

/// Words that all is well, which many findings make pointless: `healthy` alone, and those with
/// which the verdict is no failure either.
inline constexpr std::string_view k_healthy_word[] = {"healthy"};
inline constexpr std::string_view k_good_words[] = {"healthy", "no_tls13"};

/// The tables, in the order of the questions that a doctor asks.
std::span<const Rule> reach_rules();       ///< is there a service at all?
std::span<const Rule> proxy_rules();       ///< does a proxy stand in the way?
std::span<const Rule> door_rules();        ///< does what is said before TLS lead there?
std::span<const Rule> protocol_rules();    ///< does it speak TLS?
std::span<const Rule> name_rules();        ///< is it the server name?
std::span<const Rule> version_rules();     ///< which versions does it speak?
std::span<const Rule> pair_rules();        ///< which one factor makes the difference?
std::span<const Rule> parameter_rules();   ///< are its suites, primes and signals fit for today?
std::span<const Rule> certificate_rules(); ///< do certificates and suites fit, is one demanded?
std::span<const Rule> path_rules();        ///< does something on the path interfere?
std::span<const Rule> variation_rules();   ///< does one address answer in several ways?
std::span<const Rule> refusal_rules();     ///< what do refusals without an acceptance say?
std::span<const Rule> client_rules();      ///< does the user's client or expectation fit?
std::span<const Rule> policy_rules();      ///< does the server keep to the user's policy?
std::span<const Rule> replay_rules();      ///< did the hello of the user's client fail, and why?
std::span<const Rule> trust_rules();       ///< is the certificate trusted?

} // namespace tlsdoctor::diagnose
