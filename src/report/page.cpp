// SPDX-License-Identifier: Apache-2.0
// Writes the lines of a page; the only file of the reports that knows an escape sequence.
#include "report/page.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "report/layout.hpp"

namespace tlsdoctor::report {

namespace {

constexpr std::size_t k_most_columns_of_text = 800;
constexpr std::size_t k_most_columns_of_exact_line = 2'000;

/// In the order of `Paint`. Bright colours are left out: on light terminals they cannot be read.
constexpr std::array<std::string_view, 6> k_paints = {"",           "\x1b[1m",    "\x1b[1;32m",
                                                      "\x1b[1;33m", "\x1b[1;31m", "\x1b[1;35m"};
constexpr std::string_view k_plain = "\x1b[0m";

} // namespace

Paint paint_of(Status status) {
    constexpr std::array k_by_status = {Paint::fail, Paint::unsure, Paint::warn, Paint::ok};
    return k_by_status[std::to_underlying(status)];
}

Head heading(std::string_view word) {
    return {.indent = 2, .word = word, .hang = k_hang, .paint = Paint::heading};
}

std::size_t Page::room(std::size_t hang) const {
    return look_.columns > hang + 20 ? look_.columns - hang : 20;
}

void Page::put(const Head& head, std::string_view text) {
    std::string shown = clipped(safe_text(text), k_most_columns_of_text);
    if (!look_.utf8) {
        shown = ascii_text(shown);
    }
    Head here = head;
    for (const std::string& part : wrapped(shown, room(head.hang))) {
        line(here, part);
        here = Head{.hang = head.hang};
    }
}

void Page::exact(const Head& head, std::string_view text) {
    Head here = head;
    for (const std::string_view part : split(text, '\n')) {
        const std::string shown = clipped(safe_text(part), k_most_columns_of_exact_line);
        line(here, look_.utf8 ? shown : ascii_text(shown));
        here = Head{.hang = head.hang};
    }
}

void Page::blank() {
    if (!text_.empty() && !text_.ends_with("\n\n")) {
        text_ += '\n';
        ++lines_;
    }
}

void Page::line(const Head& head, std::string_view text) {
    const bool painted = look_.color && head.paint != Paint::none && !head.word.empty();
    const std::string word = safe_text(head.word);
    std::string shown(head.indent, ' ');
    if (painted) {
        shown += k_paints[std::to_underlying(head.paint)];
    }
    shown += look_.utf8 ? word : ascii_text(word);
    if (painted) {
        shown += k_plain;
    }
    const std::size_t used = head.indent + width(word);
    // A word that reaches into the text's column still gets one space.
    const std::size_t least = head.word.empty() ? 0 : 1;
    shown += std::string(std::max(least, head.hang > used ? head.hang - used : 0), ' ');
    shown += text;
    shown.erase(shown.find_last_not_of(' ') + 1);
    text_ += shown + '\n';
    ++lines_;
}

} // namespace tlsdoctor::report
