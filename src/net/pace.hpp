// SPDX-License-Identifier: Apache-2.0
// How many connections may begin in a second, over all loops and threads of the process: a clock of
// slots, one connection each. Taking a slot is one atomic step; waiting for it is the caller's.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.hpp"

namespace tlsdoctor::net {

/// Hands out the times at which connections may begin. Every member may be called from any thread.
class Pace final {
public:
    /// Allows `per_second` connections a second; at least one.
    explicit Pace(std::uint32_t per_second);
    Pace(const Pace&) = delete;
    Pace& operator=(const Pace&) = delete;

    /// Reserves the slot of one connection and returns its time, which is `now` or earlier where it
    /// may begin at once. What a busy loop was late for is made up for within a few slots, never in
    /// a burst.
    TimePoint next(TimePoint now);

    /// Returns how far ahead the slots are taken: whoever asks now would wait so long.
    Clock::duration backlog(TimePoint now) const;

private:
    std::int64_t interval_; ///< in ticks of the clock
    std::int64_t lateness_; ///< how old a slot may be
    std::atomic<std::int64_t> free_from_;
};

} // namespace tlsdoctor::net
