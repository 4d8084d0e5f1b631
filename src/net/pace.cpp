// SPDX-License-Identifier: Apache-2.0
// The generic cell rate algorithm with one word of state: the time of the first slot that is free.
#include "net/pace.hpp"

#include <algorithm>
#include <limits>

namespace tlsdoctor::net {

namespace {

/// Timers fire a millisecond late or so: a loop that wakes up may take the slots that passed
/// meanwhile, and no more than these.
constexpr Clock::duration k_lateness = milliseconds{10};

/// A pace that is never waited for at its start.
constexpr std::int64_t k_long_ago = std::numeric_limits<std::int64_t>::min();

std::int64_t ticks(TimePoint time) {
    return time.time_since_epoch().count();
}

} // namespace

Pace::Pace(std::uint32_t per_second)
    : interval_{Clock::duration{std::chrono::seconds{1}}.count() / std::max<std::int64_t>(1, per_second)},
      lateness_{k_lateness.count()}, free_from_{k_long_ago} {}

TimePoint Pace::next(TimePoint now) {
    std::int64_t free = free_from_.load(std::memory_order_relaxed);
    for (;;) {
        // The first slot of all, and the first after a rest, is now and not some time ago.
        const bool rested = free < ticks(now) - lateness_;
        const std::int64_t slot = rested ? ticks(now) : free;
        if (free_from_.compare_exchange_weak(free, slot + interval_, std::memory_order_relaxed)) {
            return TimePoint{Clock::duration{slot}};
        }
    }
}

Clock::duration Pace::backlog(TimePoint now) const {
    const std::int64_t free = free_from_.load(std::memory_order_relaxed);
    return Clock::duration{free <= ticks(now) ? 0 : free - ticks(now)};
}

} // namespace tlsdoctor::net
