// SPDX-License-Identifier: Apache-2.0
// The model and the loop that asks it.
#include "probe/suite_server.hpp"

#include <algorithm>
#include <charconv>

#include "evidence/suite_order.hpp"
#include "probe/offers.hpp"

namespace tlsdoctor::probe::testing {

namespace {

using evidence::Exchange;
using evidence::Offer;
using evidence::Outcome;

constexpr std::size_t k_most_enumerating_rounds = 1'000;

Exchange alerted(Exchange exchange, AlertDescription description) {
    exchange.outcome = Outcome::refused;
    exchange.alert = evidence::Alert{.level = AlertLevel::fatal, .description = description};
    return exchange;
}

/// Both lists, the one that decides first.
CipherSuite chosen_by(
    const ModelServer& server, std::vector<CipherSuite> own, const std::vector<CipherSuite>& offered
) {
    std::vector<CipherSuite> deciding = server.server_order ? own : offered;
    const std::vector<CipherSuite>& other = server.server_order ? offered : own;
    if (server.server_order && server.favours_chacha && evidence::is_chacha(offered.front())) {
        std::ranges::stable_partition(deciding, evidence::is_chacha);
    }
    for (const CipherSuite suite : deciding) {
        if (std::ranges::find(other, suite) != other.end()) {
            return suite;
        }
    }
    return CipherSuite{};
}

} // namespace

Exchange answer_of(const ModelServer& server, const Offer& offer, std::size_t number) {
    Exchange exchange{.offer = offer, .reach = evidence::Reach::open};
    if (number >= server.banned_after || server.unlucky.contains(number)) {
        exchange.outcome = Outcome::reset;
        return exchange;
    }
    const auto at = server.suites.find(offer.versions.front());
    if (at == server.suites.end()) {
        return alerted(exchange, AlertDescription::protocol_version);
    }
    if (offer.cipher_suites.size() > server.most_suites) {
        return alerted(exchange, AlertDescription::decode_error);
    }
    const CipherSuite chosen = chosen_by(server, at->second, offer.cipher_suites);
    if (chosen == CipherSuite{}) {
        exchange.outcome = server.refusal;
        return server.refusal == Outcome::refused ? alerted(exchange, server.alert) : exchange;
    }
    if (server.failing.contains(chosen)) {
        return alerted(exchange, AlertDescription::internal_error);
    }
    exchange.outcome = Outcome::accepted;
    exchange.selection = evidence::Selection{.version = at->first, .cipher_suite = chosen};
    return exchange;
}

Enumerated enumerate(const ModelServer& server) {
    Enumerated result{.connections = 2};
    for (const ProtocolVersion version : k_versions) {
        if (version == ProtocolVersion::ssl_2_0) {
            continue;
        }
        Exchange exchange = answer_of(
            server, version_offer(version, evidence::Shape::openssl, std::nullopt),
            result.connections++
        );
        exchange.purpose = evidence::Purpose::version;
        result.endpoint.exchanges.push_back(std::move(exchange));
    }
    while (result.rounds < k_most_enumerating_rounds) {
        const std::vector<Ask> asks =
            next_inventory_round({}, result.endpoint, {.suites = true, .rest = false});
        if (asks.empty()) {
            result.ended = true;
            break;
        }
        ++result.rounds;
        for (const Ask& ask : asks) {
            Exchange exchange = answer_of(server, ask.composed, result.connections++);
            exchange.purpose = ask.purpose;
            result.endpoint.inventory.push_back(std::move(exchange));
        }
    }
    result.inventory = inventory_of(result.endpoint).value_or(evidence::Inventory{});
    return result;
}

evidence::VersionSuites suites_of(const Enumerated& enumerated, ProtocolVersion version) {
    const auto& all = enumerated.inventory.suites;
    const auto at = std::ranges::find(all, version, &evidence::VersionSuites::version);
    return at == all.end() ? evidence::VersionSuites{} : *at;
}

std::vector<CipherSuite> suites_from(std::string_view numbers) {
    std::vector<CipherSuite> suites;
    for (std::size_t at = 0; at + 4 <= numbers.size(); at += 5) {
        std::uint16_t number{};
        std::from_chars(numbers.data() + at, numbers.data() + at + 4, number, 16);
        suites.push_back(CipherSuite{number});
    }
    return suites;
}

} // namespace tlsdoctor::probe::testing
