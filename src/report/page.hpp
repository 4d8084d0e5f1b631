// SPDX-License-Identifier: Apache-2.0
// The page that the terminal reports write on. Everything is made safe here, once, and only the
// page itself writes escape sequences: no text of a peer can reach a terminal as a command.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "registry/cause.hpp"

namespace tlsdoctor::report {

/// What the terminal can show.
struct Look {
    bool color{};
    bool utf8{true};
    std::size_t columns{100};
};

/// How the first word of a line stands out; colour never carries a meaning of its own.
enum class Paint : std::uint8_t { none, heading, ok, warn, fail, unsure };

/// The lines that a report may have without `-v`.
inline constexpr std::size_t k_screen_lines = 24;

/// Returns the colour of a verdict.
Paint paint_of(Status status);

/// The word before a paragraph and where the paragraph stands.
struct Head {
    std::size_t indent{};    ///< columns before the word
    std::string_view word{}; ///< may be empty
    std::size_t hang{};      ///< the column where the text, and every further line of it, begins
    Paint paint{Paint::none};
};

/// The column where the text behind a heading begins.
inline constexpr std::size_t k_hang = 10;

/// Returns the head of a section: `  Fault   ...`; an empty word continues one.
Head heading(std::string_view word);

/// Lines under construction.
class Page final {
public:
    explicit Page(const Look& look) : look_{look} {}

    /// Writes a paragraph, wrapped; text of more than about ten lines is clipped, as only a peer
    /// would send so much.
    void put(const Head& head, std::string_view text);

    /// Writes text as it stands, line by line and never wrapped: it is there to be copied.
    void exact(const Head& head, std::string_view text);

    /// Writes an empty line, unless the page is empty or its last line is one.
    void blank();

    /// Returns the columns that are left to the right of `hang`.
    std::size_t room(std::size_t hang) const;

    const Look& look() const { return look_; }
    std::size_t lines() const { return lines_; }
    const std::string& text() const { return text_; }

private:
    void line(const Head& head, std::string_view text);

    Look look_{};
    std::string text_{};
    std::size_t lines_{};
};

} // namespace tlsdoctor::report
