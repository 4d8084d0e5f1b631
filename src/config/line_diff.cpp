// SPDX-License-Identifier: Apache-2.0
// The greedy algorithm of E. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986):
// configurations are edited in few places, so D is small.
#include "config/line_diff.hpp"

#include <algorithm>
#include <span>

#include <fmt/core.h>

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_context = 3;
constexpr std::ptrdiff_t k_most_changes =
    400; ///< beyond, all between the first and the last is one

using LineSpan = std::span<const std::string_view>;
using Frontier = std::vector<std::ptrdiff_t>;

std::size_t common_beginning(LineSpan a, LineSpan b) {
    const auto [one, other] = std::ranges::mismatch(a, b);
    return static_cast<std::size_t>(one - a.begin());
}

/// Runs forward until both texts are used up; the frontiers of each round, or none where there are
/// too many changes.
std::vector<Frontier> rounds(LineSpan a, LineSpan b) {
    const auto n = static_cast<std::ptrdiff_t>(a.size());
    const auto m = static_cast<std::ptrdiff_t>(b.size());
    const std::ptrdiff_t most = std::min(n + m, k_most_changes);
    const auto at = [most](std::ptrdiff_t k) {
        return static_cast<std::size_t>(k + most + 1);
    };
    Frontier furthest(static_cast<std::size_t>(2 * most + 3), 0);
    std::vector<Frontier> all;
    for (std::ptrdiff_t d = 0; d <= most; ++d) {
        all.push_back(furthest);
        for (std::ptrdiff_t k = -d; k <= d; k += 2) {
            const bool down = k == -d || (k != d && furthest[at(k - 1)] < furthest[at(k + 1)]);
            std::ptrdiff_t x = down ? furthest[at(k + 1)] : furthest[at(k - 1)] + 1;
            while (x < n && x - k < m && x - k >= 0 &&
                   a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(x - k)]) {
                ++x;
            }
            furthest[at(k)] = x;
            if (x >= n && x - k >= m) {
                return all;
            }
        }
    }
    return {};
}

/// Adds a line that goes (or comes) in front of what was found before: we walk from the end.
void prepend(std::vector<Hunk>& hunks, Hunk one) {
    if (!hunks.empty() && hunks.back().old_begin == one.old_end &&
        hunks.back().new_begin == one.new_end) {
        hunks.back().old_begin = one.old_begin;
        hunks.back().new_begin = one.new_begin;
    } else {
        hunks.push_back(one);
    }
}

/// Walks back through the rounds; positions count from `offset`.
std::vector<Hunk> walked_back(LineSpan a, LineSpan b, std::size_t offset) {
    const auto all = rounds(a, b);
    if (all.empty()) {
        return {{offset, offset + a.size(), offset, offset + b.size()}};
    }
    const auto n = static_cast<std::ptrdiff_t>(a.size());
    const auto m = static_cast<std::ptrdiff_t>(b.size());
    const std::ptrdiff_t most = std::min(n + m, k_most_changes);
    const auto at = [most](std::ptrdiff_t k) {
        return static_cast<std::size_t>(k + most + 1);
    };
    std::ptrdiff_t x = n;
    std::ptrdiff_t y = m;
    std::vector<Hunk> hunks;
    for (auto d = static_cast<std::ptrdiff_t>(all.size()) - 1; d > 0; --d) {
        const Frontier& furthest = all[static_cast<std::size_t>(d)];
        const std::ptrdiff_t k = x - y;
        const bool down = k == -d || (k != d && furthest[at(k - 1)] < furthest[at(k + 1)]);
        const std::ptrdiff_t from_x = furthest[at(down ? k + 1 : k - 1)];
        const std::ptrdiff_t from_y = from_x - (down ? k + 1 : k - 1);
        const auto old_at = offset + static_cast<std::size_t>(from_x);
        const auto new_at = offset + static_cast<std::size_t>(from_y);
        prepend(hunks, {old_at, old_at + (down ? 0 : 1), new_at, new_at + (down ? 1 : 0)});
        x = from_x;
        y = from_y;
    }
    std::ranges::reverse(hunks);
    return hunks;
}

std::string without_end(std::string_view line) {
    return std::string{line.ends_with('\n') ? line.substr(0, line.size() - 1) : line};
}

std::string marked(char mark, std::string_view line) {
    std::string text = mark + std::string{line};
    return line.ends_with('\n') ? text : text + "\n\\ No newline at end of file\n";
}

