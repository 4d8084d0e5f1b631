// SPDX-License-Identifier: Apache-2.0
// Every option and command of the program, once: the normaliser, the option library, the
// nearest-match suggestions and the tests of --help all read this table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tlsdoctor::cli {

/// What the first word of the command line chooses; `check` where it is a target.
enum class Command : std::uint8_t {
    check,
    demo,
    client,
    explain,
    lab,
    scan,
    diff,
    report,
    config,
    help,
    version
};

/// A bit for each command that takes an option: `1 << Command`.
enum class TakenBy : std::uint16_t {
    check = 1,
    demo = 2,
    client = 4,
    explain = 8,
    lab = 16,
    scan = 32,
    diff = 64,
    report = 128,
    config = 256,
    every_command = 0xffff,
};

/// Returns the commands of both.
constexpr TakenBy operator|(TakenBy a, TakenBy b) {
    return static_cast<TakenBy>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

/// One option. Names stand without dashes.
struct OptionRow {
    std::string_view name{};
    char letter{};            ///< `j` of `-j`, 0 where there is none
    std::string_view value{}; ///< what --help calls its value; empty for a switch
    TakenBy taken_by{};
};

/// A command that exists only as a promise: its name gives a usage error instead of a DNS lookup.
struct FutureCommand {
    std::string_view name{};
    std::string_view instead{}; ///< what to do today
};

/// Returns all options, in the order of --help.
std::span<const OptionRow> option_rows();

/// Finds an option by its long name without dashes; null where there is none.
const OptionRow* find_option(std::string_view name);

/// Finds an option by its letter; null where there is none.
const OptionRow* find_option(char letter);

/// Tells whether a command takes an option.
bool takes(Command command, const OptionRow& row);

/// Finds a command by its name.
std::optional<Command> command_named(std::string_view name);

/// Returns the command's name.
std::string_view name_of(Command command);

/// Finds a command that later versions will have; null where there is none.
const FutureCommand* find_future_command(std::string_view name);

} // namespace tlsdoctor::cli
