// SPDX-License-Identifier: Apache-2.0
// Lengths are written as zeros when a vector opens and filled in when it closes.
#include "wire/writer.hpp"

#include "base/assume.hpp"

namespace tlsdoctor::wire {
namespace {

bool fits(std::size_t width, std::size_t value) {
    return width == 4 || value < (std::size_t{1} << (8 * width));
}

std::uint8_t byte_of(std::uint32_t value, std::size_t place) {
    return static_cast<std::uint8_t>(value >> (8 * place) & 0xffU);
}

} // namespace

void Writer::uint(std::size_t width, std::uint32_t value) {
    assume(width >= 1 && width <= 4, "a number of the wire has one to four bytes");
    assume(fits(width, value), "a number fits its field");
    for (std::size_t place = width; place-- > 0;) {
        out_.push_back(byte_of(value, place));
    }
}

void Writer::bytes(ByteView bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
}

void Writer::opaque(std::size_t length_bytes, ByteView bytes) {
    block(length_bytes, [&] { this->bytes(bytes); });
}

std::size_t Writer::open(std::size_t length_bytes) {
    uint(length_bytes, 0);
    return out_.size();
}

void Writer::close(std::size_t length_bytes, std::size_t start) {
    const std::size_t size = out_.size() - start;
    assume(fits(length_bytes, size), "a vector fits its length prefix");
    for (std::size_t place = 0; place < length_bytes; ++place) {
        out_[start - 1 - place] = byte_of(static_cast<std::uint32_t>(size), place);
    }
}

} // namespace tlsdoctor::wire
