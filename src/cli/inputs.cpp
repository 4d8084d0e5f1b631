// SPDX-License-Identifier: Apache-2.0
// Operands that are files of results.
#include "cli/inputs.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr std::size_t k_most_kept_words = 1'000;

std::optional<UsageError> wrong_number(Command command, std::size_t count) {
    if (command == Command::report) {
        return count > 0 ? std::nullopt
                         : std::optional{UsageError{
                               .what = "'report' wants the results that it is to show",
                               .hint = "tlsdoctor report results.jsonl -o report.html"
                           }};
    }
    if (count == 1 || count == 2) {
        return std::nullopt;
    }
    return UsageError{
        .what = fmt::format("'diff' compares two runs, and got {} operands", count),
        .hint =
            "tlsdoctor diff old.jsonl new.jsonl, or 'tlsdoctor diff results.db' for the last two"
    };
}

} // namespace

std::optional<UsageError>
read_inputs(const ParsedOptions& parsed, std::span<const std::string> operands, Options& options) {
    if (auto error = wrong_number(options.command, operands.size())) {
        return error;
    }
    if (std::ranges::count(operands, "-") > 1) {
        return UsageError{.what = "standard input can be read once"};
    }
    if (parsed.has("html-file") && parsed.has("output")) {
        return UsageError{.what = "-o and -oH name the same file", .hint = "one of them must go"};
    }
    options.inputs.assign(operands.begin(), operands.end());
    return std::nullopt;
}

std::optional<UsageError> mixed_outputs(const OutputOptions& output) {
    const bool json = output.json || output.json_file == "-";
    if (output.json && output.json_file == "-") {
        return UsageError{
            .what = "--json and '-oJ -' print the same on standard output",
            .hint = "one of them must go"
        };
    }
    if (output.record == "-" && json) {
        return UsageError{
            .what = "'--record -' and JSON would mix on standard output",
            .hint = "record into a file"
        };
    }
    if (output.html_file == "-" && (json || output.record == "-")) {
        return UsageError{
            .what = "'-oH -' and JSON would mix on standard output", .hint = "name a file"
        };
    }
    return std::nullopt;
}

std::string words_to_keep(const Normalised& line) {
    std::string words{name_of(line.command)};
    for (const std::string& option : line.options) {
        words += option.starts_with("--proxy=") ? " --proxy=..." : " " + shell_word(option);
    }
    for (const std::string& operand : line.operands) {
        words += " " + shell_word(operand);
        if (words.size() > k_most_kept_words) {
            return words + " ...";
        }
    }
    return words;
}

} // namespace tlsdoctor::cli
