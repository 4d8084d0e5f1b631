// SPDX-License-Identifier: Apache-2.0
// The table of options and commands; see the header.
#include "cli/option_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tlsdoctor::cli {

namespace {

constexpr TakenBy k_of_check = TakenBy::check;
constexpr TakenBy k_of_demo = TakenBy::demo;
constexpr TakenBy k_of_client = TakenBy::client;
constexpr TakenBy k_of_explain = TakenBy::explain;
constexpr TakenBy k_of_lab = TakenBy::lab;
constexpr TakenBy k_of_scan = TakenBy::scan;
constexpr TakenBy k_of_diff = TakenBy::diff;
constexpr TakenBy k_of_report = TakenBy::report;
constexpr TakenBy k_of_config = TakenBy::config;
constexpr TakenBy k_all_reports = k_of_check | k_of_demo | k_of_client | k_of_explain;

// clang-format off
constexpr std::array k_options = {
    OptionRow{"json",            'j', "",          k_all_reports | k_of_lab | k_of_diff | k_of_scan | k_of_config},
    OptionRow{"json-file",       0,   "FILE",      k_of_check | k_of_client | k_of_explain | k_of_diff | k_of_scan | k_of_config},
    OptionRow{"html-file",       0,   "FILE",      k_of_check | k_of_report},
    OptionRow{"output",          'o', "FILE",      k_of_report},
    OptionRow{"db",              0,   "FILE",      k_of_check | k_of_scan},
    OptionRow{"quiet",           'q', "",          k_all_reports | k_of_diff | k_of_scan | k_of_config},
    OptionRow{"verbose",         'v', "",          k_all_reports | k_of_diff | k_of_config},
    OptionRow{"evidence",        0,   "",          k_of_check | k_of_demo},
    OptionRow{"color",           0,   "WHEN",      TakenBy::every_command},
    OptionRow{"overwrite",       0,   "",          k_of_check | k_of_client | k_of_explain | k_of_lab | k_of_diff | k_of_report | k_of_scan | k_of_config},
    OptionRow{"record",          0,   "FILE",      k_of_check | k_of_client},
    OptionRow{"replay",          0,   "FILE",      k_of_check | k_of_client},
    OptionRow{"targets",         0,   "FILE",      k_of_check | k_of_explain | k_of_scan},
    OptionRow{"port",            'p', "PORT",      k_of_check | k_of_lab | k_of_scan},
    OptionRow{"sni",             0,   "NAME",      k_of_check | k_of_scan | k_of_config},
    OptionRow{"no-sni",          0,   "",          k_of_check | k_of_scan | k_of_config},
    OptionRow{"connect",         0,   "IP[:PORT]", k_of_check},
    OptionRow{"ipv4",            '4', "",          k_of_check | k_of_explain | k_of_scan},
    OptionRow{"ipv6",            '6', "",          k_of_check | k_of_explain | k_of_scan},
    OptionRow{"starttls",        't', "HOW",       k_of_check | k_of_explain | k_of_scan},
    OptionRow{"proxy",           'x', "URL",       k_of_check | k_of_explain | k_of_scan},
    OptionRow{"ca",              0,   "FILE",      k_of_check | k_of_explain | k_of_lab | k_of_scan},
    OptionRow{"cert",            0,   "FILE",      k_of_check | k_of_explain | k_of_scan},
    OptionRow{"key",             0,   "FILE",      k_of_check | k_of_explain | k_of_scan},
    OptionRow{"insecure",        'k', "",          k_of_check | k_of_explain | k_of_scan},
    OptionRow{"versions-only",   0,   "",          k_of_check | k_of_scan},
    OptionRow{"suites-only",     0,   "",          k_of_check | k_of_scan},
    OptionRow{"full",            0,   "",          k_of_check | k_of_scan},
    OptionRow{"repeat",          0,   "N",         k_of_check},
    OptionRow{"clients",         0,   "",          k_of_check | k_of_scan},
    OptionRow{"client",          0,   "ID",        k_of_check | k_of_scan},
    OptionRow{"what-if",         0,   "SPEC",      k_of_check},
    OptionRow{"error",           0,   "TEXT",      k_of_check},
    OptionRow{"expect",          0,   "LIST",      k_of_check | k_of_scan | k_of_config},
    OptionRow{"policy",          0,   "NAME|FILE", k_of_check | k_of_scan},
    OptionRow{"fail-on",         0,   "WHAT",      k_of_check | k_of_client | k_of_scan | k_of_config},
    OptionRow{"run",             0,   "",          k_of_explain},
    OptionRow{"timeout",         0,   "SECONDS",   k_of_check | k_of_explain | k_of_scan},
    OptionRow{"connect-timeout", 0,   "SECONDS",   k_of_check | k_of_explain | k_of_scan},
    OptionRow{"deadline",        0,   "SECONDS",   k_of_check | k_of_client | k_of_explain | k_of_lab | k_of_scan},
    OptionRow{"exclude",         0,   "FILE",      k_of_scan},
    OptionRow{"resume",          0,   "",          k_of_scan},
    OptionRow{"rate",            0,   "N",         k_of_scan},
    OptionRow{"per-host",        0,   "N",         k_of_scan},
    OptionRow{"concurrency",     0,   "N",         k_of_scan},
    OptionRow{"threads",         0,   "N",         k_of_scan},
    OptionRow{"seed",            0,   "N",         k_of_scan},
    OptionRow{"listen",          0,   "[ADDR:]PORT", k_of_client},
    OptionRow{"count",           0,   "N",         k_of_client},
    OptionRow{"walk",            0,   "WHAT",      k_of_client},
    OptionRow{"no-walk",         0,   "",          k_of_client},
    OptionRow{"serial",          0,   "",          k_of_client},
    OptionRow{"local",           0,   "",          k_of_client},
    OptionRow{"config",          0,   "PATH",      k_of_check},
    OptionRow{"server",          0,   "NAME",      k_of_check | k_of_config},
    OptionRow{"start-command",   0,   "FILE|TEXT", k_of_check | k_of_config},
    OptionRow{"server-version",  0,   "VERSION",   k_of_check | k_of_config},
    OptionRow{"library-version", 0,   "VERSION",   k_of_check | k_of_config},
    OptionRow{"target",          0,   "POLICY",    k_of_config},
    OptionRow{"address",         0,   "ADDR",      k_of_config},
    OptionRow{"lint",            0,   "",          k_of_config},
    OptionRow{"format",          0,   "FORMAT",    k_of_config},
    OptionRow{"apply",           0,   "",          k_of_config},
    OptionRow{"reload",          0,   "",          k_of_config},
    OptionRow{"verify",          0,   "",          k_of_config},
    OptionRow{"list",            0,   "",          k_of_lab},
    OptionRow{"help",            'h', "",          TakenBy::every_command},
    OptionRow{"version",         'V', "",          TakenBy::every_command},
};

constexpr std::array k_commands = {
    std::pair{std::string_view{"check"},   Command::check},
    std::pair{std::string_view{"demo"},    Command::demo},
    std::pair{std::string_view{"client"},  Command::client},
    std::pair{std::string_view{"explain"}, Command::explain},
    std::pair{std::string_view{"lab"},     Command::lab},
    std::pair{std::string_view{"scan"},    Command::scan},
    std::pair{std::string_view{"diff"},    Command::diff},
    std::pair{std::string_view{"report"},  Command::report},
    std::pair{std::string_view{"config"},  Command::config},
    std::pair{std::string_view{"help"},    Command::help},
    std::pair{std::string_view{"version"}, Command::version},
};

constexpr std::array k_future_commands = {
    FutureCommand{"capture", "'tlsdoctor check HOST --record FILE' records the visit of a server"},
    FutureCommand{"serve",   "'tlsdoctor check HOST --json' writes what a page would show"},
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
