// SPDX-License-Identifier: Apache-2.0
// Time: a monotonic clock for deadlines and durations, and the wall clock as RFC 3339 text for
// results. Pure modules take these values as parameters and never ask a clock themselves.
#pragma once

#include <chrono>
#include <string>

namespace tlsdoctor {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using std::chrono::milliseconds;

/// Returns e.g. `2026-11-23T10:00:00Z`, in whole seconds.
std::string rfc3339(std::chrono::system_clock::time_point time);

/// Returns the time between two points in milliseconds with a fraction of microseconds.
double milliseconds_between(TimePoint from, TimePoint to);

} // namespace tlsdoctor
