// SPDX-License-Identifier: Apache-2.0
// The only file that includes CLI11. Its exceptions end here.
#include "cli/parser.hpp"

#include <algorithm>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::cli {

namespace {

/// Options that may stand several times on one line; of the others twice is a mistake.
constexpr std::string_view k_repeatable[] = {"targets", "expect", "verbose", "what-if"};

bool repeatable(std::string_view name) {
    return std::find(std::begin(k_repeatable), std::end(k_repeatable), name) !=
           std::end(k_repeatable);
}

void declare(CLI::App& app, Command command) {
    app.set_help_flag(); // ours is written by hand and tested as a whole
    for (const OptionRow& row : option_rows()) {
        if (!takes(command, row)) {
            continue;
        }
        const std::string name = fmt::format("--{}", row.name);
        if (row.value.empty()) {
            app.add_flag(name)->disable_flag_override();
        } else {
            app.add_option(name)->take_all();
        }
    }
}

std::expected<ParsedOptions, UsageError> collected(const CLI::App& app, Command command) {
    std::map<std::string, std::vector<std::string>, std::less<>> values;
    for (const OptionRow& row : option_rows()) {
        if (!takes(command, row)) {
            continue;
        }
        const CLI::Option* const option = app.get_option(fmt::format("--{}", row.name));
        if (option->count() == 0) {
            continue;
        }
        if (option->count() > 1 && !row.value.empty() && !repeatable(row.name)) {
            return std::unexpected{UsageError{
                .what = fmt::format("'--{}' is given {} times", row.name, option->count()),
                .hint = "one of them must go"
            }};
        }
        values.emplace(row.name, option->results());
    }
    return ParsedOptions{std::move(values)};
}

} // namespace

std::expected<ParsedOptions, UsageError> parse(const Normalised& line) {
    CLI::App app;
    declare(app, line.command);
    app.allow_extras(); // so that unknown ones come back together and get our own suggestion
    std::vector<std::string> reversed{line.options.rbegin(), line.options.rend()};
    try {
        app.parse(reversed);
    } catch (const CLI::Error& error) {
        return std::unexpected{UsageError{
            .what = harmless(error.what()),
            .hint = fmt::format("'tlsdoctor {} --help' lists the options", name_of(line.command))
        }};
    }
    const std::vector<std::string> unknown = app.remaining();
    if (unknown.empty()) {
        return collected(app, line.command);
    }
    const std::string_view name =
        std::string_view{unknown.front()}.substr(0, unknown.front().find('='));
    if (name.starts_with("--") && find_option(name.substr(2))) {
        return std::unexpected{UsageError{
            .what = fmt::format("'{}' is no option of '{}'", name, name_of(line.command)),
            .hint = fmt::format("'tlsdoctor {} --help' lists the options", name_of(line.command))
        }};
    }
    return std::unexpected{unknown_option(unknown.front(), line.command)};
}

} // namespace tlsdoctor::cli
