// SPDX-License-Identifier: Apache-2.0
// What the hellos about groups, signatures and features have in common.
#include <algorithm>
#include <array>

#include "evidence/facts.hpp"
#include "probe/inventory_parts.hpp"
#include "probe/offers.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Offer;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Shape;
using evidence::Target;

constexpr auto k_newest = ProtocolVersion::tls_1_3;

/// Groups whose shares crypto can make, so that an answer can be read.
constexpr std::array k_readable = {
    NamedGroup::x25519,    NamedGroup::secp256r1, NamedGroup::secp384r1,
    NamedGroup::secp521r1, NamedGroup::x448,      NamedGroup::X25519MLKEM768,
};

/// The two that nearly every server takes; else one that this server was seen to take.
std::vector<NamedGroup> shares_for(const Endpoint& seen) {
    std::vector<NamedGroup> shares = {NamedGroup::x25519, NamedGroup::secp256r1};
    const auto standing = standing_of_groups(seen, k_newest);
    if (standing.accepted.empty() || any_accepted(std::span<const NamedGroup>(shares), standing)) {
        return shares;
    }
    for (const auto& group : standing.accepted) {
        if (std::ranges::find(k_readable, group.what) != k_readable.end()) {
            return {group.what};
        }
    }
    return shares;
}

bool is_signed(CipherSuite suite, KeyExchange key_exchange) {
    const CipherSuiteInfo* const info = find(suite);
    return info != nullptr && info->key_exchange == key_exchange &&
           (info->authentication == Authentication::rsa ||
            info->authentication == Authentication::ecdsa);
}

} // namespace

std::optional<ProtocolVersion> newest_before_tls_1_3(const Endpoint& seen) {
    std::optional<ProtocolVersion> newest;
    for (const ProtocolVersion version : accepted_versions(seen)) {
        if (version >= ProtocolVersion::tls_1_0 && version < k_newest) {
            newest = version;
        }
    }
    return newest;
}

bool speaks_tls_1_3(const Endpoint& seen) {
    const std::vector<ProtocolVersion> accepted = accepted_versions(seen);
    return std::ranges::find(accepted, k_newest) != accepted.end();
}

Offer lean_offer(ProtocolVersion version, const Target& target, const Endpoint& seen) {
    Offer offer = version_offer(version, Shape::openssl, target.sni);
    offer.shape = Shape::composed;
    if (version >= k_newest) {
        offer.extensions.clear();
        offer.key_shares = shares_for(seen);
        offer.extended_master_secret = false;
        offer.renegotiation = evidence::Renegotiation::none;
        offer.groups = offer.key_shares; // or else a better one may be asked for
    } else {
        offer.extensions = {ExtensionType::ec_point_formats};
        offer.renegotiation = evidence::Renegotiation::extension;
    }
    return offer;
}

Offer with_signed_suites(Offer offer, KeyExchange key_exchange) {
    std::erase_if(offer.cipher_suites, [&](CipherSuite suite) {
        return !is_signed(suite, key_exchange);
    });
    return offer;
}

bool refuses_suites(const Endpoint& seen, const Offer& offer) {
    bool refused = false;
    for (const Exchange& exchange : seen.inventory) {
        if (exchange.offer.versions != offer.versions ||
            exchange.offer.cipher_suites != offer.cipher_suites) {
            continue;
        }
        if (succeeded(exchange)) {
            return false;
        }
        refused = refused || says_no(exchange);
    }
    return refused;
}

void add_ask(const Endpoint& seen, Offer offer, std::vector<Ask>& asks) {
    std::size_t asked = 0;
    bool hung_up = true;
    for (const Exchange& exchange : seen.inventory) {
        Offer before = exchange.offer;
        before.size = offer.size;
        if (before == offer) {
            ++asked;
            hung_up = exchange.outcome == Outcome::closed || exchange.outcome == Outcome::reset;
        }
    }
    Ask ask{.purpose = Purpose::inventory, .shape = Shape::composed, .composed = std::move(offer)};
    const bool proposed = std::ranges::find(asks, ask) != asks.end();
    if (!proposed && (asked == 0 || (asked == 1 && hung_up))) {
        asks.push_back(std::move(ask));
    }
}

namespace {

/// Where hellos are repeated because the server hung up, one that it accepted goes behind them: if
/// it still does, it did not hang up on us.
void add_feature_control(const Endpoint& seen, std::vector<Ask>& asks) {
    const auto was_asked_before = [&](const Ask& ask) {
        return std::ranges::any_of(seen.inventory, [&](const Exchange& exchange) {
            Offer before = exchange.offer;
            before.size = ask.composed.size;
            return before == ask.composed;
        });
    };
    const auto accepted = std::ranges::find_if(seen.inventory, [](const Exchange& exchange) {
        return exchange.purpose == Purpose::inventory && succeeded(exchange);
    });
    if (std::ranges::any_of(asks, was_asked_before) && accepted != seen.inventory.end()) {
        asks.push_back(
            {.purpose = Purpose::inventory, .shape = Shape::composed, .composed = accepted->offer}
        );
    }
}

} // namespace

std::vector<Ask> feature_asks(const Target& target, const Endpoint& seen) {
    std::vector<Ask> asks;
    for (const auto part :
         {group_asks, scheme_asks, certificate_asks, extension_asks, alpn_asks, dhe_asks}) {
        for (Ask& ask : part(target, seen)) {
            if (std::ranges::find(asks, ask) == asks.end()) {
                asks.push_back(std::move(ask));
            }
        }
    }
    add_feature_control(seen, asks);
    return asks;
}

} // namespace tlsdoctor::probe
