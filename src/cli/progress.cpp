// SPDX-License-Identifier: Apache-2.0
// Writes and removes the progress line.
#include "cli/progress.hpp"

#include <cstdio>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr std::string_view k_clear_line = "\r\x1b[K";

/// Cuts at the terminal's width, not inside a character: a line that wraps cannot be overwritten.
std::string fitted(std::string text, std::size_t columns) {
    if (text.size() < columns) {
        return text;
    }
    std::size_t end = columns - 1;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
        --end;
    }
    text.resize(end);
    return text;
}

} // namespace

void ProgressLine::show(std::string_view text) {
    if (!shown_) {
        return;
    }
    fmt::print(stderr, "{}{}", k_clear_line, fitted(harmless(text), columns_));
    std::fflush(stderr);
    visible_ = true;
}

void ProgressLine::clear() {
    if (visible_) {
        fmt::print(stderr, "{}", k_clear_line);
        std::fflush(stderr);
        visible_ = false;
    }
}

} // namespace tlsdoctor::cli
