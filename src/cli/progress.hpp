// SPDX-License-Identifier: Apache-2.0
// The one line on stderr that says what a long run is doing, and disappears.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tlsdoctor::cli {

/// A line that is overwritten in place. Does nothing where `shown` is false.
class ProgressLine final {
public:
    ProgressLine(bool shown, std::size_t columns) : shown_{shown}, columns_{columns} {}
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ~ProgressLine() { clear(); }

    /// Replaces the line.
    void show(std::string_view text);

    /// Removes it, before anything else is printed.
    void clear();

private:
    bool shown_{};
    bool visible_{};
    std::size_t columns_{};
};

} // namespace tlsdoctor::cli
