// SPDX-License-Identifier: Apache-2.0
// Reads the values of options that have a small language of their own: durations, expectations,
// lists of words.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "cli/exit_code.hpp"
#include "cli/terminal.hpp"
#include "diagnose/finding.hpp"

namespace tlsdoctor::cli {

/// The limits that a duration has to keep, both inclusive.
struct Bounds {
    milliseconds least{};
    milliseconds most{};
};

/// Reads seconds: `5`, `0.5`, also `500ms`, `5s`, `2m`. The error says what is allowed.
std::expected<milliseconds, std::string> read_duration(std::string_view text, Bounds bounds);

/// Reads `tls1.2,tls1.3,!tls1.0`: versions that must and, with `!` (or `-` or `no-`, which shells
/// leave alone), must not be accepted.
std::expected<std::vector<diagnose::Expectation>, std::string>
read_expectations(std::string_view text);

/// Reads `--fail-on`: `problem`, `warn`, `unreachable`, or several with commas.
std::expected<FailOn, std::string> read_fail_on(std::string_view text);

/// Returns a duration as the user would write it: `0.05` or `30`.
std::string seconds_of(milliseconds duration);

/// Reads `auto`, `always` or `never`.
std::expected<ColorChoice, std::string> read_color(std::string_view text);

} // namespace tlsdoctor::cli
