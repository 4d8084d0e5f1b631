// SPDX-License-Identifier: Apache-2.0
// What every full visit asks beside the versions: hellos as clients send them, which must succeed
// where their versions are accepted, and traits of the server, of which a refusal is no failure.
#include <algorithm>

#include "evidence/facts.hpp"
#include "probe/offers.hpp"
#include "probe/plan_parts.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Offer;
using evidence::Purpose;
using evidence::Shape;
using evidence::Target;

using Versions = std::vector<ProtocolVersion>;

bool has(const Versions& accepted, ProtocolVersion version) {
    return std::ranges::find(accepted, version) != accepted.end();
}

bool speaks_modern(const Versions& accepted) {
    return has(accepted, ProtocolVersion::tls_1_2) || has(accepted, ProtocolVersion::tls_1_3);
}

bool speaks_tls_1_2(const Versions& accepted) {
    return has(accepted, ProtocolVersion::tls_1_2);
}

/// Below a server's newest version only, the signal means anything [RFC 7507 3].
bool speaks_both(const Versions& accepted) {
    return has(accepted, ProtocolVersion::tls_1_2) && has(accepted, ProtocolVersion::tls_1_3);
}

/// One hello of a full visit and when it is worth its connection.
struct ClientRow {
    Purpose purpose;
    bool (*worth)(const Versions& accepted);
    Offer (*offer)(const std::optional<std::string>& sni);
};

constexpr ClientRow k_client_rows[] = {
    {Purpose::client, speaks_modern, browser_of_today},
    {Purpose::client, speaks_modern, browser_of_yesterday},
    {Purpose::client, speaks_tls_1_2, older_client},
    {Purpose::trait, speaks_tls_1_2, dhe_only},
    {Purpose::trait, speaks_both, fallback},
};

} // namespace

std::vector<Ask> client_asks(const Target& target, const Endpoint& seen) {
    const Versions accepted = accepted_versions(seen);
    std::vector<Ask> asks;
    for (const ClientRow& row : k_client_rows) {
        Offer offer = row.offer(target.sni);
        if (asks.size() < k_at_once && row.worth(accepted) &&
            !was_asked(seen, row.purpose, offer)) {
            asks.push_back(
                {.purpose = row.purpose, .shape = Shape::composed, .composed = std::move(offer)}
            );
        }
    }
    return asks;
}

std::vector<Ask> repeated_asks(const Target& target, const Endpoint& seen, std::size_t times) {
    if (times < 2) {
        return {};
    }
    std::vector<Ask> asks;
    for (const ProtocolVersion version : {ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3}) {
        Offer offer = version_offer(version, Shape::openssl, target.sni);
        offer.shape = Shape::composed;
        const auto asked = std::ranges::count_if(seen.exchanges, [&](const Exchange& exchange) {
            return exchange.purpose == Purpose::repeat && offers_only(exchange.offer, version);
        });
        for (auto i = static_cast<std::size_t>(asked); i < times && asks.size() < k_at_once; ++i) {
            asks.push_back({.purpose = Purpose::repeat, .shape = Shape::composed, .composed = offer}
            );
        }
    }
    return asks;
}

bool was_asked(const Endpoint& seen, Purpose purpose, const Offer& offer) {
    return std::ranges::any_of(seen.exchanges, [&](const Exchange& exchange) {
        Offer asked = exchange.offer;
        asked.size = offer.size;
        return exchange.purpose == purpose && asked == offer;
    });
}

std::size_t spent(const Endpoint& seen) {
    const auto count = std::ranges::count_if(seen.exchanges, [](const Exchange& exchange) {
        return exchange.purpose == Purpose::client || exchange.purpose == Purpose::factor ||
               exchange.purpose == Purpose::trait || exchange.purpose == Purpose::plain;
    });
    return static_cast<std::size_t>(count);
}

} // namespace tlsdoctor::probe
