// SPDX-License-Identifier: Apache-2.0
// A sequential test: the chance of a run of n failures is q^n, with q estimated from what came
// before the run.
#include "fleet/back_off.hpp"

#include <algorithm>
#include <cmath>

namespace tlsdoctor::fleet {

namespace {

constexpr std::uint32_t k_shortest_run = 3;
constexpr double k_chance = 0.0001;

/// Where fewer fail, each failure is worth a second question: our own crowd may be its cause.
constexpr double k_seldom = 0.1;
constexpr milliseconds k_first_pause{2'000};
constexpr milliseconds k_longest_pause{16'000};

/// Hosts and networks that are remembered; about 100 bytes each.
constexpr std::size_t k_most_records = 65'536;

/// The part of targets that fail there, from what came before the run; where little is known,
/// nothing is odd.
double usual_failures(const Record& record) {
    const double before = record.answered + record.failed;
    return (record.failed + 2.0) / (before + 3.0);
}

} // namespace

bool is_too_long(const Record& record) {
    if (record.answered == 0 || record.run < k_shortest_run) {
        return false; // who never answered does not begin to refuse
    }
    return std::pow(usual_failures(record), record.run) < k_chance;
}

void BackOff::forget_some() {
    if (records_.size() < k_most_records) {
        return;
    }
    // Those that pause now are the ones that matter.
    std::erase_if(records_, [](const auto& entry) { return entry.second.run < k_shortest_run; });
    if (records_.size() >= k_most_records) {
        records_.clear();
    }
}

bool BackOff::note(const std::string& who, Sign sign, TimePoint now) {
    forget_some();
    Record& record = records_[who];
    if (sign == Sign::answered) {
        ++record.answered;
        record.failed += record.run;
        record.run = 0;
        record.pause = milliseconds::zero();
        record.until = {};
        return false;
    }
    ++record.run;
    if (!is_too_long(record)) {
        return usual_failures(record) < k_seldom;
    }
    if (now < record.until) {
        return true; // was under way when the pause began, and does not prolong it
    }
    if (record.pause >= k_longest_pause) { // it is no passing mood: from now on this is usual here
        record.failed += record.run;
        record.run = 0;
        record.pause = milliseconds::zero();
        return false;
    }
    record.pause = std::max(record.pause * 2, k_first_pause);
    record.until = now + record.pause;
    ++pauses_;
    return true;
}

TimePoint BackOff::not_before(const std::string& who) const {
    const auto at = records_.find(who);
    return at == records_.end() ? TimePoint::min() : at->second.until;
}

bool BackOff::is_wary(const std::string& who) const {
    const auto at = records_.find(who);
    return at != records_.end() && is_too_long(at->second);
}

} // namespace tlsdoctor::fleet
