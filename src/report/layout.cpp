// SPDX-License-Identifier: Apache-2.0
// Widths and wrapping over code points; see the header. Widths follow Unicode's East Asian Width in
// the coarse ranges that certificates and names really contain.
#include "report/layout.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::report {

namespace {

struct Range {
    char32_t first{};
    char32_t last{};
};

/// Characters that reorder, hide or join text: a peer could make `evil` look like `live` with them.
constexpr std::array k_deceptive = {
    Range{0x00ad, 0x00ad}, Range{0x061c, 0x061c}, Range{0x200b, 0x200f},
    Range{0x2028, 0x202e}, Range{0x2060, 0x206f}, Range{0xd800, 0xdfff},
    Range{0xfeff, 0xfeff}, Range{0xfff0, 0xfffb}, Range{0xe0000, 0xe0fff},
};

constexpr std::array k_two_columns = {
    Range{0x1100, 0x115f}, Range{0x2e80, 0xa4cf}, Range{0xac00, 0xd7a3},   Range{0xf900, 0xfaff},
    Range{0xfe30, 0xfe6f}, Range{0xff00, 0xff60}, Range{0x1f300, 0x1faff}, Range{0x20000, 0x3fffd},
};

constexpr std::array k_no_column = {Range{0x0300, 0x036f}, Range{0xfe00, 0xfe0f}};

struct Substitute {
    std::string_view symbol{};
    std::string_view ascii{};
};

constexpr std::array k_substitutes = {
    Substitute{"→", "->"},    Substitute{"←", "<-"},     Substitute{"⇄", "<->"},
    Substitute{"…", "..."},   Substitute{"–", "-"},      Substitute{"—", "-"},
    Substitute{"‑", "-"},     Substitute{"·", "*"},      Substitute{"•", "*"},
    Substitute{"’", "'"},     Substitute{"‘", "'"},      Substitute{"“", "\""},
    Substitute{"”", "\""},    Substitute{"×", "x"},      Substitute{"±", "+-"},
    Substitute{"≤", "<="},    Substitute{"≥", ">="},     Substitute{"≠", "!="},
    Substitute{"§", "sec. "}, Substitute{"\u00a0", " "},
};

template <std::size_t N>
bool in_any(const std::array<Range, N>& ranges, char32_t point) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
        return range.first <= point && point <= range.last;
    });
}

/// One code point and the bytes it took. `length` is never 0 for text that is not empty.
struct Point {
    char32_t value{};
    std::size_t length{};
};

/// Reads text that `harmless()` returned: every sequence is complete.
Point first_point(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length == 1 || length > text.size()) {
        return {.value = lead, .length = 1};
    }
    char32_t value = lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        value = (value << 6) | (static_cast<unsigned char>(text[i]) & 0x3fU);
    }
    return {.value = value, .length = length};
}

bool well_formed(const Point& point) {
    constexpr std::array<char32_t, 5> k_lowest = {0, 0, 0x80, 0x800, 0x10000};
    return point.value >= k_lowest[point.length] && point.value <= 0x10ffff;
}

std::string escaped(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        text += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
    return text;
}

std::size_t width_of(char32_t point) {
    return in_any(k_no_column, point) ? 0 : in_any(k_two_columns, point) ? 2 : 1;
}

/// Returns how many bytes at the front of `text` fit into `columns`, whole code points only.
std::size_t fitting(std::string_view text, std::size_t columns) {
    std::size_t bytes = 0;
    std::size_t used = 0;
    while (bytes < text.size()) {
        const Point point = first_point(text.substr(bytes));
        used += width_of(point.value);
        if (used > columns) {
            break;
        }
        bytes += point.length;
    }
    return bytes;
}

} // namespace

std::string safe_text(std::string_view text) {
    const std::string shown = harmless(text);
    std::string result;
    for (std::string_view rest = shown; !rest.empty();) {
        const Point point = first_point(rest);
        const std::string_view bytes = rest.substr(0, point.length);
        const bool safe = well_formed(point) && !in_any(k_deceptive, point.value);
        result += safe ? std::string{bytes} : escaped(bytes);
        rest.remove_prefix(point.length);
    }
    return result;
}

std::string safe_lines(std::string_view text) {
    std::vector<std::string> lines;
    for (const std::string_view line : split(text, '\n')) {
        lines.push_back(safe_text(line));
    }
    // Not joined(): it drops the separator behind empty first lines.
    std::string result = lines.front();
    for (std::size_t i = 1; i < lines.size(); ++i) {
        result += '\n' + lines[i];
    }
    return result;
}

std::string ascii_text(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto* known =
            std::find_if(k_substitutes.begin(), k_substitutes.end(), [&](const Substitute& one) {
                return text.starts_with(one.symbol);
            });
        const Point point = first_point(text);
        const std::string_view bytes = text.substr(0, point.length);
        if (known != k_substitutes.end()) {
            result += known->ascii;
        } else {
            result += point.length == 1 ? std::string{bytes} : escaped(bytes);
        }
        text.remove_prefix(point.length);
    }
    return result;
}

std::size_t width(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        const Point point = first_point(text);
        columns += width_of(point.value);
        text.remove_prefix(point.length);
    }
    return columns;
}

std::string clipped(std::string_view text, std::size_t columns) {
    if (text.size() <= columns || width(text) <= columns) {
        return std::string{text};
    }
    return std::string{text.substr(0, fitting(text, columns > 3 ? columns - 3 : 0))} + "…";
}

std::string padded(std::string_view text, std::size_t columns) {
    const std::size_t used = width(text);
    return std::string{text} + std::string(columns > used ? columns - used : 0, ' ');
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
    std::vector<std::string> lines;
    const std::size_t most = std::max<std::size_t>(columns, 2);
    text = trimmed(text);
    while (width(text) > most) {
        const std::size_t fits = fitting(text, most);
        const std::size_t space = text.substr(0, fits + 1).rfind(' ');
        const std::size_t cut = space == std::string_view::npos || space == 0 ? fits : space;
        lines.emplace_back(trimmed(text.substr(0, cut)));
        text = trimmed(text.substr(cut));
    }
    lines.emplace_back(text);
    return lines;
}

} // namespace tlsdoctor::report
