// SPDX-License-Identifier: Apache-2.0
// HAProxy's files: lines of words. Quotes of both kinds, backslashes, `#` comments; a variable
// counts between double quotes only. A statement is a line: sections have no end of their own, and
// `.if` may stand around half of one, so who reads them keeps track.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// Cuts a file into lines of words. Words have their bytes as text, nothing resolved: that depends
/// on the environment at the time, see `resolve_haproxy`.
Document read_haproxy_lines(const Sources& sources, FileId file);

/// A variable of the environment, and where it was set.
struct HaproxyVariable {
    std::string text{};
    std::optional<Place> statement{}; ///< `setenv NAME value`; nullopt: not from these files
    Place value{};
};
using HaproxyEnvironment = std::map<std::string, HaproxyVariable, std::less<>>;

/// A word as HAProxy sees it.
struct HaproxyWord {
    std::string text{};
    Place place{};
    std::optional<HaproxyVariable> variable{}; ///< the whole word is the value of this one
};

/// Takes away quotes and escapes and puts in the environment's values. Names that it does not have
/// go to `missing`. A value that asks for it (`${NAME[*]}`) makes several words.
std::vector<HaproxyWord> resolve_haproxy(
    const Word& word, const HaproxyEnvironment& environment, std::vector<std::string>& missing
);

/// Puts the environment's values into a text without quotes, as is done for addresses.
std::string resolve_haproxy_address(std::string_view text, const HaproxyEnvironment& environment);

} // namespace tlsdoctor::config
