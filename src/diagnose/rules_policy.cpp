// SPDX-License-Identifier: Apache-2.0
// `--policy`: a difference that is proven is a failed expectation; where none is and something
// could not be decided, the answer is that it is not known. Kept is said only where everything was
// seen.
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

/// More would hide the rest of a screen; all of them stand in the list of differences.
constexpr std::size_t k_summed_up = 2;

std::vector<Difference> differences_at(const Case& visit) {
    const auto& policy = visit.question.policy;
    return policy && !visit.accepted.empty() ? differences(*policy, visit.endpoint)
                                             : std::vector<Difference>{};
}

bool is_violated(const std::vector<Difference>& found) {
    return std::ranges::any_of(found, is_violation, &Difference::kind);
}

Proof policy_is_violated(const Case& visit) {
    const std::vector<Difference> found = differences_at(visit);
    if (!is_violated(found)) {
        return std::nullopt;
    }
    std::vector<Citation> citations;
    for (const Difference& difference : found) {
        if (is_violation(difference.kind)) {
            std::ranges::copy(difference.evidence, std::back_inserter(citations));
        }
    }
    std::erase_if(citations, [](const Citation& citation) { return citation.exchange.empty(); });
    return citations;
}

Proof policy_is_undecided(const Case& visit) {
    const std::vector<Difference> found = differences_at(visit);
    if (found.empty() || is_violated(found)) {
        return std::nullopt;
    }
    std::vector<Citation> citations;
    for (const Difference& difference : found) {
        std::ranges::copy(difference.evidence, std::back_inserter(citations));
    }
    return citations;
}

/// `TLS 1.0 is accepted; the group ffdhe2048 is accepted in TLS 1.3; 4 more`.
std::string summed_up(const std::vector<Difference>& found, bool violations) {
    std::string text;
    std::size_t count = 0;
    for (const Difference& difference : found) {
        if (is_violation(difference.kind) != violations) {
            continue;
        }
        if (count < k_summed_up) {
            text += (count == 0 ? "" : "; ") + difference.what;
        }
        ++count;
    }
    return count > k_summed_up ? fmt::format("{}; {} more", text, count - k_summed_up) : text;
}

std::string differs_from_policy(const Case& visit) {
    return fmt::format(
        "The server does not keep to the policy {}: {}.", visit.question.policy->name,
        summed_up(differences_at(visit), true)
    );
}

std::string policy_not_decided(const Case& visit) {
    return fmt::format(
        "Whether the server keeps to the policy {} could not be decided: {}.",
        visit.question.policy->name, summed_up(differences_at(visit), false)
    );
}

Confidence cannot_say(const Case&) {
    return Confidence::possible;
}

constexpr Condition k_violated[] = {
    {"it accepts what the policy does not permit, or lacks what it requires", policy_is_violated},
};
constexpr Condition k_policy_open[] = {
    {"no answer decides about a part of the policy", policy_is_undecided},
};

constexpr Rule k_policy_rules[] = {
    {.cause = "expectation_failed",
     .all_of = k_violated,
     .confidence = proven,
     .summary = differs_from_policy,
     .refuted_by = "another answer to the same hellos",
     .overrides = k_healthy_word},
    {.cause = "unknown",
     .all_of = k_policy_open,
     .confidence = cannot_say,
     .summary = policy_not_decided,
     .refuted_by = "a run in which every hello is answered",
     .overrides = k_healthy_word},
};

} // namespace

std::span<const Rule> policy_rules() {
    return k_policy_rules;
}

} // namespace tlsdoctor::diagnose