/// Adds lines to what stands in the place of a line.
void append(LineEdit& edit, LineSpan lines, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
        edit.after = edit.after ? *edit.after + "\n" : std::string{};
        *edit.after += without_end(lines[i]);
    }
}

/// Writes hunks that stand so near to each other that their contexts meet.
std::string shown_together(std::span<const Hunk> hunks, LineSpan before, LineSpan after) {
    const Hunk& first = hunks.front();
    const Hunk& last = hunks.back();
    const std::size_t lead = std::min(first.old_begin, k_context);
    const std::size_t trail = std::min(before.size() - last.old_end, k_context);
    std::string text = fmt::format(
        "@@ -{},{} +{},{} @@\n", first.old_begin - lead + 1,
        last.old_end + trail - (first.old_begin - lead), first.new_begin - lead + 1,
        last.new_end + trail - (first.new_begin - lead)
    );
    std::size_t at = first.old_begin - lead;
    for (const Hunk& hunk : hunks) {
        for (; at < hunk.old_begin; ++at) {
            text += marked(' ', before[at]);
        }
        for (; at < hunk.old_end; ++at) {
            text += marked('-', before[at]);
        }
        for (std::size_t i = hunk.new_begin; i < hunk.new_end; ++i) {
            text += marked('+', after[i]);
        }
    }
    for (; at < last.old_end + trail; ++at) {
        text += marked(' ', before[at]);
    }
    return text;
}

} // namespace

std::vector<std::string_view> lines_with_ends(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

std::vector<Hunk> changes_between(std::string_view before, std::string_view after) {
    const auto old_lines = lines_with_ends(before);
    const auto new_lines = lines_with_ends(after);
    LineSpan a{old_lines};
    LineSpan b{new_lines};
    const std::size_t head = common_beginning(a, b);
    a = a.subspan(head);
    b = b.subspan(head);
    while (!a.empty() && !b.empty() && a.back() == b.back()) {
        a = a.first(a.size() - 1);
        b = b.first(b.size() - 1);
    }
    if (a.empty() && b.empty()) {
        return {};
    }
    return walked_back(a, b, head);
}

std::vector<LineEdit>
line_edits(const std::string& path, std::string_view before, std::string_view after) {
    const auto old_lines = lines_with_ends(before);
    const auto new_lines = lines_with_ends(after);
    std::vector<LineEdit> edits;
    for (const Hunk& hunk : changes_between(before, after)) {
        const bool inserts = hunk.old_begin == hunk.old_end && hunk.old_begin > 0;
        if (inserts && !edits.empty() && edits.back().line == hunk.old_begin) {
            append(edits.back(), new_lines, hunk.new_begin, hunk.new_end); // that line has an edit
            continue;
        }
        std::size_t old_at = hunk.old_begin;
        std::size_t new_at = hunk.new_begin;
        if (inserts) {
            --old_at; // the line before stays, and what is inserted follows it
            --new_at;
        }
        const std::size_t old_end = std::max(hunk.old_end, std::min(old_at + 1, old_lines.size()));
        const std::size_t new_end =
            hunk.new_end + (old_end > hunk.old_end && old_at == hunk.old_end ? 1 : 0);
        for (; old_at < old_end; ++old_at) {
            LineEdit edit{
                .file = path, .line = old_at + 1, .before = without_end(old_lines[old_at])
            };
            const bool last = old_at + 1 == old_end;
            const std::size_t until = last ? new_end : std::min(new_at + 1, new_end);
            append(edit, new_lines, new_at, until);
            new_at = until;
            edits.push_back(std::move(edit));
        }
        if (old_lines.empty()) {
            edits.push_back({.file = path, .line = 1, .after = without_end(after)});
        }
    }
    return edits;
}

std::string unified_diff(const std::string& path, std::string_view before, std::string_view after) {
    const auto hunks = changes_between(before, after);
    if (hunks.empty()) {
        return {};
    }
    const auto old_lines = lines_with_ends(before);
    const auto new_lines = lines_with_ends(after);
    std::string text = fmt::format("--- {0}\n+++ {0}\n", path);
    for (std::size_t first = 0; first < hunks.size();) {
        std::size_t end = first + 1;
        while (end < hunks.size() && hunks[end].old_begin - hunks[end - 1].old_end <= 2 * k_context
        ) {
            ++end;
        }
        text += shown_together(std::span{hunks}.subspan(first, end - first), old_lines, new_lines);
        first = end;
    }
    return text;
}

} // namespace tlsdoctor::config
