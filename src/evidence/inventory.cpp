// SPDX-License-Identifier: Apache-2.0
// Puts the parts of an inventory together.
#include "evidence/inventory.hpp"

#include <utility>

#include "evidence/inventory_parts.hpp"

namespace tlsdoctor::evidence {

std::optional<Inventory> inventory_of(const Endpoint& endpoint) {
    if (endpoint.inventory.empty()) {
        return std::nullopt;
    }
    Inventory inventory;
    add_suites(endpoint, inventory);
    return inventory;
}

std::string_view name_of(Acceptance acceptance) {
    switch (acceptance) {
    case Acceptance::untested:
        return "untested";
    case Acceptance::accepted:
        return "accepted";
    case Acceptance::refused:
        return "refused";
    case Acceptance::undecided:
        return "undecided";
    }
    std::unreachable();
}

std::string_view name_of(Preference preference) {
    switch (preference) {
    case Preference::unknown:
        return "unknown";
    case Preference::server:
        return "server";
    case Preference::client:
        return "client";
    }
    std::unreachable();
}

} // namespace tlsdoctor::evidence
