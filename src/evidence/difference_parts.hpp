// SPDX-License-Identifier: Apache-2.0
// What changed at one target. Private to this module.
#pragma once

#include <string>
#include <vector>

#include "evidence/difference.hpp"

namespace tlsdoctor::evidence {

/// What was found at a target that both runs have.
struct TargetFindings {
    std::vector<Change> changes{};
    std::vector<std::string> not_comparable{};
};

/// Compares verdicts and what the addresses answered.
TargetFindings compare_targets(const Brief& before, const Brief& after, const Words& words);

/// Compares the verdicts alone; finds nothing where they are of different scope.
void compare_verdicts(
    const Brief& before, const Brief& after, const Words& words, TargetFindings& found
);

} // namespace tlsdoctor::evidence
