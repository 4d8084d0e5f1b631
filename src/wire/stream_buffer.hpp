// SPDX-License-Identifier: Apache-2.0
// What the incremental readers have in common: bytes of a stream that came in pieces of any size
// and are not yet used, and how far into the stream they begin.
#pragma once

#include <cstddef>

#include "base/bytes.hpp"

namespace tlsdoctor::wire {

/// A queue of bytes.
class StreamBuffer final {
public:
    /// Appends bytes.
    void feed(ByteView bytes);

    /// Returns what was fed and not used; borrows until the next call of `feed`.
    [[nodiscard]] ByteView pending() const { return ByteView(bytes_).subspan(start_); }

    /// Uses up the first `size` bytes of what is pending.
    void use(std::size_t size);

    /// Returns how many bytes were used up: the offset in the stream where the pending ones begin.
    [[nodiscard]] std::size_t used() const { return used_; }

private:
    Bytes bytes_{};
    std::size_t start_{};
    std::size_t used_{};
};

} // namespace tlsdoctor::wire
