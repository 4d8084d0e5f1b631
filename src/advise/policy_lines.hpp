// SPDX-License-Identifier: Apache-2.0
// The lines that a policy means in the configuration of a server. Private to this module.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "advise/fix.hpp"
#include "diagnose/policy.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::advise {

/// Puts the policy's own lines into the fixes of a failed expectation; products whose lines are not
/// known here are left out, and all of them where no setting of TLS would help. Does nothing where
/// the policy is kept.
void spell_policy_out(
    std::vector<Fix>& fixes, const diagnose::PolicyResult& result, const evidence::Visit& visit
);

/// Returns the lines for `nginx`, `Apache` or `HAProxy`; empty for any other product. `groups` are
/// the ones to name.
std::string policy_lines(
    const diagnose::Policy& policy, std::string_view product, const std::vector<NamedGroup>& groups
);

} // namespace tlsdoctor::advise
