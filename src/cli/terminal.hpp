// SPDX-License-Identifier: Apache-2.0
// What the terminal can show. The decisions are pure functions of an Environment, so that tests
// need no terminal; `environment()` alone looks at the process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tlsdoctor::cli {

/// `--color`.
enum class ColorChoice : std::uint8_t { automatic, always, never };

/// What the process says about its terminal; variables that are not set are nullopt.
struct Environment {
    bool stdout_is_terminal{};
    bool stderr_is_terminal{};
    std::size_t terminal_columns{}; ///< of the terminal on stdout, 0 where there is none
    std::optional<std::string> no_color{};
    std::optional<std::string> clicolor{};
    std::optional<std::string> clicolor_force{};
    std::optional<std::string> term{};
    std::optional<std::string> columns{};
    std::optional<std::string> lc_all{};
    std::optional<std::string> lc_ctype{};
    std::optional<std::string> lang{};
};

/// Asks the process.
Environment environment();

/// Decides about colour on stdout. In this order: `--color always|never`; NO_COLOR (not empty);
/// CLICOLOR_FORCE (not empty, not `0`); then only on a terminal, unless TERM is `dumb` or not set,
/// or CLICOLOR is `0`.
bool wants_color(ColorChoice choice, const Environment& environment);

/// Tells whether the locale's character set is UTF-8: LC_ALL, LC_CTYPE, LANG, the first one that
/// says something [POSIX 8.2].
bool speaks_utf8(const Environment& environment);

/// Returns the width to fill: COLUMNS, else the terminal's, else 80; between 40 and 500.
std::size_t columns(const Environment& environment);

/// Tells whether a line that is overwritten can be shown on stderr.
bool shows_progress(const Environment& environment);

} // namespace tlsdoctor::cli
