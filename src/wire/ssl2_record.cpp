// SPDX-License-Identifier: Apache-2.0
// The top bit of the first byte tells the two headers apart: set, the header has two bytes and 15
// bits of length; clear, three bytes, 14 bits of length, the escape bit and the length of the
// padding.
#include "wire/ssl2_record.hpp"

#include <utility>

#include "base/assume.hpp"
#include "wire/record.hpp"
#include "wire/ssl2.hpp"
#include "wire/writer.hpp"

namespace tlsdoctor::wire {
namespace {

constexpr std::uint8_t k_two_byte_header = 0x80;
constexpr std::uint8_t k_escape = 0x40;
constexpr std::size_t k_max_two_byte = 0x7fff;
constexpr std::size_t k_max_three_byte = 0x3fff;

/// The header of a record that is wholly there.
struct Header {
    std::size_t size{};
    std::size_t length{};
    std::size_t padding{};
    bool escape{};
};

std::optional<Header> header_of(ByteView left) {
    if (left.size() < 2) {
        return std::nullopt;
    }
    const std::size_t low = left[1];
    if ((left[0] & k_two_byte_header) != 0) {
        return Header{.size = 2, .length = std::size_t{left[0] & 0x7fU} << 8U | low};
    }
    if (left.size() < 3) {
        return std::nullopt;
    }
    return Header{
        .size = 3,
        .length = std::size_t{left[0] & 0x3fU} << 8U | low,
        .padding = left[2],
        .escape = (left[0] & k_escape) != 0,
    };
}

/// Tells whether a first message of this type may have this length.
bool begins_conversation(Ssl2MessageType type, std::size_t length) {
    switch (type) {
    case Ssl2MessageType::error:
        return length == 3;
    case Ssl2MessageType::client_hello:
        return length >= 9;
    case Ssl2MessageType::server_hello:
        return length >= 11;
    default:
        return false;
    }
}

} // namespace

Framing framing_of(ByteView start) {
    if (start.empty()) {
        return Framing::need_more;
    }
    if (start[0] >= std::to_underlying(ContentType::change_cipher_spec) &&
        start[0] <= std::to_underlying(ContentType::heartbeat)) {
        return Framing::tls;
    }
    if ((start[0] & k_two_byte_header) == 0) {
        return Framing::unknown;
    }
    if (start.size() < 3) {
        return Framing::need_more;
    }
    const std::size_t length = std::size_t{start[0] & 0x7fU} << 8U | start[1];
    return begins_conversation(Ssl2MessageType{start[2]}, length) ? Framing::ssl2
                                                                  : Framing::unknown;
}

std::expected<std::optional<Ssl2Record>, ParseError> Ssl2RecordReader::next() {
    if (error_) {
        return std::unexpected(*error_);
    }
    const ByteView left = pending();
    const auto header = header_of(left);
    if (!header) {
        return std::nullopt;
    }
    if (header->length == 0) {
        error_ = ParseError{"the record is empty", "RECORD-LENGTH", buffer_.used()};
        return std::unexpected(*error_);
    }
    if (header->padding > header->length) {
        error_ = ParseError{"padding is longer than the record", "PADDING", buffer_.used() + 2};
        return std::unexpected(*error_);
    }
    if (left.size() < header->size + header->length) {
        return std::nullopt;
    }
    const ByteView body = left.subspan(header->size, header->length);
    const ByteView data = body.first(header->length - header->padding);
    const ByteView padding = body.last(header->padding);
    buffer_.use(header->size + header->length);
    return Ssl2Record{
        .data = Bytes(data.begin(), data.end()),
        .padding = Bytes(padding.begin(), padding.end()),
        .security_escape = header->escape,
        .three_byte_header = header->size == 3,
    };
}

Bytes ssl2_record(ByteView message) {
    const Bytes data(message.begin(), message.end());
    return write(Ssl2Record{.data = data});
}

Bytes write(const Ssl2Record& whole) {
    const std::size_t length = whole.data.size() + whole.padding.size();
    const bool long_header =
        whole.three_byte_header || whole.security_escape || !whole.padding.empty();
    assume(length > 0, "a record of SSL 2.0 is not empty");
    assume(length <= (long_header ? k_max_three_byte : k_max_two_byte), "a record fits its header");
    const auto flags = static_cast<std::uint32_t>(
        long_header ? (whole.security_escape ? k_escape : 0) : k_two_byte_header
    );
    Writer out;
    out.uint(2, flags << 8U | static_cast<std::uint32_t>(length));
    if (long_header) {
        out.uint(1, static_cast<std::uint32_t>(whole.padding.size()));
    }
    out.bytes(whole.data);
    out.bytes(whole.padding);
    return out.take();
}

} // namespace tlsdoctor::wire
