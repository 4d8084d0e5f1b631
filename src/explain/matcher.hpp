// SPDX-License-Identifier: Apache-2.0
// Which rows match a line. One pass over the line finds the literals that patterns need; only
// patterns with a literal there are tried, so a line costs its length, not the number of rows, and
// a pattern is compiled when a line first has its literal.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tlsdoctor::explain {

/// What a message row's pattern matched.
struct Extent {
    std::size_t begin{};
    std::size_t length{};
    std::optional<int> alert{}; ///< of the group `alert`, 0 to 255
};

/// Rows that match a line.
struct Matches {
    std::vector<int> messages{}; ///< indices into `message_rows()`
    bool about_tls{};            ///< a word stands there that texts about TLS have
};

/// All patterns.
class Matcher final {
public:
    Matcher();
    ~Matcher();
    Matcher(const Matcher&) = delete;
    Matcher& operator=(const Matcher&) = delete;

    /// Finds the messages that match a line.
    void match(std::string_view line, Matches& matches) const;

    /// Adds to `hints` the indices of the hints that match a line and are not there yet: of those
    /// that count for a message, or of all where `message` is null.
    void match_hints(
        std::string_view line, const std::string_view* message, std::vector<int>& hints
    ) const;

    /// Tells whether a text holds a literal of any pattern.
    bool has_word(std::string_view text) const;

    /// Returns how much of the line a row takes; the row must match.
    Extent extent(int message, std::string_view line) const;

    /// Compiles every pattern and returns those that RE2 refuses, as `id: reason`; for tests.
    std::vector<std::string> refused() const;

private:
    struct Patterns;
    std::unique_ptr<Patterns> patterns_;
};

} // namespace tlsdoctor::explain
