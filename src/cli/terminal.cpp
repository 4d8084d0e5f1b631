// SPDX-License-Identifier: Apache-2.0
// Decisions about colour, width and characters; see the header.
#include "cli/terminal.hpp"

#include <algorithm>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr std::size_t k_default_columns = 80;
constexpr std::size_t k_least_columns = 40;
constexpr std::size_t k_most_columns = 500;

std::optional<std::string> terminal_variable(const char* name) {
    const char* const value = std::getenv(name);
    return value ? std::optional<std::string>{value} : std::nullopt;
}

std::size_t columns_of(int terminal) {
    winsize size{};
    return ioctl(terminal, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool says_something(const std::optional<std::string>& value) {
    return value && !value->empty();
}

bool is_dumb(const Environment& environment) {
    return !says_something(environment.term) || *environment.term == "dumb";
}

} // namespace

Environment environment() {
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    return {
        .stdout_is_terminal = terminal,
        .stderr_is_terminal = isatty(STDERR_FILENO) == 1,
        .terminal_columns = terminal ? columns_of(STDOUT_FILENO) : 0,
        .no_color = terminal_variable("NO_COLOR"),
        .clicolor = terminal_variable("CLICOLOR"),
        .clicolor_force = terminal_variable("CLICOLOR_FORCE"),
        .term = terminal_variable("TERM"),
        .columns = terminal_variable("COLUMNS"),
        .lc_all = terminal_variable("LC_ALL"),
        .lc_ctype = terminal_variable("LC_CTYPE"),
        .lang = terminal_variable("LANG")
    };
}

bool wants_color(ColorChoice choice, const Environment& environment) {
    if (choice != ColorChoice::automatic) {
        return choice == ColorChoice::always;
    }
    if (says_something(environment.no_color
        )) { // "when present and not an empty string" [no-color.org]
        return false;
    }
    if (says_something(environment.clicolor_force) && *environment.clicolor_force != "0") {
        return true;
    }
    return environment.stdout_is_terminal && !is_dumb(environment) && environment.clicolor != "0";
}

bool speaks_utf8(const Environment& environment) {
    for (const auto* const value :
         {&environment.lc_all, &environment.lc_ctype, &environment.lang}) {
        if (says_something(*value)) {
            const std::string locale = lower(**value);
            return locale.contains("utf-8") || locale.contains("utf8");
        }
    }
    return false;
}

std::size_t columns(const Environment& environment) {
    std::size_t width = environment.terminal_columns;
    if (environment.columns) {
        width = number_in(*environment.columns, 100'000).value_or(0);
    }
    if (width == 0) {
        width =
            environment.terminal_columns == 0 ? k_default_columns : environment.terminal_columns;
    }
    return std::clamp(width, k_least_columns, k_most_columns);
}

bool shows_progress(const Environment& environment) {
    return environment.stderr_is_terminal && !is_dumb(environment);
}

} // namespace tlsdoctor::cli
