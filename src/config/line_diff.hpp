// SPDX-License-Identifier: Apache-2.0
// What differs between two texts, line by line, and the forms in which that is shown: edits of
// whole lines, and a unified diff.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tlsdoctor::config {

/// Lines `old_begin..old_end` of one text became `new_begin..new_end` of the other; from 0, ends
/// not in it.
struct Hunk {
    std::size_t old_begin{};
    std::size_t old_end{};
    std::size_t new_begin{};
    std::size_t new_end{};
};

/// One edit as the JSON and people see it: a whole line.
struct LineEdit {
    std::string file{};
    std::size_t line{};   ///< in the file as it is now, from 1
    std::string before{}; ///< that line as it is, without `\n`
    std::optional<std::string> after{
    }; ///< what stands there instead, maybe several lines; nullopt: the line goes
};

/// Returns the lines of a text with their ends; the last one may have none. Borrows.
std::vector<std::string_view> lines_with_ends(std::string_view text);

/// Returns the smallest set of changes, in order.
std::vector<Hunk> changes_between(std::string_view before, std::string_view after);

/// Returns them as edits of lines; what is inserted goes with the line before it.
std::vector<LineEdit>
line_edits(const std::string& path, std::string_view before, std::string_view after);

/// Returns a unified diff of one file with three lines of context; empty where nothing differs.
std::string unified_diff(const std::string& path, std::string_view before, std::string_view after);

} // namespace tlsdoctor::config
