// SPDX-License-Identifier: Apache-2.0
// A coroutine for each visit. What a visit needs lives in its frame; a host's limiter lives as long
// as a visit holds it.
#include "fleet/full_lane.hpp"

#include <algorithm>
#include <utility>

#include "doctor/visit.hpp"
#include "fleet/gist.hpp"
#include "fleet/quick_lane.hpp"
#include "net/pause.hpp"

namespace tlsdoctor::fleet {

namespace {

/// A visit that finds a server has this many connections at once on average; many find none.
constexpr std::size_t k_connections_of_a_visit = 4;

/// More visits would fill the memory with evidence before they are any faster.
constexpr std::size_t k_most_visits = 128;

/// Who has not answered the first connection by now is probably not there: it costs nothing but its
/// socket, and so many of them count as one visit.
constexpr milliseconds k_probably_dead{300};
constexpr std::size_t k_dead_in_one = 16;
constexpr std::size_t k_most_under_way = 2'048;

constexpr milliseconds k_beat{50};

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
      tempo_{
          std::clamp<std::size_t>(settings.connections / k_connections_of_a_visit, 1, k_most_visits)
      } {
    options_.scout = true;
}

FullLane::~FullLane() = default;

/// How many visits there are to care for, the probably dead counted as a part.
std::size_t FullLane::load(TimePoint now) const {
    std::size_t alive = 0;
    for (const UnderWay& one : under_way_) {
        const bool only_scouts = one.visit->connections <= one.visit->endpoints.size();
        alive += only_scouts && now - one.begun > k_probably_dead ? 0U : 1U;
    }
    return alive + (under_way_.size() - alive + k_dead_in_one - 1) / k_dead_in_one;
}

bool FullLane::has_room() const {
    return under_way_.size() < std::min(k_most_under_way, settings_.connections) &&
           load(Clock::now()) < tempo_.limit();
}

asio::awaitable<void> FullLane::keep_tempo() {
    while (!under_way_.empty() && !loop_.cancelled()) {
        const TimePoint beat = Clock::now() + k_beat;
        co_await net::pause(loop_, beat);
        const TimePoint now = Clock::now();
        const bool full = load(now) + 1 >= tempo_.limit();
        tempo_.note(now - beat, full);
    }
    keeps_tempo_ = false;
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

asio::awaitable<void>
FullLane::visit(std::shared_ptr<Job> job, Place place, std::shared_ptr<Done> done) {
    const TimePoint begun = Clock::now() - job->spent;
    const std::string name = host_of(*job, options_);
    HostPtr host = host_named(name);
    const std::shared_ptr<evidence::Visit> made = place->visit;
    evidence::Visit& visit = *made;
    visit.started = rfc3339(std::chrono::system_clock::now() - job->spent);
    co_await doctor::gather_at(loop_, job->addresses, begun, host->places, options_, visit);
    host.reset();
    if (const auto at = hosts_.find(name); at != hosts_.end() && at->second.expired()) {
        hosts_.erase(at);
    }
    under_way_.erase(place);
    const advise::CaseFile file = doctor::review(std::move(visit), options_);
    (*done)(judged(file, settings_));
}

void FullLane::start(Job job, evidence::Visit so_far, Done done) {
    const Place place = under_way_.insert(
        under_way_.end(),
        {.begun = Clock::now(), .visit = std::make_shared<evidence::Visit>(std::move(so_far))}
    );
    loop_.spawn(
        visit(std::make_shared<Job>(std::move(job)), place, std::make_shared<Done>(std::move(done)))
    );
    if (!std::exchange(keeps_tempo_, true)) {
        loop_.spawn(keep_tempo());
    }
}

void FullLane::begin(Job job, Done done) {
    evidence::Visit fresh{.target = job.target};
    start(std::move(job), std::move(fresh), std::move(done));
}

void FullLane::go_on(Job job, evidence::Visit so_far, Done done) {
    job.target = so_far.target;
    start(std::move(job), std::move(so_far), std::move(done));
}

std::unique_ptr<Lane> make_lane(net::Loop& loop, const LaneSettings& settings) {
    if (QuickLane::serves(settings)) {
        return std::make_unique<QuickLane>(loop, settings);
    }
    return std::make_unique<FullLane>(loop, settings);
}

} // namespace tlsdoctor::fleet
