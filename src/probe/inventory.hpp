// SPDX-License-Identifier: Apache-2.0
// What to ask next, to find out everything that a server accepts: a pure function of what was
// answered so far, like the plan of a visit (probe/plan.hpp), whose version probes it builds on.
#pragma once

#include <vector>

#include "evidence/visit.hpp"
#include "probe/plan.hpp"

namespace tlsdoctor::probe {

/// How much of the inventory to ask for.
struct InventoryScope {
    bool suites{}; ///< the cipher suites of each accepted version
    bool rest{};   ///< groups, signature schemes, certificates, features ...
};

/// Returns the hellos of the next round, which all go to `Endpoint::inventory` in this order; none
/// where nothing is left to ask. They may be asked side by side.
std::vector<Ask> next_inventory_round(
    const evidence::Target& target, const evidence::Endpoint& seen, const InventoryScope& scope
);

} // namespace tlsdoctor::probe
