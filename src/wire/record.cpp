// SPDX-License-Identifier: Apache-2.0
// The header of a record is five bytes; it is judged as soon as the byte that condemns it is there.
#include "wire/record.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/assume.hpp"
#include "wire/writer.hpp"

namespace tlsdoctor::wire {
namespace {

constexpr std::size_t k_record_header = 5;

bool exists(std::uint8_t type) {
    return type >= std::to_underlying(ContentType::change_cipher_spec) &&
           type <= std::to_underlying(ContentType::heartbeat);
}

} // namespace

std::expected<std::optional<Record>, ParseError> RecordReader::next() {
    if (error_) {
        return std::unexpected(*error_);
    }
    const ByteView left = pending();
    if (left.empty()) {
        return std::nullopt;
    }
    if (!exists(left[0])) {
        error_ = ParseError{fmt::format("{} is no content type", left[0]), "type", buffer_.used()};
        return std::unexpected(*error_);
    }
    if (left.size() < k_record_header) {
        return std::nullopt;
    }
    const std::size_t length = std::size_t{left[3]} << 8U | left[4];
    if (length > k_max_ciphertext) {
        error_ = ParseError{
            fmt::format("length {} is over {}", length, k_max_ciphertext), "length",
            buffer_.used() + 3
        };
        return std::unexpected(*error_);
    }
    if (left.size() < k_record_header + length) {
        return std::nullopt;
    }
    const ByteView fragment = left.subspan(k_record_header, length);
    Record whole{
        .type = ContentType{left[0]},
        .version = ProtocolVersion{static_cast<std::uint16_t>(left[1] << 8U | left[2])},
        .fragment = Bytes(fragment.begin(), fragment.end()),
    };
    buffer_.use(k_record_header + length);
    return whole;
}

Bytes record(ContentType type, ProtocolVersion version, ByteView fragment) {
    assume(fragment.size() <= k_max_ciphertext, "a fragment fits a record");
    Writer out;
    out.number(type);
    out.number(version);
    out.opaque(2, fragment);
    return out.take();
}

Bytes write(const Record& whole) {
    return record(whole.type, whole.version, whole.fragment);
}

Bytes records(ContentType type, ProtocolVersion version, ByteView data) {
    Writer out;
    while (!data.empty()) {
        const std::size_t size = std::min(data.size(), k_max_fragment);
        out.bytes(record(type, version, data.first(size)));
        data = data.subspan(size);
    }
    return out.take();
}

} // namespace tlsdoctor::wire
