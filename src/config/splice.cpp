// SPDX-License-Identifier: Apache-2.0
// Byte-exact edits and their diff; see mend.hpp.
#include "config/mend.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/assume.hpp"
#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_context = 3; ///< lines around a change, as diff -u has it

/// The lines of a text with their ends; the last one may have none.
std::vector<std::string_view> lines_in(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

std::string marked(char mark, std::string_view line) {
    std::string text = mark + std::string{line};
    if (!line.ends_with('\n')) {
        text += "\n\\ No newline at end of file\n";
    }
    return text;
}

} // namespace

std::string spliced(std::string_view bytes, std::vector<Edit> edits) {
    std::ranges::stable_sort(edits, {}, [](const Edit& edit) { return edit.range.begin; });
    std::string result;
    std::size_t at = 0;
    for (const Edit& edit : edits) {
        assume(at <= edit.range.begin && edit.range.end <= bytes.size(), "edits do not overlap");
        result += bytes.substr(at, edit.range.begin - at);
        result += edit.text;
        at = edit.range.end;
    }
    result += bytes.substr(at);
    return result;
}

std::string unified_diff(const std::string& path, std::string_view before, std::string_view after) {
    const auto old_lines = lines_in(before);
    const auto new_lines = lines_in(after);
    std::size_t head = 0;
    while (head < old_lines.size() && head < new_lines.size() && old_lines[head] == new_lines[head]
    ) {
        ++head;
    }
    std::size_t tail = 0;
    while (tail < old_lines.size() - head && tail < new_lines.size() - head &&
           old_lines[old_lines.size() - 1 - tail] == new_lines[new_lines.size() - 1 - tail]) {
        ++tail;
    }
    if (head == old_lines.size() && head == new_lines.size()) {
        return {};
    }
    const std::size_t from = head - std::min(head, k_context);
    const std::size_t after_context = std::min(tail, k_context);
    const std::size_t old_end = old_lines.size() - tail;
    const std::size_t new_end = new_lines.size() - tail;
    std::string text = fmt::format(
        "--- {0}\n+++ {0}\n@@ -{1},{2} +{1},{3} @@\n", path, from + 1,
        old_end + after_context - from, new_end + after_context - from
    );
    for (std::size_t i = from; i < head; ++i) {
        text += marked(' ', old_lines[i]);
    }
    for (std::size_t i = head; i < old_end; ++i) {
        text += marked('-', old_lines[i]);
    }
    for (std::size_t i = head; i < new_end; ++i) {
        text += marked('+', new_lines[i]);
    }
    for (std::size_t i = old_end; i < old_end + after_context; ++i) {
        text += marked(' ', old_lines[i]);
    }
    return text;
}

} // namespace tlsdoctor::config
