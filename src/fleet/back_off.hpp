// SPDX-License-Identifier: Apache-2.0
// Notices that a host or a network which answered has begun to refuse: then it has had enough of
// us, and what it "says" is no longer about its TLS. Pure: the clock is a parameter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"

namespace tlsdoctor::fleet {

/// How a target ended, as far as politeness is concerned.
enum class Sign : std::uint8_t {
    answered, ///< something spoke to us
    failed,   ///< no connection, or it was reset
};

/// What is known of one host or network.
struct Record {
    std::uint32_t answered{};
    std::uint32_t failed{}; ///< before the run that goes on
    std::uint32_t run{};    ///< failures since the last answer
    milliseconds pause{};   ///< the last one, zero for none
    TimePoint until{};      ///< nothing may begin before
};

/// Remembers how hosts and networks answered. Where a run of failures is longer than chance would
/// have it (less than once in ten thousand runs, at the rate of failures that came before), there
/// is a pause: 2 seconds at first, then 4, 8, 16; an answer ends it, and after the last one
/// failures count as usual there. Networks where most addresses are dead are not slowed down by
/// them.
class BackOff final {
public:
    /// Notes how a target of this host or network ended. Returns whether it is in doubt, to be
    /// asked again: a failure where nearly everybody answers, or in the middle of a run of them.
    bool note(const std::string& who, Sign sign, TimePoint now);

    /// Returns when the next target may begin; long ago where there is no pause.
    TimePoint not_before(const std::string& who) const;

    /// Tells whether few targets at once may be asked: the last ones were refused.
    bool is_wary(const std::string& who) const;

    /// Returns how many pauses there were.
    std::size_t pauses() const { return pauses_; }

private:
    void forget_some();

    std::unordered_map<std::string, Record> records_{};
    std::size_t pauses_{};
};

/// Tells whether a run of failures is too long for chance, after so many answers and failures.
bool is_too_long(const Record& record);

} // namespace tlsdoctor::fleet
