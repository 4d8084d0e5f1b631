// SPDX-License-Identifier: Apache-2.0
// Groups by predict and verify. Servers prefer groups in much the same order, so hello k offers the
// usual groups from the k-th on: where the prediction is right, each answer names another group and
// proves its place in the order. In TLS 1.3 the hellos have no key share, and the server names the
// group in a HelloRetryRequest, which costs it no signature.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "evidence/facts.hpp"
#include "probe/inventory_parts.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::GroupOrder;
using evidence::Offer;
using evidence::Preference;
using evidence::Target;

using Groups = std::vector<NamedGroup>;
using GroupStanding = evidence::Standing<NamedGroup>;

constexpr auto k_hybrid_now = NamedGroup::X25519MLKEM768;

template <std::size_t N>
constexpr std::array<NamedGroup, N> groups_listed(const std::uint16_t (&numbers)[N]) {
    std::array<NamedGroup, N> list{};
    std::ranges::transform(numbers, list.begin(), [](auto n) { return NamedGroup{n}; });
    return list;
}

// clang-format off
/// In OpenSSL's order: x25519, secp256r1, x448, secp521r1, secp384r1.
constexpr auto k_usual = groups_listed({0x001d, 0x0017, 0x001e, 0x0019, 0x0018});

/// ffdhe2048 ... ffdhe8192; in TLS 1.3 only [RFC 7919 has them show in the prime before].
constexpr auto k_finite = groups_listed({0x0100, 0x0101, 0x0102, 0x0103, 0x0104});

/// Hybrids, ML-KEM alone, brainpool, SM2, GOST, and the drafts of Kyber.
constexpr auto k_rare_tls_1_3 = groups_listed({
    0x11ec, 0x11eb, 0x11ed, 0x11ee, 0x0200, 0x0201, 0x0202, 0x001f, 0x0020, 0x0021, 0x0029,
    0x0022, 0x0023, 0x0024, 0x0025, 0x0026, 0x0027, 0x0028, 0x6399, 0x639a, 0xfe30, 0xfe31,
});

/// brainpool, the other prime curves, SM2, GOST, binary curves.
constexpr auto k_rare = groups_listed({
    0x001a, 0x001b, 0x001c, 0x0016, 0x0015, 0x0014, 0x0013, 0x0012, 0x0011, 0x0010, 0x000f,
    0x0029, 0x0022, 0x0023, 0x0024, 0x0025, 0x0026, 0x0027, 0x0028,
    0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0007, 0x0008, 0x0009, 0x000a, 0x000b,
    0x000c, 0x000d, 0x000e,
});
// clang-format on

/// What is to be found out of one version.
struct GroupQuestion {
    ProtocolVersion version{};
    Offer offer{};   ///< to be filled with groups
    Groups usual{};  ///< in the predicted order
    Groups finite{}; ///< of these, all or none
    Groups rare{};
};

bool lists(const Groups& groups, NamedGroup group) {
    return std::ranges::find(groups, group) != groups.end();
}

