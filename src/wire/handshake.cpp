// SPDX-License-Identifier: Apache-2.0
// A message's header is one byte of type and three of length.
#include "wire/handshake.hpp"

#include <fmt/format.h>

#include "wire/writer.hpp"

namespace tlsdoctor::wire {
namespace {

constexpr std::size_t k_handshake_header = 4;

} // namespace

std::expected<std::optional<HandshakeMessage>, ParseError> HandshakeReader::next() {
    if (error_) {
        return std::unexpected(*error_);
    }
    const ByteView left = buffer_.pending();
    if (left.size() < k_handshake_header) {
        return std::nullopt;
    }
    const std::size_t length = std::size_t{left[1]} << 16U | std::size_t{left[2]} << 8U | left[3];
    if (length > limit_) {
        error_ = ParseError{
            fmt::format("length {} is over {}", length, limit_), "length", buffer_.used() + 1
        };
        return std::unexpected(*error_);
    }
    if (left.size() < k_handshake_header + length) {
        return std::nullopt;
    }
    const ByteView body = left.subspan(k_handshake_header, length);
    HandshakeMessage message{
        .type = HandshakeType{left[0]}, .body = Bytes(body.begin(), body.end())
    };
    buffer_.use(k_handshake_header + length);
    return message;
}

Bytes handshake_message(HandshakeType type, ByteView body) {
    Writer out;
    out.number(type);
    out.opaque(3, body);
    return out.take();
}

Bytes write(const HandshakeMessage& message) {
    return handshake_message(message.type, message.body);
}

std::expected<ServerHelloDone, ParseError> read_server_hello_done(ByteView body) {
    return read_message(body, [](Reader&) { return ServerHelloDone{}; });
}

Bytes write(const ServerHelloDone&) {
    return {};
}

} // namespace tlsdoctor::wire
