// SPDX-License-Identifier: Apache-2.0
// Resolve, ask every address in rounds, complete one handshake where something was accepted. What
// to ask is probe's plan; this file only carries it out side by side and puts the answers in order.
#include "doctor/visit.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "evidence/facts.hpp"
#include "net/address.hpp"
#include "net/group.hpp"
#include "net/pause.hpp"
#include "probe/ask.hpp"
#include "probe/handshake.hpp"
#include "probe/hello.hpp"
#include "probe/plan.hpp"

namespace tlsdoctor::doctor {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Reach;
using evidence::Visit;

/// Before asking again somebody who may have had enough of us.
constexpr milliseconds k_back_off{2'500};

/// Silence means something only after this time, however quick the server was before.
constexpr milliseconds k_least_patience{1'000};

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

/// The longest time that an accepted hello took; zero where none was accepted.
milliseconds usual_answer_time(const Endpoint& endpoint) {
    double longest = 0;
    for (const Exchange& exchange : endpoint.exchanges) {
        if (exchange.outcome == evidence::Outcome::accepted) {
            longest = std::max(longest, exchange.ms);
        }
    }
    return milliseconds(static_cast<milliseconds::rep>(longest));
}

/// The search for a cause asks many hellos that may get no answer. A server that is known to answer
/// within `usual` need not be waited for as long as an unknown one.
probe::Patience
patience_for(const Context& context, const probe::Question& question, milliseconds usual) {
    probe::Patience patience = context.patience;
    const bool of_the_search = question.purpose == evidence::Purpose::client ||
                               question.purpose == evidence::Purpose::factor ||
                               question.purpose == evidence::Purpose::trait;
    if (of_the_search && usual > milliseconds::zero()) {
        patience.answer = std::min(patience.answer, std::max(k_least_patience, 10 * usual));
    }
    return patience;
}

/// Asks one question and writes its answer over the one at `exchange`. `usual` is how long the
/// server took for others, zero where that is not known.
asio::awaitable<void> answer(
    Context& context, net::Address server, probe::Ask what, milliseconds usual, Exchange& exchange
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
    auto answered = co_await probe::ask(context.loop, server, question, patience);
    exchange = std::move(answered);
}

/// What the attempts to connect say together: one that came about is enough to call a port open.
Reach reach_of(const Endpoint& endpoint) {
    for (const Reach reach : {Reach::open, Reach::refused, Reach::filtered, Reach::unreachable}) {
        if (std::ranges::find(endpoint.exchanges, reach, &Exchange::reach) !=
            endpoint.exchanges.end()) {
            return reach;
        }
    }
    return Reach::untried;
}

std::string reach_error_of(const Endpoint& endpoint) {
    const auto shows = [&](const Exchange& one) {
        return one.reach == endpoint.reach;
    };
    const auto at = std::ranges::find_if(endpoint.exchanges, shows);
    return endpoint.reach == Reach::open || at == endpoint.exchanges.end() ? "" : at->error;
}

/// Asks everything that the plan wants, round by round.
asio::awaitable<void> ask_in_rounds(Context& context, Endpoint& endpoint) {
    const net::Address server{.text = endpoint.address, .port = endpoint.port};
    const probe::Scope scope{
        .versions_only = context.options.versions_only,
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
        // A vector of its own: the answers are written while others wait for theirs.
        std::vector<Exchange> answers(round.size());
        const milliseconds usual = usual_answer_time(endpoint);
        net::Group group(context.loop);
        for (std::size_t i = 0; i < round.size(); ++i) {
            group.spawn(answer(context, server, round[i], usual, answers[i]));
        }
        co_await group.wait();
        std::ranges::move(answers, std::back_inserter(endpoint.exchanges));
        endpoint.reach = reach_of(endpoint);
        endpoint.reach_error = reach_error_of(endpoint);
    }
}

/// OpenSSL speaks TLS 1.0 and later.
bool can_shake_hands(const Endpoint& endpoint) {
    const auto accepted = accepted_versions(endpoint);
    return !accepted.empty() && accepted.back() >= ProtocolVersion::tls_1_0;
}

/// The host as HTTP writes it [RFC 9110 7.2].
std::string authority_of(const evidence::Target& target) {
    const std::string& name = target.sni ? *target.sni : target.host;
    const std::string host = name.contains(':') ? fmt::format("[{}]", name) : name;
    return target.port == 443 ? host : fmt::format("{}:{}", host, target.port);
}

asio::awaitable<void> visit_endpoint(Context& context, Endpoint& endpoint) {
    co_await ask_in_rounds(context, endpoint);
    if (context.options.versions_only || !can_shake_hands(endpoint)) {
        co_return;
    }
    const evidence::Target& target = context.visit.target;
    const net::Address server{.text = endpoint.address, .port = endpoint.port};
    const probe::HandshakeOptions how{
        .name = target.sni.value_or(target.host),
        .send_name = target.sni.has_value(),
        .ca_file = context.options.ca_file,
        .http_host = speaks_http(target, endpoint) ? authority_of(target) : "",
    };
    const auto permit = co_await context.places.enter(context.patience.deadline);
    if (!permit) {
        context.visit.interrupted = true;
        co_return;
    }
    ++context.visit.connections;
    auto handshake = co_await probe::shake_hands(context.loop, server, how, context.patience);
    if (!handshake.completed && is_over(context)) {
        context.visit.interrupted = true; // a handshake that we cut did not fail
        co_return;
    }
    endpoint.handshake = std::move(handshake);
}

/// Numbers everything in the order of the addresses, so that a result reads the same every time.
void number(Visit& visit) {
    std::size_t next = 1;
    for (Endpoint& endpoint : visit.endpoints) {
        for (Exchange& exchange : endpoint.exchanges) {
            exchange.id = fmt::format("e{}", next++);
        }
        if (endpoint.handshake) {
            endpoint.handshake->id = fmt::format("e{}", next++);
        }
    }
}

bool anything_untested(const Visit& visit) {
    return std::ranges::any_of(visit.endpoints, [](const Endpoint& endpoint) {
        return endpoint.exchanges.empty() ||
               std::ranges::any_of(endpoint.exchanges, [](const Exchange& exchange) {
                   // With an error, asking again would not help: this machine cannot.
                   return exchange.outcome == evidence::Outcome::not_tested &&
                          exchange.error.empty();
               });
    });
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

asio::awaitable<void> gather(
    net::Loop& loop, net::Resolver& resolver, net::Limiter& places, const Options& options,
    Visit& visit
) {
    const TimePoint begun = Clock::now();
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
    const std::string host =
        options.connect_address.empty() ? visit.target.host : options.connect_address;
    const auto addresses =
        co_await resolver.resolve(host, options.ipv4, options.ipv6, context.patience.deadline);
    if (addresses) {
        add_endpoints(visit, options, *addresses);
    } else if (addresses.error().what != net::DnsFailure::cancelled) {
        visit.dns_error = addresses.error().text;
    }
    net::Group group(loop);
    for (Endpoint& endpoint : visit.endpoints) {
        group.spawn(visit_endpoint(context, endpoint));
    }
    co_await group.wait();
    number(visit);
    visit.interrupted = visit.interrupted || loop.cancelled() || anything_untested(visit);
    visit.elapsed_ms = milliseconds_between(begun, Clock::now());
}

} // namespace tlsdoctor::doctor
