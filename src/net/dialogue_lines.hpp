// SPDX-License-Identifier: Apache-2.0
// Reads the lines and reply codes of the clear-text protocols; private to this module. Everything
// decides on whole lines alone, so that an answer which is cut anywhere is read alike.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "net/dialogue.hpp"

namespace tlsdoctor::net {

/// Takes whole lines off a text, without their ends. Borrows from `heard`.
class Lines final {
public:
    explicit Lines(ByteView heard) : text_(as_text(heard)) {}

    /// Returns the next line; nullopt where its end has not come yet.
    std::optional<std::string_view> next();

    /// Returns the bytes of the lines that were taken.
    [[nodiscard]] std::size_t used() const { return used_; }

private:
    std::string_view text_;
    std::size_t used_{};
};

/// Tells whether `heard`, which may be cut short, begins with one of the texts (in lower case, at
/// most 16 bytes) or can still become one.
bool may_begin(ByteView heard, std::initializer_list<std::string_view> texts);

/// Tells whether a line begins with `prefix`, whatever the case.
bool begins(std::string_view line, std::string_view prefix);

/// Tells whether one of the words between spaces is `word`, whatever the case.
bool has_word(std::string_view line, std::string_view word);

/// A reply of SMTP, FTP or NNTP: a code of three digits, over several lines where a dash follows it
/// [RFC 5321 4.2.1, RFC 959 4.2].
struct Reply {
    /// Whether all of it is there, and whether it is a reply at all.
    enum class State : std::uint8_t { more, whole, foreign };
    State state{};
    unsigned code{};
    std::size_t used{};
};

/// Reads one reply.
Reply read_reply(ByteView heard);

/// What a range of codes, both inclusive, means in one place of a dialogue.
struct CodeRow {
    unsigned least{};
    unsigned most{};
    DialogueEnd end{};
};

/// Judges a reply by the first row that fits; `foreign` where none does or where it is no reply.
Judgement by_code(ByteView heard, std::span<const CodeRow> rows, DialogueEnd foreign);

/// Returns a text as bytes to be sent.
Bytes words(std::string_view text);

/// Says `STARTTLS`, as four protocols do.
Bytes say_starttls(const DialogueNames& names);

} // namespace tlsdoctor::net
