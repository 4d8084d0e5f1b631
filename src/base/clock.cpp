// SPDX-License-Identifier: Apache-2.0
// Conversions of time; nothing here reads a clock.
#include "base/clock.hpp"

#include <fmt/core.h>

namespace tlsdoctor {

std::string rfc3339(std::chrono::system_clock::time_point time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{seconds - day};
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        clock.hours().count(), clock.minutes().count(), clock.seconds().count()
    );
}

double milliseconds_between(TimePoint from, TimePoint to) {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(to - from).count();
    return static_cast<double>(micros) / 1000.0;
}

} // namespace tlsdoctor
