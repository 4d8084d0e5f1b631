// SPDX-License-Identifier: Apache-2.0
// The connections of an enumeration.
#include "doctor/inventory.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "doctor/patience.hpp"
#include "evidence/facts.hpp"
#include "net/group.hpp"
#include "probe/ask.hpp"
#include "probe/hello.hpp"
#include "probe/inventory.hpp"

namespace tlsdoctor::doctor {

namespace {

using evidence::Endpoint;
using evidence::Exchange;

constexpr std::size_t k_inventory_dialogues = 3; // as for our own hellos

/// Beyond this a server leads us on: no honest one needs half as many rounds.
constexpr std::size_t k_most_rounds = 400;

asio::awaitable<void>
take_one(const AtDoor& context, probe::Ask what, milliseconds usual, Exchange& exchange) {
    // Certificates are looked into only where the question is about more than suites.
    const bool deep = what.purpose != evidence::Purpose::suites;
    const auto keys = deep ? probe::Keys::kept : probe::Keys::thrown_away;
    const probe::Question question = probe::make_question(what, context.random, keys);
    exchange.purpose = question.purpose;
    exchange.offer = question.offer;
    const auto permit = co_await context.places.enter(context.patience.deadline);
    if (!permit) {
        co_return;
    }
    ++context.visit.connections;
    const probe::Patience patience = patience_for_one_of_many(context.patience, usual);
    const probe::Route& route = context.door.route;
    exchange = co_await probe::ask(context.loop, context.door.server, question, patience, route);
}

asio::awaitable<void> take_round(
    const AtDoor& context, std::span<const probe::Ask> asks, milliseconds usual, Endpoint& endpoint
) {
    std::vector<Exchange> answers(asks.size());
    const bool in_dialogue = context.door.route.starttls != nullptr;
    const std::size_t at_once = in_dialogue ? k_inventory_dialogues : asks.size();
    for (std::size_t begin = 0; begin < asks.size(); begin += at_once) {
        net::Group group(context.loop);
        for (std::size_t i = begin; i < std::min(begin + at_once, asks.size()); ++i) {
            group.spawn(take_one(context, asks[i], usual, answers[i]));
        }
        co_await group.wait();
    }
    std::ranges::move(answers, std::back_inserter(endpoint.inventory));
}

} // namespace

bool wants_inventory(const Options& options, const Endpoint& endpoint) {
    return options.inventory.any() && !accepted_versions(endpoint).empty();
}

asio::awaitable<void> take_inventory(const AtDoor& context, Endpoint& endpoint) {
    const probe::InventoryScope scope{
        .suites = context.options.inventory.suites, .rest = context.options.inventory.rest
    };
    const milliseconds usual = usual_answer_time(endpoint);
    for (std::size_t round = 0; round < k_most_rounds; ++round) {
        const std::vector<probe::Ask> asks =
            probe::next_inventory_round(context.visit.target, endpoint, scope);
        if (asks.empty()) {
            co_return;
        }
        if (probe::out_of_time(context.loop, context.patience)) {
            context.visit.interrupted = true;
            co_return;
        }
        const std::span<const probe::Ask> all(asks);
        co_await take_round(context, all, usual, endpoint);
    }
}

} // namespace tlsdoctor::doctor
