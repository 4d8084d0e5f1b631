// SPDX-License-Identifier: Apache-2.0
// The main section of an Exim configuration: options, after macros, `.ifdef` and `.include`. What
// stands behind the first `begin` is about mail.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"
#include "config/servers/last_wins.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

inline constexpr KeyValueDialect k_exim_dialect{
    .quotes = "\"",
    .quotes_whole = true,
    .escape = Escape::in_double_quotes,
    .continuation = Continuation::backslash
};

/// A macro as it was defined.
struct EximMacro {
    std::string value{};
    Place statement{};
    Place value_place{};
};

/// The main section.
struct EximOptions {
    Settings settings{}; ///< by name; left out by conditions: with the reason
    std::map<std::string, EximMacro, std::less<>> macros{};
    std::map<std::string, std::vector<std::string>, std::less<>> used{}; ///< macros by option
    Place begin{}; ///< the first `begin`, or the end of the main file
};

/// Reads the main file and what it includes; `file` is one of the reading's sources.
EximOptions read_exim_options(const Input& input, Reading& reading, FileId file);

/// Returns the items of an Exim list: `a : b`, `<; a ; b`; blanks are trimmed.
std::vector<std::string> exim_list(std::string_view text);

} // namespace tlsdoctor::config
