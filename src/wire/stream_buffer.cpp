// SPDX-License-Identifier: Apache-2.0
// Used bytes go away with the next piece, so a piece is copied once and reading moves nothing.
#include "wire/stream_buffer.hpp"

#include "base/assume.hpp"

namespace tlsdoctor::wire {

void StreamBuffer::feed(ByteView bytes) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(start_));
    start_ = 0;
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void StreamBuffer::use(std::size_t size) {
    assume(size <= pending().size(), "only pending bytes are used up");
    start_ += size;
    used_ += size;
}

} // namespace tlsdoctor::wire