Groups joined(Groups first, const Groups& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

void ask_with(
    const Endpoint& seen, const GroupQuestion& what, Groups groups, std::vector<Ask>& asks
) {
    Offer offer = what.offer;
    offer.groups = std::move(groups);
    if (!offer.groups.empty()) {
        add_ask(seen, std::move(offer), asks);
    }
}

/// Hello k offers the groups from the k-th on, and `behind` them.
void ask_suffixes(
    const Endpoint& seen, const GroupQuestion& what, const Groups& groups, const Groups& behind,
    std::vector<Ask>& asks
) {
    for (auto from = groups.begin(); from != groups.end(); ++from) {
        ask_with(seen, what, joined({from, groups.end()}, behind), asks);
    }
}

/// A server that took the hybrid has it in front of its order; one that took another group in its
/// place has not got it.
void place_hybrid(const Endpoint& seen, GroupQuestion& what) {
    const GroupStanding standing = standing_of_groups(seen, what.version);
    const NamedGroup hybrid[] = {k_hybrid_now};
    const bool of_the_visit = std::ranges::any_of(seen.exchanges, [](const Exchange& exchange) {
        return exchange.selection && exchange.selection->group == k_hybrid_now;
    });
    if (of_the_visit && any_accepted(std::span<const NamedGroup>(hybrid), standing)) {
        std::erase(what.rare, k_hybrid_now);
        what.usual.insert(what.usual.begin(), k_hybrid_now);
    }
}

std::vector<GroupQuestion> group_questions(const Target& target, const Endpoint& seen) {
    std::vector<GroupQuestion> questions;
    if (speaks_tls_1_3(seen)) {
        GroupQuestion what{
            .version = ProtocolVersion::tls_1_3,
            .offer = lean_offer(ProtocolVersion::tls_1_3, target, seen),
            .usual = {k_usual.begin(), k_usual.end()},
            .finite = {k_finite.begin(), k_finite.end()},
            .rare = {k_rare_tls_1_3.begin(), k_rare_tls_1_3.end()},
        };
        what.offer.key_shares.clear();
        place_hybrid(seen, what);
        questions.push_back(std::move(what));
    }
    if (const auto older = newest_before_tls_1_3(seen)) {
        questions.push_back({
            .version = *older,
            .offer = with_signed_suites(lean_offer(*older, target, seen), KeyExchange::ecdhe),
            .usual = {k_usual.begin(), k_usual.end()},
            .finite = {},
            .rare = {k_rare.begin(), k_rare.end()},
        });
    }
    return questions;
}

/// Every usual group in its place, the finite fields, and the whole list the other way round, which
/// tells whose order decides.
void ask_first(const Endpoint& seen, const GroupQuestion& what, std::vector<Ask>& asks) {
    ask_suffixes(seen, what, what.usual, what.finite, asks);
    ask_with(seen, what, what.finite, asks);
    Groups reversed = joined(what.usual, what.finite);
    std::ranges::reverse(reversed);
    ask_with(seen, what, std::move(reversed), asks);
}

/// What the first round left open. Rare groups go together; after one of them was accepted, in
/// smaller parts.
void ask_open(
    const Endpoint& seen, const GroupQuestion& what, const GroupStanding& standing,
    std::vector<Ask>& asks
) {
    constexpr std::size_t k_parts = 4;
    for (const NamedGroup group : open_in<NamedGroup>(what.usual, standing)) {
        ask_with(seen, what, {group}, asks);
    }
    const Groups finite = open_in<NamedGroup>(what.finite, standing);
    ask_suffixes(seen, what, finite, {}, asks);
    const Groups rare = open_in<NamedGroup>(what.rare, standing);
    const bool surprised = any_accepted<NamedGroup>(what.rare, standing);
    for (Groups& part : cut(rare, surprised ? k_parts : 1)) {
        ask_with(seen, what, std::move(part), asks);
    }
}

/// Where the server's order decides and is not known to its end: the groups without a place.
void ask_order(
    const Endpoint& seen, const GroupQuestion& what, const GroupStanding& standing,
    std::vector<Ask>& asks
) {
    Groups left;
    for (const auto& group : standing.accepted) {
        left.push_back(group.what);
    }
    const GroupOrder known = order_of_groups(seen, what.version, left);
    Groups reversed = left;
    std::ranges::reverse(reversed);
    if (known.preference == Preference::unknown && left.size() > 1) {
        ask_with(seen, what, left, asks);
        ask_with(seen, what, std::move(reversed), asks);
        return;
    }
    std::erase_if(left, [&](NamedGroup group) { return lists(known.order, group); });
    if (known.preference == Preference::server && left.size() > 1) {
        ask_suffixes(seen, what, {left.begin(), left.end() - 1}, {left.back()}, asks);
    }
}

/// The curve of the certificate, where every certificate seen has one.
std::optional<NamedGroup> only_curve(const Endpoint& seen, ProtocolVersion version) {
    constexpr std::pair<std::string_view, NamedGroup> k_curves[] = {
        {"EC P-256", NamedGroup::secp256r1},
        {"EC P-384", NamedGroup::secp384r1},
        {"EC P-521", NamedGroup::secp521r1},
    };
    std::optional<NamedGroup> curve;
    for (const Exchange* const exchange : telling_exchanges(seen, version)) {
        const std::string& key = exchange->flight ? exchange->flight->certificate_key : "";
        const auto* const at = std::ranges::find(
            k_curves, std::string_view(key), &std::pair<std::string_view, NamedGroup>::first
        );
        if (!key.empty() && at == std::end(k_curves)) {
            return std::nullopt;
        }
        if (!key.empty()) {
            curve = at->second;
        }
    }
    return curve;
}

/// Before TLS 1.3 the list of groups is also that of the curves that a certificate may have
/// [RFC 8422 5.1.1]: a group that was refused alone may be accepted beside the certificate's.
void ask_beside_curve(
    const Endpoint& seen, const GroupQuestion& what, const GroupStanding& standing,
    std::vector<Ask>& asks
) {
    const auto curve =
        what.version < ProtocolVersion::tls_1_3 ? only_curve(seen, what.version) : std::nullopt;
    Groups refused;
    for (const NamedGroup group : what.usual) {
        if (curve && lists(standing.refused, group)) {
            refused.push_back(group);
        }
    }
    if (!refused.empty()) {
        ask_with(seen, what, joined(std::move(refused), {*curve}), asks);
    }
}

/// A server that answers no hello without a share is asked with one, group by group.
void ask_with_shares(const Endpoint& seen, const GroupQuestion& what, std::vector<Ask>& asks) {
    Groups readable = what.usual;
    if (!lists(readable, k_hybrid_now)) {
        readable.push_back(k_hybrid_now);
    }
    for (const NamedGroup group : readable) {
        Offer offer = what.offer;
        offer.groups = {group};
        offer.key_shares = {group};
        add_ask(seen, std::move(offer), asks);
    }
}

/// Tells whether hellos without shares were asked, and what for: all were in vain.
bool in_vain(const Endpoint& seen, const GroupQuestion& what) {
    bool asked = false;
    for (const Exchange& exchange : seen.inventory) {
        if (offers_only(exchange.offer, what.version) && exchange.offer.key_shares.empty()) {
            asked = true;
            if (exchange.selection && exchange.selection->group) {
                return false;
            }
        }
    }
    return asked;
}

bool was_begun(const Endpoint& seen, const GroupQuestion& what) {
    return std::ranges::any_of(seen.inventory, [&](const Exchange& exchange) {
        return offers_only(exchange.offer, what.version) &&
               exchange.offer.cipher_suites == what.offer.cipher_suites &&
               exchange.offer.key_shares.empty() && exchange.offer.groups.size() > 1 &&
               exchange.offer.groups.back() == what.usual.front();
    });
}

} // namespace

std::vector<Ask> group_asks(const Target& target, const Endpoint& seen) {
    std::vector<Ask> asks;
    for (const GroupQuestion& what : group_questions(target, seen)) {
        const GroupStanding standing = standing_of_groups(seen, what.version);
        if (!was_begun(seen, what)) {
            ask_first(seen, what, asks);
        } else if (what.version >= ProtocolVersion::tls_1_3 && in_vain(seen, what)) {
            ask_with_shares(seen, what, asks);
        } else if (!standing.accepted.empty()) {
            ask_open(seen, what, standing, asks);
            ask_order(seen, what, standing, asks);
            ask_beside_curve(seen, what, standing, asks);
        }
    }
    return asks;
}

} // namespace tlsdoctor::probe
