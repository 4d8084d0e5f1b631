// SPDX-License-Identifier: Apache-2.0
// The parts of the inventory, asked in the same rounds.
#include "probe/inventory.hpp"

#include <algorithm>
#include <iterator>

#include "probe/inventory_parts.hpp"
#include "probe/suite_plan.hpp"

namespace tlsdoctor::probe {

std::vector<Ask> next_inventory_round(
    const evidence::Target& target, const evidence::Endpoint& seen, const InventoryScope& scope
) {
    std::vector<Ask> asks;
    if (scope.suites) {
        asks = suite_asks(target, seen);
    }
    if (scope.rest) {
        std::ranges::move(feature_asks(target, seen), std::back_inserter(asks));
    }
    return asks;
}

} // namespace tlsdoctor::probe
