// SPDX-License-Identifier: Apache-2.0
// What a run counts: verdicts, versions, stacks. The texts for the progress line and the summary
// are made here, without a clock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "fleet/lane.hpp"

namespace tlsdoctor::fleet {

/// The counts of a run.
class Tally final {
public:
    /// Counts a result.
    void add(const Gist& gist);

    std::size_t total() const { return total_; }

    /// Returns `812 ok, 95 warn, 40 fail, 3 unsure`; what did not occur is left out.
    std::string statuses() const;

    /// Returns the lines `verdicts  ...`, `versions  ...`, `stacks  ...`, most frequent first.
    std::string table() const;

private:
    std::size_t total_{};
    std::size_t reached_{};
    std::array<std::size_t, 4> statuses_{};
    std::array<std::size_t, 6> versions_{};
    std::map<std::string, std::size_t, std::less<>> causes_{};
    std::map<std::string, std::size_t, std::less<>> stacks_{};
};

/// How far a run is.
struct Progress {
    std::size_t done{};
    std::size_t under_way{};
    std::optional<std::size_t> total{}; ///< nullopt while the lists are read
    bool estimated{};                   ///< the total is an estimate
    double per_second{};
};

/// Returns `1,204/5,000 targets, 83/s, 46 s left, 1,000 ok, 204 fail`.
std::string words_of(const Progress& progress, const Tally& tally);

/// Returns `46 s`, `12 min` or `3 h 20 min`.
std::string duration_text(double seconds);

/// Returns a number with commas: `12,345`.
std::string grouped(std::size_t number);

} // namespace tlsdoctor::fleet
