// SPDX-License-Identifier: Apache-2.0
// How long things may take. Shared by everything that waits for a server.
#pragma once

#include "base/clock.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::probe {

/// How long a question may take.
struct Patience {
    milliseconds connect{3'000}; ///< from the SYN to the connection
    milliseconds answer{5'000};  ///< from the hello to the answer
    TimePoint deadline{};        ///< for the whole target; earlier than both where it comes first
};

/// Tells whether the run was over before the question's own time was.
inline bool out_of_time(const net::Loop& loop, const Patience& patience) {
    return loop.cancelled() || Clock::now() >= patience.deadline;
}

} // namespace tlsdoctor::probe
