// SPDX-License-Identifier: Apache-2.0
// Turns the options that users of nmap, openssl, testssl.sh, sslscan, sslyze, tlsx and curl have in
// their fingers into our own long ones, before anything is parsed. One table; see normalise.cpp.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/option_table.hpp"
#include "cli/usage_error.hpp"

namespace tlsdoctor::cli {

/// How a word is rewritten.
enum class Rewrite : std::uint8_t {
    rename,  ///< another name for `to`; takes a value where `to` does
    replace, ///< becomes `to`, which is complete: `--color=never`
    target,  ///< its value is a target: openssl's `-connect HOST:PORT`
    later,   ///< known and not in this version: a usage error that says `to`
};

/// One foreign spelling, with its dashes.
struct Alias {
    std::string_view from{};
    Rewrite rewrite{};
    std::string_view to{}; ///< a long option with its dashes, or the hint for `later`
};

/// A command line of our own long options only.
struct Normalised {
    Command command{};
    bool command_given{};                ///< false where the first word was a target, or nothing
    std::vector<std::string> options{};  ///< `--name` or `--name=value`, never a separate value
    std::vector<std::string> operands{}; ///< targets, or the words of a help topic
};

/// Returns the whole table.
std::span<const Alias> aliases();

/// Rewrites the words after the program's name. A word that no table knows stays among the options
/// as it is, for the parser to refuse. The first operand is the command where it is one's name.
std::expected<Normalised, UsageError> normalise(std::span<const std::string> words);

/// Says that `word` is no option of `command` and which one is meant.
UsageError unknown_option(std::string_view word, Command command);

} // namespace tlsdoctor::cli
