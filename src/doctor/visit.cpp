// SPDX-License-Identifier: Apache-2.0
// Resolve, ask every address in rounds, complete one handshake where something was accepted. What
// to ask is probe's plan; this file only carries it out side by side and puts the answers in order.
#include "doctor/visit.hpp"

#include <algorithm>
#include <span>

#include "doctor/bookkeeping.hpp"
#include "doctor/door.hpp"
#include "doctor/inventory.hpp"
#include "doctor/patience.hpp"
#include "doctor/replays.hpp"
#include "evidence/facts.hpp"
#include "net/address.hpp"
#include "net/group.hpp"
#include "net/pause.hpp"
#include "net/starttls.hpp"
#include "probe/ask.hpp"
#include "probe/handshake.hpp"
#include "probe/hello.hpp"
#include "probe/plan.hpp"
#include "probe/way.hpp"

namespace tlsdoctor::doctor {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Reach;
using evidence::Visit;

/// Before asking again somebody who may have had enough of us.
constexpr milliseconds k_back_off{2'500};

/// Mail servers allow a stranger few connections at once.
constexpr std::size_t k_dialogues_at_once = 3;

/// What the questions of one visit have in common.
struct Context {
    net::Loop& loop;
    const Options& options;
    Visit& visit;
    net::Limiter& places;
    probe::Patience patience{};
    RandomSource random{};
};

/// Tells whether the time for this target has run out.
bool is_over(const Context& context) {
    return context.loop.cancelled() || Clock::now() >= context.patience.deadline;
}

probe::Patience
patience_for(const Context& context, const probe::Question& question, milliseconds usual) {
    const bool of_the_search = question.purpose == evidence::Purpose::client ||
                               question.purpose == evidence::Purpose::factor ||
                               question.purpose == evidence::Purpose::trait;
    return of_the_search ? patience_for_one_of_many(context.patience, usual) : context.patience;
}

/// Asks one question and writes its answer over the one at `exchange`. `usual` is how long the
/// server took for others, zero where that is not known.
asio::awaitable<void> answer(
    Context& context, const Door& door, probe::Ask what, milliseconds usual, Exchange& exchange
) {
    const auto keys = context.options.versions_only ? probe::Keys::thrown_away : probe::Keys::kept;
    const probe::Question question = probe::make_question(what, context.random, keys);
    exchange.purpose = question.purpose;
    exchange.offer = question.offer;
    const auto permit = co_await context.places.enter(context.patience.deadline);
    if (!permit) {
        co_return;
    }
    if (question.after_back_off) {
        const TimePoint until = std::min(Clock::now() + k_back_off, context.patience.deadline);
        co_await net::pause(context.loop, until);
    }
    ++context.visit.connections;
    const probe::Patience patience = patience_for(context, question, usual);
    exchange = co_await probe::ask(context.loop, door.server, question, patience, door.route);
}

/// Asks what was turned away in its dialogue once more, alone.
asio::awaitable<void> ask_again(
    Context& context, const Door& door, std::span<const probe::Ask> asks,
    std::vector<Exchange>& answers
) {
    constexpr milliseconds unknown{};
    for (std::size_t i = 0; i < asks.size(); ++i) {
        if (stopped_before_tls(answers[i]) && !is_over(context)) {
            const probe::Ask& what = asks[i];
            Exchange& exchange = answers[i];
            co_await answer(context, door, what, unknown, exchange);
        }
    }
}

/// Asks these side by side and adds the answers in the order of the questions.
asio::awaitable<void>
ask_all(Context& context, const Door& door, std::span<const probe::Ask> asks, Endpoint& endpoint) {
    // A vector of its own: the answers are written while others wait for theirs.
    std::vector<Exchange> answers(asks.size());
    const milliseconds usual = usual_answer_time(endpoint);
    const std::size_t at_once = door.route.starttls == nullptr ? asks.size() : k_dialogues_at_once;
    for (std::size_t begin = 0; begin < asks.size(); begin += at_once) {
        net::Group group(context.loop);
        for (std::size_t i = begin; i < std::min(begin + at_once, asks.size()); ++i) {
            group.spawn(answer(context, door, asks[i], usual, answers[i]));
        }
        co_await group.wait();
    }
    if (came_to_tls(endpoint)) {
        co_await ask_again(context, door, asks, answers);
    }
    std::ranges::move(answers, std::back_inserter(endpoint.exchanges));
    endpoint.reach = reach_of(endpoint);
    endpoint.reach_error = reach_error_of(endpoint);
}

/// Where something has to be said before TLS, one connection finds out whether it leads there, and
/// the others follow it.
asio::awaitable<void> ask_first_round(
    Context& context, const Door& door, std::span<const probe::Ask> round, Endpoint& endpoint
) {
    const std::span<const probe::Ask> scout = round.last(1);
    const std::span<const probe::Ask> rest = round.first(round.size() - 1);
    co_await ask_all(context, door, scout, endpoint);
    if (!came_to_tls(endpoint) || endpoint.reach != Reach::open) {
        co_return;
    }
    co_await ask_all(context, door, rest, endpoint);
    std::ranges::rotate(endpoint.exchanges, endpoint.exchanges.begin() + 1);
}

/// Asks everything that the plan wants, round by round.
asio::awaitable<void> ask_in_rounds(Context& context, const Door& door, Endpoint& endpoint) {
    const probe::Scope scope{
        .versions_only = context.options.versions_only,
        // What a version chooses from everything foretells its suites.
        .cheaply = context.options.versions_only && !context.options.inventory.suites,
        .repeat = context.options.repeat,
    };
    for (;;) {
        const std::vector<probe::Ask> round =
            probe::next_round(context.visit.target, endpoint, scope);
        if (round.empty()) {
            break;
        }
        if (is_over(context)) {
            context.visit.interrupted = true; // what is left of the plan was not asked
            break;
        }
        const std::span<const probe::Ask> asks(round);
        if (endpoint.exchanges.empty() && (speaks_first(door) || context.options.scout)) {
            co_await ask_first_round(context, door, asks, endpoint);
        } else {
            co_await ask_all(context, door, asks, endpoint);
        }
        if (!came_to_tls(endpoint)) {
            break;
        }
    }
}

/// Begins anew with another way to TLS. Of what was asked so far the exchange that led here stays.
asio::awaitable<void> begin_anew(
    Context& context, Door& door, Endpoint& endpoint, const net::StarttlsProtocol* starttls,
    Exchange reason
) {
    door.route.starttls = starttls;
    endpoint.exchanges.clear();
    co_await ask_in_rounds(context, door, endpoint);
    reason.purpose = evidence::Purpose::trait;
    endpoint.exchanges.insert(endpoint.exchanges.begin(), std::move(reason));
}

/// TLS at once, where a dialogue came to nothing: two hellos say whether it is spoken here.
asio::awaitable<void> try_without_dialogue(Context& context, const Door& door, Endpoint& endpoint) {
    Door direct = door;
    direct.route.starttls = nullptr;
    const std::vector<probe::Ask> asks = asks_without_dialogue(context.visit.target);
    const std::span<const probe::Ask> both(asks);
    co_await ask_all(context, direct, both, endpoint);
}

asio::awaitable<void> try_as_proxy(Context& context, const Door& door, Endpoint& endpoint) {
    ++context.visit.connections;
    const std::string host = context.visit.target.host;
    auto answered =
        co_await probe::ask_for_tunnel(context.loop, door.server, host, context.patience);
    endpoint.exchanges.push_back(std::move(answered));
}

/// Where the door that was tried does not lead to TLS: the one that the server's answer points at.
asio::awaitable<void> try_another_door(Context& context, Door& door, Endpoint& endpoint) {
    evidence::Target& target = context.visit.target;
    if (endpoint.reach != Reach::open || endpoint.exchanges.empty() || is_over(context)) {
        co_return;
    }
    const bool dialogue_failed = door.route.starttls != nullptr && !came_to_tls(endpoint);
    if (dialogue_failed && !probe::is_shut(endpoint.exchanges.front())) {
        co_await try_without_dialogue(context, door, endpoint);
    }
    const Exchange* const greeting = greeting_in(endpoint);
    if (target.listens && dialogue_failed && accepts_tls_at_once(endpoint)) {
        target.starttls.reset();
        const Exchange reason = endpoint.exchanges.front();
        co_await begin_anew(context, door, endpoint, nullptr, reason);
    } else if (target.listens && greeting != nullptr) {
        const net::StarttlsProtocol* const starttls = net::find_starttls(greeting->protocol);
        target.starttls = std::string(starttls->name);
        const Exchange reason = *greeting;
        co_await begin_anew(context, door, endpoint, starttls, reason);
    } else if (may_be_a_proxy(endpoint) && !speaks_first(door)) {
        co_await try_as_proxy(context, door, endpoint);
    }
}

asio::awaitable<void> visit_endpoint(Context& context, Door& door, Endpoint& endpoint) {
    co_await ask_in_rounds(context, door, endpoint);
    co_await try_another_door(context, door, endpoint);
    if (context.options.versions_only || !can_shake_hands(endpoint)) {
        co_return;
    }
    const evidence::Target& target = context.visit.target;
    const probe::HandshakeOptions how{
        .name = target.sni.value_or(target.host),
        .send_name = target.sni.has_value(),
        .ca_file = context.options.ca_file,
        .certificate_file = context.options.certificate_file,
        .key_file = context.options.key_file,
        .http_host = speaks_http(target, endpoint) ? authority_of(target) : "",
    };
    const auto permit = co_await context.places.enter(context.patience.deadline);
    if (!permit) {
        context.visit.interrupted = true;
        co_return;
    }
    ++context.visit.connections;
    auto handshake =
        co_await probe::shake_hands(context.loop, door.server, how, context.patience, door.route);
    if (!handshake.completed && is_over(context)) {
        context.visit.interrupted = true; // a handshake that we cut did not fail
        co_return;
    }
    endpoint.handshake = std::move(handshake);
}

AtDoor at_door(Context& context, const Door& door) {
    return {
        .loop = context.loop,
        .places = context.places,
        .options = context.options,
        .visit = context.visit,
        .door = door,
        .patience = context.patience,
        .random = context.random,
    };
}

/// The known clients come to the first address that serves them, or to every one where there is
/// only one client.
asio::awaitable<void> simulate(Context& context, std::span<const Door> doors) {
    for (std::size_t i = 0; i < doors.size(); ++i) {
        Endpoint& endpoint = context.visit.endpoints[i];
        const bool wanted = wants_replays(context.options, endpoint);
        if (!wanted) {
            continue;
        }
        const AtDoor here = at_door(context, doors[i]);
        co_await replay_clients(here, endpoint);
        if (context.options.simulation.all) {
            co_return;
        }
    }
}

asio::awaitable<void> visit_and_enumerate(Context& context, Door& door, Endpoint& endpoint) {
    co_await visit_endpoint(context, door, endpoint);
    const bool wanted = wants_inventory(context.options, endpoint);
    if (wanted) {
        const AtDoor here = at_door(context, door);
        co_await take_inventory(here, endpoint);
    }
}

void add_endpoints(
    Visit& visit, const Options& options, const std::vector<std::string>& addresses
) {
    for (const std::string& address : addresses) {
        visit.endpoints.push_back(
            {.address = address, .port = options.connect_port.value_or(visit.target.port)}
        );
    }
}

} // namespace

asio::awaitable<void> gather_at(
    net::Loop& loop, const Addresses& addresses, TimePoint begun, net::Limiter& places,
    const Options& options, Visit& visit
) {
    Context context{
        .loop = loop,
        .options = options,
        .visit = visit,
        .places = places,
        .patience =
            {.connect = options.connect_timeout,
             .answer = options.answer_timeout,
             .deadline = begun + options.deadline},
        .random = options.random ? options.random : system_random(),
    };
    if (!visit.endpoints.empty()) {
        // It goes on from what was asked already.
    } else if (addresses && !options.proxy) {
        add_endpoints(visit, options, *addresses);
    } else if (options.proxy) {
        add_endpoints(visit, options, {host_asked(visit.target, options)});
    }
    if (!addresses && addresses.error().what != net::DnsFailure::cancelled) {
        note_dns_failure(visit, options, addresses.error());
    }
    std::vector<Door> doors;
    for (std::size_t i = 0; addresses && i < visit.endpoints.size(); ++i) {
        const Endpoint& endpoint = visit.endpoints[i];
        const std::string& address = options.proxy ? addresses->front() : endpoint.address;
        doors.push_back(door_to(visit.target, options, endpoint, address));
    }
    net::Group group(loop);
    for (std::size_t i = 0; i < doors.size(); ++i) {
        group.spawn(visit_and_enumerate(context, doors[i], visit.endpoints[i]));
    }
    co_await group.wait();
    const std::span<const Door> all_doors(doors);
    co_await simulate(context, all_doors);
    number(visit);
    visit.interrupted = visit.interrupted || loop.cancelled() || anything_untested(visit);
    visit.elapsed_ms = milliseconds_between(begun, Clock::now());
}

} // namespace tlsdoctor::doctor
