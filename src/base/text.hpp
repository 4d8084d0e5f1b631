// SPDX-License-Identifier: Apache-2.0
// Small operations on text that the standard library of GCC 12 lacks. ASCII only: host names,
// options and protocol keywords are ASCII, and nothing here depends on the locale.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tlsdoctor {

/// Returns `text` without leading and trailing white space; borrows from `text`.
std::string_view trimmed(std::string_view text);

/// Splits at each `separator`; empty parts are kept, so the result has at least one element.
/// Borrows.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Joins with `separator` between the parts.
std::string joined(std::span<const std::string> parts, std::string_view separator);

/// Returns `text` with A-Z in lower case.
std::string lower(std::string_view text);

/// Compares without regard to the case of ASCII letters.
bool same_ignoring_case(std::string_view a, std::string_view b);

/// Reads a whole decimal number of at most `most`; signs, spaces and empty text are nullopt.
std::optional<std::uint32_t> number_in(std::string_view text, std::uint32_t most);

/// Returns the candidate nearest to `word` by edit distance, where that is at most a third of its
/// length (so a typing error is met and an unrelated word is not); borrows from `candidates`.
std::optional<std::string_view>
nearest(std::string_view word, std::span<const std::string_view> candidates);

/// Returns `text` with control characters, and bytes that are not UTF-8, shown as \xNN: what a peer
/// sent is safe to print to a terminal.
std::string harmless(std::string_view text);

/// Returns `word` as one word of a POSIX shell: a target may come from a list that a stranger
/// wrote, and its report invites people to paste the command.
std::string shell_word(std::string_view word);

} // namespace tlsdoctor
