// SPDX-License-Identifier: Apache-2.0
// The table of options and commands; see the header.
#include "cli/option_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tlsdoctor::cli {

namespace {

// clang-format off
constexpr std::array k_options = {
    OptionRow{"json",            'j', "",          TakenBy::check_demo_and_client | TakenBy::lab},
    OptionRow{"json-file",       0,   "FILE",      TakenBy::check_and_client},
    OptionRow{"quiet",           'q', "",          TakenBy::check_demo_and_client},
    OptionRow{"verbose",         'v', "",          TakenBy::check_demo_and_client},
    OptionRow{"evidence",        0,   "",          TakenBy::check_and_demo},
    OptionRow{"color",           0,   "WHEN",      TakenBy::every_command},
    OptionRow{"overwrite",       0,   "",          TakenBy::check_and_client | TakenBy::lab},
    OptionRow{"record",          0,   "FILE",      TakenBy::check_and_client},
    OptionRow{"replay",          0,   "FILE",      TakenBy::check_and_client},
    OptionRow{"targets",         0,   "FILE",      TakenBy::check},
    OptionRow{"port",            'p', "PORT",      TakenBy::check | TakenBy::lab},
    OptionRow{"sni",             0,   "NAME",      TakenBy::check},
    OptionRow{"no-sni",          0,   "",          TakenBy::check},
    OptionRow{"connect",         0,   "IP[:PORT]", TakenBy::check},
    OptionRow{"ipv4",            '4', "",          TakenBy::check},
    OptionRow{"ipv6",            '6', "",          TakenBy::check},
    OptionRow{"starttls",        't', "HOW",       TakenBy::check},
    OptionRow{"proxy",           'x', "URL",       TakenBy::check},
    OptionRow{"ca",              0,   "FILE",      TakenBy::check | TakenBy::lab},
    OptionRow{"cert",            0,   "FILE",      TakenBy::check},
    OptionRow{"key",             0,   "FILE",      TakenBy::check},
    OptionRow{"insecure",        'k', "",          TakenBy::check},
    OptionRow{"versions-only",   0,   "",          TakenBy::check},
    OptionRow{"repeat",          0,   "N",         TakenBy::check},
    OptionRow{"clients",         0,   "",          TakenBy::check},
    OptionRow{"client",          0,   "ID",        TakenBy::check},
    OptionRow{"error",           0,   "TEXT",      TakenBy::check},
    OptionRow{"expect",          0,   "LIST",      TakenBy::check},
    OptionRow{"fail-on",         0,   "WHAT",      TakenBy::check_and_client},
    OptionRow{"timeout",         0,   "SECONDS",   TakenBy::check},
    OptionRow{"connect-timeout", 0,   "SECONDS",   TakenBy::check},
    OptionRow{"deadline",        0,   "SECONDS",   TakenBy::check_and_client | TakenBy::lab},
    OptionRow{"listen",          0,   "[ADDR:]PORT", TakenBy::client},
    OptionRow{"count",           0,   "N",         TakenBy::client},
    OptionRow{"walk",            0,   "WHAT",      TakenBy::client},
    OptionRow{"no-walk",         0,   "",          TakenBy::client},
    OptionRow{"serial",          0,   "",          TakenBy::client},
    OptionRow{"local",           0,   "",          TakenBy::client},
    OptionRow{"list",            0,   "",          TakenBy::lab},
    OptionRow{"help",            'h', "",          TakenBy::every_command},
    OptionRow{"version",         'V', "",          TakenBy::every_command},
};

constexpr std::array k_commands = {
    std::pair{std::string_view{"check"},   Command::check},
    std::pair{std::string_view{"demo"},    Command::demo},
    std::pair{std::string_view{"client"},  Command::client},
    std::pair{std::string_view{"lab"},     Command::lab},
    std::pair{std::string_view{"help"},    Command::help},
    std::pair{std::string_view{"version"}, Command::version},
};

constexpr std::array k_future_commands = {
    FutureCommand{"explain", "'tlsdoctor check HOST --error TEXT' compares an error message with the server"},
    FutureCommand{"config",  "'tlsdoctor check HOST' diagnoses the running server"},
    FutureCommand{"capture", "'tlsdoctor check HOST --record FILE' records the visit of a server"},
    FutureCommand{"scan",    "'tlsdoctor check -iL FILE --json' writes one JSON line per target"},
    FutureCommand{"serve",   "'tlsdoctor check HOST --json' writes what a page would show"},
    FutureCommand{"diff",    "'tlsdoctor check HOST --json' writes results that diff(1) can compare"},
};
// clang-format on

template <typename Table, typename Matches>
const typename Table::value_type* found_in(const Table& table, const Matches& matches) {
    const auto row = std::find_if(table.begin(), table.end(), matches);
    return row == table.end() ? nullptr : &*row;
}

} // namespace

std::span<const OptionRow> option_rows() {
    return k_options;
}

const OptionRow* find_option(std::string_view name) {
    return found_in(k_options, [&](const OptionRow& row) { return row.name == name; });
}

const OptionRow* find_option(char letter) {
    return found_in(k_options, [&](const OptionRow& row) {
        return letter != 0 && row.letter == letter;
    });
}

bool takes(Command command, const OptionRow& row) {
    const unsigned bit = 1U << std::to_underlying(command);
    return (std::to_underlying(row.taken_by) & bit) != 0;
}

std::optional<Command> command_named(std::string_view name) {
    const auto* const row = found_in(k_commands, [&](const auto& c) { return c.first == name; });
    return row ? std::optional{row->second} : std::nullopt;
}

std::string_view name_of(Command command) {
    return found_in(k_commands, [&](const auto& c) { return c.second == command; })->first;
}

const FutureCommand* find_future_command(std::string_view name) {
    return found_in(k_future_commands, [&](const FutureCommand& row) { return row.name == name; });
}

} // namespace tlsdoctor::cli
