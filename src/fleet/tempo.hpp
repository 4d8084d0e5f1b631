// SPDX-License-Identifier: Apache-2.0
// How many visits a loop can bear: a loop that comes late to its sockets would take its own
// lateness for the silence of a server. Pure; the lateness is measured by the lane.
#pragma once

#include <algorithm>
#include <cstddef>

#include "base/clock.hpp"

namespace tlsdoctor::fleet {

/// A limit that grows while the loop is punctual and shrinks when it is not.
class Tempo final {
public:
    explicit Tempo(std::size_t most) : most_{most}, limit_{std::min(most, k_first)} {}

    std::size_t limit() const { return limit_; }

    /// Notes how late a timer of the loop was; `full`: the limit was reached meanwhile.
    void note(Clock::duration late, bool full) {
        if (late > k_late) {
            limit_ = std::max(std::min(most_, k_least), limit_ - limit_ / 4);
        } else if (late < k_punctual && full) {
            limit_ = std::min(most_, limit_ + k_step);
        }
    }

private:
    static constexpr std::size_t k_first = 16;
    static constexpr std::size_t k_least = 4;
    static constexpr std::size_t k_step = 2;
    static constexpr milliseconds k_late{100};
    static constexpr milliseconds k_punctual{20};

    std::size_t most_;
    std::size_t limit_;
};

} // namespace tlsdoctor::fleet
