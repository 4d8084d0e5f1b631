// SPDX-License-Identifier: Apache-2.0
// Which rows match a line. One pass over the line finds the literals that patterns need; only
// patterns whose literals are all there are tried, so a line costs its length, not the number of
// rows. The only file beside words.cpp's and places.cpp's that knows RE2.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tlsdoctor::explain {

/// The rows that match a line, as indices into `message_rows()` and `hint_rows()`.
struct Matches {
    std::vector<int> messages{};
    std::vector<int> hints{};
    bool about_tls{}; ///< a word stands there that only texts about TLS have
};

/// What a message row's pattern matched.
struct Extent {
    std::size_t begin{};
    std::size_t length{};
    std::optional<int> alert{}; ///< of the group `alert`, 0 to 255
};

/// All patterns, compiled.
class Matcher final {
public:
    Matcher();
    ~Matcher();
    Matcher(const Matcher&) = delete;
    Matcher& operator=(const Matcher&) = delete;

    /// Finds the rows that match a line.
    void match(std::string_view line, Matches& matches) const;

    /// Returns how much of the line a row takes; the row must match.
    Extent extent(int message, std::string_view line) const;

    /// Returns the patterns that RE2 refused, as `id: reason`; a test wants none.
    const std::vector<std::string>& refused() const;

    /// Returns the number of patterns without a literal: every line is held to them.
    std::size_t unfiltered() const;

private:
    struct Patterns;
    std::unique_ptr<Patterns> patterns_;
};

} // namespace tlsdoctor::explain
