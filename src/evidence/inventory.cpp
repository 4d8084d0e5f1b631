// SPDX-License-Identifier: Apache-2.0
// Puts the parts of an inventory together.
#include "evidence/inventory.hpp"

#include <algorithm>
#include <utility>

#include "evidence/inventory_parts.hpp"

namespace tlsdoctor::evidence {

std::optional<Inventory> inventory_of(const Endpoint& endpoint) {
    if (endpoint.inventory.empty()) {
        return std::nullopt;
    }
    Inventory inventory;
    add_suites(endpoint, inventory);
    add_ssl2(endpoint, inventory);
    const bool rest =
        std::ranges::find(endpoint.inventory, Purpose::inventory, &Exchange::purpose) !=
        endpoint.inventory.end();
    if (rest) {
        add_groups(endpoint, inventory);
        add_signature_schemes(endpoint, inventory);
        add_certificates(endpoint, inventory);
        add_dh_parameters(endpoint, inventory);
        add_alpn(endpoint, inventory);
        add_features(endpoint, inventory);
    }
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
