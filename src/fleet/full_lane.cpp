// SPDX-License-Identifier: Apache-2.0
// A coroutine for each visit. What a visit needs lives in its frame; a host's limiter lives as long
// as a visit holds it.
#include "fleet/full_lane.hpp"

#include <algorithm>
#include <utility>

#include "doctor/visit.hpp"
#include "fleet/gist.hpp"
#include "fleet/quick_lane.hpp"

namespace tlsdoctor::fleet {

namespace {

/// A visit that finds a server has this many connections at once on average; many find none.
constexpr std::size_t k_connections_of_a_visit = 4;

/// More visits would fill the memory with evidence before they are any faster.
constexpr std::size_t k_most_visits = 128;

/// Names that share their addresses share the limit: the first address stands for all.
std::string host_of(const Job& job, const doctor::Options& options) {
    const bool by_name = options.proxy || !job.addresses || job.addresses->empty();
    return by_name ? job.target.host : *std::ranges::min_element(*job.addresses);
}

} // namespace

/// The connections to one host.
struct FullLane::Host {
    Host(net::Loop& loop, const LaneSettings& settings, const net::Limiter& all)
        : places{loop, std::max<std::size_t>(1, settings.per_host), &all, settings.pace} {}

    net::Limiter places;
};

FullLane::FullLane(net::Loop& loop, const LaneSettings& settings)
    : loop_{loop}, settings_{settings}, options_{settings.visit},
      connections_{loop, std::max<std::size_t>(1, settings.connections)},
      most_{
          std::clamp<std::size_t>(settings.connections / k_connections_of_a_visit, 1, k_most_visits)
      } {
    options_.scout = true;
}

FullLane::~FullLane() = default;

bool FullLane::has_room() const {
    return under_way_ < most_;
}

FullLane::HostPtr FullLane::host_named(const std::string& name) {
    std::weak_ptr<Host>& known = hosts_[name];
    HostPtr host = known.lock();
    if (!host) {
        host = std::make_shared<Host>(loop_, settings_, connections_);
        known = host;
    }
    return host;
}

asio::awaitable<void> FullLane::visit(
    std::shared_ptr<Job> job, std::shared_ptr<evidence::Visit> made, std::shared_ptr<Done> done
) {
    const TimePoint begun = Clock::now() - job->spent;
    const std::string name = host_of(*job, options_);
    HostPtr host = host_named(name);
    evidence::Visit& visit = *made;
    visit.started = rfc3339(std::chrono::system_clock::now() - job->spent);
    co_await doctor::gather_at(loop_, job->addresses, begun, host->places, options_, visit);
    host.reset();
    if (const auto at = hosts_.find(name); at != hosts_.end() && at->second.expired()) {
        hosts_.erase(at);
    }
    --under_way_;
    const advise::CaseFile file = doctor::review(std::move(visit), options_);
    (*done)(judged(file, settings_));
}

void FullLane::begin(Job job, Done done) {
    ++under_way_;
    auto made = std::make_shared<evidence::Visit>(evidence::Visit{.target = job.target});
    loop_.spawn(visit(
        std::make_shared<Job>(std::move(job)), std::move(made),
        std::make_shared<Done>(std::move(done))
    ));
}

void FullLane::go_on(Job job, evidence::Visit so_far, Done done) {
    ++under_way_;
    job.target = so_far.target;
    loop_.spawn(visit(
        std::make_shared<Job>(std::move(job)), std::make_shared<evidence::Visit>(std::move(so_far)),
        std::make_shared<Done>(std::move(done))
    ));
}

std::unique_ptr<Lane> make_lane(net::Loop& loop, const LaneSettings& settings) {
    if (QuickLane::serves(settings)) {
        return std::make_unique<QuickLane>(loop, settings);
    }
    return std::make_unique<FullLane>(loop, settings);
}

} // namespace tlsdoctor::fleet
