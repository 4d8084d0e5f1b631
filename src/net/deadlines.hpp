// SPDX-License-Identifier: Apache-2.0
// Deadlines of equal length in the order in which they were set, which is the order in which they
// come: one list for each length, and setting or taking back one costs a few numbers. Private to
// this module.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.hpp"

namespace tlsdoctor::net {

/// The place of a slot in a list.
struct DeadlineLink {
    TimePoint at{};
    std::uint32_t before{UINT32_MAX};
    std::uint32_t after{UINT32_MAX};
    std::uint32_t list{UINT32_MAX}; ///< none: it has no deadline
};

/// Lists over slots that are numbered by their owner.
class Deadlines final {
public:
    /// Makes room for the slots below `count`.
    void grow(std::size_t count) { links_.resize(count); }

    /// Gives a slot the deadline `length` from `now`, instead of any that it had. `now` never goes
    /// back.
    void set(std::uint32_t slot, milliseconds length, TimePoint now);

    /// Takes a slot's deadline back, if it has one.
    void take_back(std::uint32_t slot);

    /// Returns a slot's deadline; `TimePoint::max()` where it has none.
    [[nodiscard]] TimePoint of(std::uint32_t slot) const;

    /// Returns the earliest deadline; `TimePoint::max()` where there is none.
    [[nodiscard]] TimePoint earliest() const;

    /// Returns a slot whose deadline has come, UINT32_MAX where there is none.
    [[nodiscard]] std::uint32_t due(TimePoint now) const;

private:
    struct List {
        milliseconds length{};
        std::uint32_t first{UINT32_MAX};
        std::uint32_t last{UINT32_MAX};
    };

    std::uint32_t list_of(milliseconds length);

    std::vector<DeadlineLink> links_{};
    std::vector<List> lists_{};
};

} // namespace tlsdoctor::net
