// SPDX-License-Identifier: Apache-2.0
// A log says the same thing many times, each time with another address, time and number. What was
// seen of a line is kept by its shape, so that the next line of that shape is not held to the
// patterns again. What may tell something stays in the shape: ports, codes, the words.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "explain/decide.hpp"

namespace tlsdoctor::explain {

/// Returns a line that means the same: times, process numbers and addresses are the same in all
/// lines of one shape, and so are hosts and paths in which no pattern finds a word.
std::string shape_of(std::string_view line, const Matcher& matcher);

/// Looks at messages of logs; bounded in memory.
class Recall final {
public:
    explicit Recall(const Looker& looker) : looker_{looker} {}

    /// Returns what `Looker::look` would see of a message among many; `begin` may be that of
    /// another message of its shape.
    Sighting look(const Message& message);

private:
    using Shapes = std::unordered_map<std::string, Sighting>;

    const Looker& looker_;
    Shapes young_{}; ///< met since the last turn
    Shapes old_{};   ///< before it; dropped at the next
    unsigned met_{}; ///< since the last turn: shapes met again
    bool pays_{true};
};

} // namespace tlsdoctor::explain
