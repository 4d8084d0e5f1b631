// SPDX-License-Identifier: Apache-2.0
// The published policies.
#include "registry/policy.hpp"

#include "base/text.hpp"

namespace tlsdoctor {

namespace {

constexpr PublishedPolicy k_published_policies[] = {
#include "policies.inc"
};

} // namespace

std::span<const PublishedPolicy> published_policies() {
    return k_published_policies;
}

const PublishedPolicy* find_policy(std::string_view word) {
    const auto at = word.find('@');
    const std::string_view name = word.substr(0, at);
    for (const PublishedPolicy& policy : k_published_policies) {
        const bool same_guideline =
            at == std::string_view::npos || word.substr(at + 1) == policy.guideline;
        if (same_ignoring_case(name, policy.name) && same_guideline) {
            return &policy;
        }
    }
    return nullptr;
}

} // namespace tlsdoctor
