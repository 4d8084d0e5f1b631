// SPDX-License-Identifier: Apache-2.0
// What the lane takes, and when it is full.
#include "fleet/quick_lane.hpp"

#include <utility>

#include "fleet/quick_works.hpp"

namespace tlsdoctor::fleet {

namespace {

/// As many connections may wait for a slot of the pace.
constexpr std::size_t k_most_waiting = 32;

} // namespace

QuickLane::QuickLane(net::Loop& loop, const LaneSettings& settings)
    : works_{std::make_shared<QuickWorks>(loop, settings)} {}

/// Visits that are still under way are dropped with their connections.
QuickLane::~QuickLane() {
    works_->watch.reset();
}

bool QuickLane::has_room() const {
    const std::size_t waiting = works_->ready.size();
    const std::size_t busy = works_->exchanger.in_flight() + waiting;
    const bool paced = works_->settings.pace != nullptr && waiting >= k_most_waiting;
    return busy < own_share(works_->settings) && !paced && works_->doctor.has_room();
}

void QuickLane::begin(Job job, std::move_only_function<void(Judged)> done) {
    if (works_->takes(job)) {
        works_->begin(std::move(job), std::move(done));
    } else {
        works_->doctor.begin(std::move(job), std::move(done));
    }
}

bool QuickLane::serves(const LaneSettings& settings) {
    const doctor::Options& visit = settings.visit;
    return visit.versions_only && !visit.inventory.any() && !visit.proxy && visit.repeat == 1 &&
           visit.connect_address.empty() && !visit.connect_port;
}

} // namespace tlsdoctor::fleet
