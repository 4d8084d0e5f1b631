// SPDX-License-Identifier: Apache-2.0
// What pasted errors and logs mean: who printed them, where the failure was raised, which causes
// explain it. Pure: text in, values out; memory and time are bounded whatever the text is.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "explain/decide.hpp"
#include "explain/places.hpp"

namespace tlsdoctor::explain {

/// Equal messages, and what they mean.
struct Group {
    std::string_view id{}; ///< of the row that decided; empty: an alert alone
    Meaning meaning{};
    Place place{};
    std::vector<std::string> next{}; ///< commands
    std::string sample{};            ///< the line that decided
    std::string telling{};           ///< of it, from the words that did
    std::size_t count{};
    std::size_t first_line{}; ///< from 1
};

/// What a text means.
struct Reading {
    std::vector<Group> groups{}; ///< worst first; empty: nothing was recognised
    std::size_t lines{};         ///< of the text
    std::size_t messages{};      ///< into which it falls, recognised or not
    std::size_t unrecognised{};  ///< lines of messages that no row knows

    /// Tells whether the text is a log: more than one message.
    bool is_log() const { return messages > 1; }
};

/// Reads one text. Compiling the knowledge takes some hundredths of a second, so a reader is made
/// once.
class Reader final {
public:
    Reader();
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// Takes the next bytes of the text, cut anywhere.
    void feed(std::string_view bytes);

    /// Ends the text and says what it means. The reader can then take another.
    Reading finish();

    /// Reads a whole text.
    Reading read(std::string_view text);

    /// Returns the patterns; for tests.
    const Matcher& matcher() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace tlsdoctor::explain
