// SPDX-License-Identifier: Apache-2.0
// Asks a simulated server round by round and keeps what was asked.
#include "simulation.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "probe/hello.hpp"
#include "probe/plan_parts.hpp"

namespace tlsdoctor::probe::testing {

namespace {

using evidence::Exchange;
using evidence::Offer;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Reach;
using evidence::Shape;

constexpr std::size_t k_too_many = 80;

bool is_of_the_search(const Ask& ask) {
    return ask.purpose == Purpose::client || ask.purpose == Purpose::factor ||
           ask.purpose == Purpose::trait || ask.purpose == Purpose::plain;
}

Exchange refusal(Outcome how, int number) {
    Exchange exchange{.outcome = how, .reach = Reach::open};
    if (how == Outcome::refused) {
        exchange.alert = evidence::Alert{
            .level = AlertLevel::fatal, .description = static_cast<AlertDescription>(number)
        };
    }
    return exchange;
}

/// The first suite of the hello that fits the version.
CipherSuite suite_for(const Offer& offer, ProtocolVersion version) {
    const bool tls_1_3 = version >= ProtocolVersion::tls_1_3;
    const auto fits = [&](CipherSuite suite) {
        const CipherSuiteInfo* const info = find(suite);
        return info != nullptr && (info->first_version >= ProtocolVersion::tls_1_3) == tls_1_3;
    };
    const auto at = std::ranges::find_if(offer.cipher_suites, fits);
    return at == offer.cipher_suites.end() ? CipherSuite{} : *at;
}

} // namespace

Exchange answer_of(const Server& server, const Offer& offer) {
    if (offer.shape == Shape::nothing) {
        return refusal(Outcome::silent, 0);
    }
    if (offer.shape == Shape::plain) {
        Exchange text = refusal(Outcome::not_tls, 0);
        text.protocol = "http";
        return text;
    }
    if (offer.shape == Shape::ssl2) {
        return refusal(Outcome::refused, 70);
    }
    if (server.fails(offer)) {
        return refusal(server.how, server.alert);
    }
    std::vector<ProtocolVersion> common;
    std::ranges::copy_if(server.versions, std::back_inserter(common), [&](ProtocolVersion one) {
        return std::ranges::find(offer.versions, one) != offer.versions.end();
    });
    if (common.empty()) {
        return refusal(Outcome::refused, 70);
    }
    const ProtocolVersion version = std::ranges::max(common);
    Exchange exchange{.outcome = Outcome::accepted, .reach = Reach::open};
    exchange.selection =
        evidence::Selection{.version = version, .cipher_suite = suite_for(offer, version)};
    return exchange;
}

Asked visit(const Answer& answer, const Scope& scope) {
    const evidence::Target target{.host = "a.example", .sni = "a.example"};
    const RandomSource random = seeded_random(1);
    Asked asked;
    while (asked.endpoint.exchanges.size() <= k_too_many) {
        const std::vector<Ask> round = next_round(target, asked.endpoint, scope);
        if (round.empty()) {
            asked.ended = true;
            break;
        }
        asked.rounds.push_back(round);
        std::vector<Exchange> answers;
        for (const Ask& ask : round) {
            const Question question = make_question(ask, random);
            const std::size_t number = asked.endpoint.exchanges.size() + answers.size() + 1;
            Exchange& exchange = answers.emplace_back(answer(question.offer, number));
            exchange.id = fmt::format("e{}", number);
            exchange.purpose = question.purpose;
            exchange.offer = question.offer;
        }
        std::ranges::move(answers, std::back_inserter(asked.endpoint.exchanges));
        asked.endpoint.reach = Reach::open;
    }
    return asked;
}

Asked visit(const Server& server, const Scope& scope) {
    return visit([&](const Offer& offer, std::size_t) { return answer_of(server, offer); }, scope);
}

std::vector<evidence::Pair> proven_pairs(const evidence::Endpoint& endpoint) {
    std::vector<evidence::Pair> pairs = minimal_pairs(endpoint);
    std::erase_if(pairs, [](const evidence::Pair& pair) { return !pair.repeated; });
    return pairs;
}

void check_is_bounded(const Asked& asked) {
    CHECK(asked.ended);
    CHECK(spent(asked.endpoint) <= k_budget);
    for (const std::vector<Ask>& round : asked.rounds) {
        const bool of_the_search = std::ranges::any_of(round, is_of_the_search);
        CHECK((!of_the_search || round.size() <= k_at_once));
    }
}

std::string text_of(const Asked& asked) {
    std::string text;
    auto next = asked.endpoint.exchanges.begin();
    for (const std::vector<Ask>& round : asked.rounds) {
        for (std::size_t i = 0; i < round.size(); ++i, ++next) {
            text += fmt::format(
                "{}{} {} {} ({} bytes): {}\n", i == 0 ? "* " : "  ", next->id,
                evidence::name_of(next->purpose), describe(next->offer), next->offer.size,
                evidence::name_of(next->outcome)
            );
        }
    }
    for (const evidence::Pair& pair : minimal_pairs(asked.endpoint)) {
        text += fmt::format(
            "pair: {} {}/{}{}\n", evidence::name_of(pair.factors.front()), pair.accepted->id,
            pair.refused->id, pair.repeated ? ", repeated" : ""
        );
    }
    return text;
}

} // namespace tlsdoctor::probe::testing
