// SPDX-License-Identifier: Apache-2.0
// Readers of small values; see the header.
#include "cli/values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr double k_ms_per_second = 1'000;
constexpr double k_ms_per_minute = 60'000;

/// How many milliseconds one of the number's units has; cuts the unit off.
double unit_of(std::string_view& text) {
    double scale = k_ms_per_second;
    std::size_t length = 0;
    if (text.ends_with("ms")) {
        scale = 1;
        length = 2;
    } else if (text.ends_with('m')) {
        scale = k_ms_per_minute;
        length = 1;
    } else if (text.ends_with('s')) {
        length = 1;
    }
    text.remove_suffix(length);
    return scale;
}

/// Reads digits with at most one point; neither signs nor exponents nor `inf`.
std::optional<double> decimal_in(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == '.';
    });
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    return plain && read.ec == std::errc{} && read.ptr == end ? std::optional{value} : std::nullopt;
}

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

std::expected<diagnose::Expectation, std::string> read_expectation(std::string_view word) {
    std::string_view name = word;
    for (const std::string_view no : {"!", "no-", "-"}) {
        name = without_prefix(word, no);
        if (name.size() < word.size()) {
            break;
        }
    }
    const auto version = version_named(name);
    if (!version) {
        return std::unexpected{fmt::format(
            "'{}' is no version; known are ssl2, ssl3, tls1.0, tls1.1, tls1.2, tls1.3",
            harmless(name)
        )};
    }
    return diagnose::Expectation{.version = *version, .accepted = name.size() == word.size()};
}

} // namespace

std::expected<milliseconds, std::string> read_duration(std::string_view text, Bounds bounds) {
    const std::string range =
        fmt::format("{} to {} seconds", seconds_of(bounds.least), seconds_of(bounds.most));
    std::string_view number = trimmed(text);
    const double scale = unit_of(number);
    const auto value = decimal_in(number);
    if (!value) {
        return std::unexpected{
            fmt::format("'{}' is no number of seconds; {} are allowed", harmless(text), range)
        };
    }
    const double ms = std::round(*value * scale);
    if (ms < static_cast<double>(bounds.least.count()) ||
        ms > static_cast<double>(bounds.most.count())) {
        return std::unexpected{fmt::format("'{}' is not within {}", harmless(text), range)};
    }
    return milliseconds{static_cast<milliseconds::rep>(ms)};
}

std::expected<std::vector<diagnose::Expectation>, std::string>
read_expectations(std::string_view text) {
    std::vector<diagnose::Expectation> result;
    for (const std::string_view part : split(text, ',')) {
        const auto expectation = read_expectation(trimmed(part));
        if (!expectation) {
            return std::unexpected{expectation.error()};
        }
        const auto clash = std::find_if(result.begin(), result.end(), [&](const auto& earlier) {
            return earlier.version == expectation->version;
        });
        if (clash == result.end()) {
            result.push_back(*expectation);
        } else if (clash->accepted != expectation->accepted) {
            return std::unexpected{
                fmt::format("{} is both wanted and unwanted", name_of(expectation->version))
            };
        }
    }
    return result;
}

std::expected<FailOn, std::string> read_fail_on(std::string_view text) {
    FailOn result;
    for (const std::string_view part : split(text, ',')) {
        const std::string_view word = trimmed(part);
        if (word == "warn") {
            result.warn = true;
        } else if (word == "unreachable") {
            result.unreachable = true;
        } else if (word != "problem") {
            return std::unexpected{
                fmt::format("'{}' is not one of problem, warn, unreachable", harmless(word))
            };
        }
    }
    return result;
}

std::string seconds_of(milliseconds duration) {
    return fmt::format("{}", static_cast<double>(duration.count()) / k_ms_per_second);
}

std::expected<ColorChoice, std::string> read_color(std::string_view text) {
    if (text != "auto" && text != "always" && text != "never") {
        return std::unexpected{fmt::format("'{}' is not one of auto, always, never", harmless(text))
        };
    }
    return text == "always"  ? ColorChoice::always
           : text == "never" ? ColorChoice::never
                             : ColorChoice::automatic;
}

} // namespace tlsdoctor::cli
