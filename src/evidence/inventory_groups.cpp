// SPDX-License-Identifier: Apache-2.0
// Groups in the server's order, and signature schemes. In TLS 1.3 only hellos without shares tell
// an order: a share at hand is taken before a better group that costs another round trip.
#include <algorithm>

#include "evidence/facts.hpp"
#include "evidence/inventory_parts.hpp"

namespace tlsdoctor::evidence {

namespace {

/// A choice among several groups that the server accepts, in the order in which they were offered.
struct Choice {
    std::vector<NamedGroup> offered{};
    NamedGroup chosen{};
};

bool names_group(std::span<const NamedGroup> groups, NamedGroup group) {
    return std::ranges::find(groups, group) != groups.end();
}

std::vector<Choice>
choices_among(const Endpoint& endpoint, ProtocolVersion version, std::span<const NamedGroup> of) {
    std::vector<Choice> choices;
    for (const Exchange& exchange : endpoint.inventory) {
        const bool tells = offers_only(exchange.offer, version) &&
                           exchange.offer.key_shares.empty() && succeeded(exchange) &&
                           exchange.selection && exchange.selection->group;
        if (!tells) {
            continue;
        }
        Choice choice{.offered = exchange.offer.groups, .chosen = *exchange.selection->group};
        std::erase_if(choice.offered, [&](NamedGroup group) { return !names_group(of, group); });
        if (choice.offered.size() > 1 && names_group(choice.offered, choice.chosen)) {
            choices.push_back(std::move(choice));
        }
    }
    return choices;
}

/// Another choice among the same two, offered the other way round.
bool turned_round(const std::vector<Choice>& choices, const Choice& one) {
    return std::ranges::any_of(choices, [&](const Choice& other) {
        return other.chosen != one.chosen && names_group(one.offered, other.chosen) &&
               names_group(other.offered, one.chosen);
    });
}

Preference preference_in(const std::vector<Choice>& choices) {
    const bool first = std::ranges::all_of(choices, [](const Choice& choice) {
        return choice.chosen == choice.offered.front();
    });
    if (!first) {
        return Preference::server;
    }
    const bool both = std::ranges::any_of(choices, [&](const Choice& choice) {
        return turned_round(choices, choice);
    });
    return both ? Preference::client : Preference::unknown;
}

} // namespace

GroupOrder
order_of_groups(const Endpoint& endpoint, ProtocolVersion version, std::span<const NamedGroup> of) {
    const std::vector<Choice> choices = choices_among(endpoint, version, of);
    GroupOrder order{.preference = preference_in(choices), .order = {}};
    if (order.preference != Preference::server) {
        return order;
    }
    std::vector<NamedGroup> left(of.begin(), of.end());
    while (left.size() > 1) {
        const auto at = std::ranges::find_if(choices, [&](const Choice& choice) {
            return names_group(left, choice.chosen) &&
                   std::ranges::all_of(left, [&](NamedGroup group) {
                       return names_group(choice.offered, group);
                   });
        });
        if (at == choices.end()) {
            return order;
        }
        order.order.push_back(at->chosen);
        std::erase(left, at->chosen);
    }
    order.order.insert(order.order.end(), left.begin(), left.end());
    return order;
}

void add_groups(const Endpoint& endpoint, Inventory& inventory) {
    for (const ProtocolVersion version : k_versions) {
        const Standing<NamedGroup> standing = standing_of_groups(endpoint, version);
        if (!standing.asked) {
            continue;
        }
        std::vector<NamedGroup> accepted;
        for (const Chosen<NamedGroup>& group : standing.accepted) {
            accepted.push_back(group.what);
        }
        const GroupOrder order = order_of_groups(endpoint, version, accepted);
        VersionGroups groups{
            .version = version,
            .accepted = {},
            .preference = order.preference,
            .undecided = standing.undecided,
        };
        const auto place = [&](const Chosen<NamedGroup>& group) {
            return std::ranges::find(order.order, group.what) - order.order.begin();
        };
        std::vector<Chosen<NamedGroup>> sorted = standing.accepted;
        std::ranges::stable_sort(sorted, {}, place); // those without a place stay behind
        for (const Chosen<NamedGroup>& group : sorted) {
            groups.accepted.push_back(
                {.group = group.what, .version = version, .exchange = group.shown_by->id}
            );
        }
        inventory.groups.push_back(std::move(groups));
    }
}

void add_signature_schemes(const Endpoint& endpoint, Inventory& inventory) {
    for (const ProtocolVersion version : {ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3}) {
        const Standing<SignatureScheme> standing = standing_of_schemes(endpoint, version);
        if (!standing.asked) {
            continue;
        }
        VersionSchemes schemes{.version = version, .accepted = {}, .undecided = standing.undecided};
        for (const Chosen<SignatureScheme>& scheme : standing.accepted) {
            schemes.accepted.push_back(scheme.what);
        }
        std::ranges::sort(schemes.accepted);
        inventory.signature_schemes.push_back(std::move(schemes));
    }
}

} // namespace tlsdoctor::evidence
