// SPDX-License-Identifier: Apache-2.0
// All reading ends in `take`, which is the only place that compares a length with what is there.
#include "wire/reader.hpp"

#include <fmt/format.h>

#include "base/assume.hpp"

namespace tlsdoctor::wire {
namespace {

std::string counted(std::size_t bytes) {
    return fmt::format("{} byte{}", bytes, bytes == 1 ? "" : "s");
}

} // namespace

std::string describe(const ParseError& error) {
    return fmt::format("{} at byte {}: {}", error.field, error.offset, error.what);
}

std::uint32_t Reader::uint(std::size_t width, std::string_view field) {
    assume(width >= 1 && width <= 4, "a number of the wire has one to four bytes");
    std::uint32_t value = 0;
    for (const std::uint8_t byte : take(width, field)) {
        value = value << 8U | byte;
    }
    return value;
}

Bytes Reader::bytes(std::size_t size, std::string_view field) {
    const ByteView taken = take(size, field);
    return {taken.begin(), taken.end()};
}

Bytes Reader::opaque(std::size_t length_bytes, std::string_view field, std::size_t most) {
    const std::size_t start = offset_;
    const std::size_t size = uint(length_bytes, field);
    if (size > most && !*error_) {
        *error_ = ParseError{
            .what = fmt::format("length {} is over {}", size, most),
            .field = std::string(field),
            .offset = start,
        };
    }
    return bytes(size, field);
}

Reader Reader::block(std::size_t length_bytes, std::string_view field) {
    return part(uint(length_bytes, field), field);
}

Reader Reader::part(std::size_t size, std::string_view field) {
    const std::size_t start = offset_;
    return {take(size, field), error_, start};
}

Bytes Reader::rest() {
    const ByteView taken = take(*error_ ? 0 : left_.size(), {});
    return {taken.begin(), taken.end()};
}

void Reader::end(std::string_view field) {
    if (!left_.empty()) {
        fail(fmt::format("has {} too many", counted(left_.size())), field);
    }
}

void Reader::fail(std::string what, std::string_view field) {
    if (!*error_) {
        *error_ =
            ParseError{.what = std::move(what), .field = std::string(field), .offset = offset_};
    }
}

ByteView Reader::take(std::size_t size, std::string_view field) {
    if (size > left_.size()) {
        fail(fmt::format("needs {}, has {}", counted(size), left_.size()), field);
    }
    if (*error_) {
        return {};
    }
    const ByteView taken = left_.first(size);
    left_ = left_.subspan(size);
    offset_ += size;
    return taken;
}

} // namespace tlsdoctor::wire
