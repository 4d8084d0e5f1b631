// SPDX-License-Identifier: Apache-2.0
// From the rows that match a message to what it means. The most specific row decides; the others
// lend what it does not say; hints shift the weights of its causes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "explain/knowledge.hpp"
#include "explain/matcher.hpp"
#include "explain/splitter.hpp"
#include "explain/words.hpp"
#include "registry/alert.hpp"
#include "registry/cause.hpp"

namespace tlsdoctor::explain {

/// A cause that would explain the message.
struct Candidate {
    const CauseInfo* cause{}; ///< never null
    Side side{};
    double weight{};        ///< of all candidates of a message the sum is 1
    std::string_view why{}; ///< one sentence; lives as long as the program
};

/// What was seen of a message before anything is concluded; cheap, made for each.
struct Sighting {
    const MessageRow* row{}; ///< decides; null where only an alert is known, or nothing
    std::size_t line{};      ///< of the message, that the row matched
    std::size_t begin{};     ///< where in it
    std::optional<int> alert{};
    bool alert_in_text{};     ///< the alert is what the text says, not what the row stands for
    std::vector<int> hints{}; ///< matched in the message, ascending

    /// Tells whether the message is recognised.
    explicit operator bool() const { return row != nullptr || alert.has_value(); }
};

/// What a message means, before its place is known.
struct Meaning {
    Observer observer{Observer::unknown};
    Raised raised{Raised::unknown};
    std::string_view stack{}; ///< `openssl`; empty: unknown
    std::optional<AlertDescription> alert{};
    int specificity{};
    std::vector<Candidate> candidates{}; ///< best first
    std::vector<std::string_view> ask{};
};

/// Looks at messages.
class Looker final {
public:
    /// Finds the row and alert of a message, and the hints that count for it; with `around` all
    /// hints, which may count for the messages around it.
    Sighting look(const Message& message, bool around) const;

    /// Returns the patterns; for tests.
    const Matcher& matcher() const { return matcher_; }

private:
    Matcher matcher_{};
    AlertFinder alerts_{};
};

/// Draws the conclusions. `around` are hints from the rest of a short text.
Meaning decide(const Sighting& sighting, const std::vector<int>& around);

} // namespace tlsdoctor::explain
