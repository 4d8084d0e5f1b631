// SPDX-License-Identifier: Apache-2.0
// The last bytes of an output that may have no end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tlsdoctor::process {

/// Keeps the last `bound` bytes of what is added.
class Tail final {
public:
    explicit Tail(std::size_t bound) : bound_(bound) {}

    void add(std::string_view more) {
        kept_ += more;
        if (kept_.size() > 2 * bound_) {
            cut();
        }
    }

    /// Returns what is kept.
    const std::string& text() {
        if (kept_.size() > bound_) {
            cut();
        }
        return kept_;
    }

    /// Tells whether more came before.
    bool was_cut() const { return cut_; }

private:
    void cut() {
        kept_.erase(0, kept_.size() - bound_);
        cut_ = true;
    }

    std::size_t bound_;
    std::string kept_{};
    bool cut_{};
};

} // namespace tlsdoctor::process
