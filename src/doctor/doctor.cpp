// SPDX-License-Identifier: Apache-2.0
// Runs visits side by side on one event loop and hands the results out in the order of the targets.
#include "doctor/doctor.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/core.h>

#include "advise/fix.hpp"
#include "client/outcome.hpp"
#include "diagnose/diagnose.hpp"
#include "doctor/visit.hpp"
#include "evidence/facts.hpp"
#include "net/group.hpp"
#include "net/limiter.hpp"

namespace tlsdoctor::doctor {

namespace {

using evidence::ClientOutcome;
using evidence::Visit;

constexpr milliseconds k_quiet_at_first{1'000};
constexpr milliseconds k_between_progress{250};

/// One run over all targets; the visits of those not yet reported are kept, no others.
struct Run {
    const Options& options;
    const Hooks& hooks;
    net::Loop& loop;
    net::Resolver& resolver;
    net::Limiter places;                         ///< for visits
    std::map<std::string, net::Limiter> hosts{}; ///< for the connections to each host
    asio::steady_timer progress; ///< cancelled by the last visit, so that the loop can end
    std::vector<Visit> visits{};
    std::vector<bool> done{};
    std::size_t reported{};
    std::size_t finished{};
};

/// Reports every visit that is done and whose predecessors are.
void report(Run& run) {
    while (run.reported < run.visits.size() && run.done[run.reported]) {
        Visit visit = std::move(run.visits[run.reported++]);
        if (run.hooks.on_case) {
            run.hooks.on_case(review(std::move(visit), run.options));
        }
    }
}

/// Several ports of one host are still one host.
net::Limiter& connections_to(Run& run, const evidence::Target& target) {
    const std::string& address = run.options.connect_address;
    const std::string& host = address.empty() ? target.host : address;
    return run.hosts.try_emplace(host, run.loop, k_connections_to_a_host).first->second;
}

asio::awaitable<void> visit_one(Run& run, std::size_t index) {
    Visit& visit = run.visits[index];
    constexpr TimePoint whenever = TimePoint::max();
    const auto permit = co_await run.places.enter(whenever);
    visit.started = rfc3339(std::chrono::system_clock::now());
    if (permit) {
        net::Limiter& connections = connections_to(run, visit.target);
        co_await gather(run.loop, run.resolver, connections, run.options, visit);
    } else {
        visit.interrupted = true;
    }
    run.done[index] = true;
    if (++run.finished == run.visits.size()) {
        run.progress.cancel();
    }
    report(run);
}

/// Ends when all visits have; tells the user meanwhile that they go on.
asio::awaitable<void> tell_progress(Run& run, TimePoint begun) {
    run.progress.expires_at(begun + k_quiet_at_first);
    while (run.finished < run.visits.size()) {
        co_await run.progress.async_wait(net::k_as_tuple);
        if (run.finished < run.visits.size() && !run.loop.cancelled()) {
            std::uint32_t connections = 0;
            for (const Visit& visit : run.visits) {
                connections += visit.connections;
            }
            run.hooks.on_progress(fmt::format(
                "{} of {} targets, {} connections, {:.0f} s", run.finished, run.visits.size(),
                connections, milliseconds_between(begun, Clock::now()) / 1000
            ));
        }
        run.progress.expires_after(k_between_progress);
    }
}

/// The worst that befell the client in question, of all addresses; nullopt where there is none.
std::optional<ClientOutcome>
outcome_of_the_client(const Visit& visit, const Simulation& simulation) {
    std::optional<ClientOutcome> worst;
    for (const evidence::Endpoint& endpoint : visit.endpoints) {
        std::optional<ClientOutcome> here;
        if (simulation.one != nullptr) {
            here = client::outcome_for(*simulation.one, endpoint);
        } else if (!simulation.recorded.empty()) {
            here = client::outcome_for(simulation.recorded, simulation.label, endpoint);
        }
        const bool fails = here && here->outcome == evidence::ClientResult::fails;
        if (!worst || (fails && worst->outcome != evidence::ClientResult::fails)) {
            worst = std::move(here);
        }
    }
    return worst;
}

/// Where the clients were asked, or would be: the first address that accepts something.
const evidence::Endpoint* endpoint_for_clients(const Visit& visit) {
    const auto asked = std::ranges::find_if(visit.endpoints, [](const auto& endpoint) {
        return !endpoint.replays.empty();
    });
    const auto answers = std::ranges::find_if(visit.endpoints, [](const auto& endpoint) {
        return !accepted_versions(endpoint).empty();
    });
    const auto at = asked != visit.endpoints.end() ? asked : answers;
    return at == visit.endpoints.end() ? nullptr : &*at;
}

void add_clients(advise::CaseFile& file, const Options& options) {
    const evidence::Endpoint* const endpoint = endpoint_for_clients(file.visit);
    if (endpoint == nullptr) {
        return;
    }
    const bool asked = options.simulation.all && !endpoint->replays.empty();
    file.clients = client::outcomes_at(*endpoint, asked);
    if (options.what_if) {
        file.what_if = client::effects_of(*options.what_if, *endpoint, file.clients);
    }
}

} // namespace

advise::CaseFile review(Visit visit, const Options& options) {
    diagnose::Question question = options.question;
    question.judge_trust = question.judge_trust && !options.insecure;
    advise::CaseFile file{.visit = std::move(visit)};
    if (!options.versions_only) {
        question.client_outcome = outcome_of_the_client(file.visit, options.simulation);
        if (options.foretells_clients) {
            add_clients(file, options);
        }
    }
    if (question.client_outcome) {
        file.clients = {*question.client_outcome};
    }
    file.diagnosis = diagnose::diagnose(file.visit, question);
    file.fixes = advise::fixes_for(file.diagnosis, file.visit);
    return file;
}

bool check(std::span<const evidence::Target> targets, const Options& options, const Hooks& hooks) {
    net::Loop loop;
    net::Resolver resolver(loop);
    Run run{
        .options = options,
        .hooks = hooks,
        .loop = loop,
        .resolver = resolver,
        .places = net::Limiter(loop, std::max<std::size_t>(1, options.parallel_targets)),
        .progress = asio::steady_timer(loop.context()),
    };
    for (const evidence::Target& target : targets) {
        run.visits.push_back({.target = target});
    }
    run.done.resize(targets.size());
    loop.on_interrupt([&] { loop.cancel_all(); });
    for (std::size_t i = 0; i < targets.size(); ++i) {
        loop.spawn(visit_one(run, i));
    }
    if (hooks.on_progress) {
        loop.spawn(tell_progress(run, Clock::now()));
    }
    loop.run();
    return loop.cancelled();
}

} // namespace tlsdoctor::doctor
