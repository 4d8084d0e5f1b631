// SPDX-License-Identifier: Apache-2.0
// Handshake messages in the fragments of records [RFC 8446 4, 5.1]: one message may span many
// records, one record may hold many messages. The bodies have readers of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>

#include "base/bytes.hpp"
#include "wire/reader.hpp"
#include "wire/stream_buffer.hpp"

namespace tlsdoctor::wire {

/// A message's type [IANA TLS HandshakeType]; open.
enum class HandshakeType : std::uint8_t {
    hello_request = 0,
    client_hello = 1,
    server_hello = 2,
    new_session_ticket = 4,
    end_of_early_data = 5,
    encrypted_extensions = 8,
    certificate = 11,
    server_key_exchange = 12,
    certificate_request = 13,
    server_hello_done = 14,
    certificate_verify = 15,
    client_key_exchange = 16,
    finished = 20,
    certificate_url = 21,
    certificate_status = 22,
    supplemental_data = 23,
    key_update = 24,
    compressed_certificate = 25,
    message_hash = 254,
};

/// A whole message without its header of four bytes.
struct HandshakeMessage {
    HandshakeType type{};
    Bytes body{};

    bool operator==(const HandshakeMessage&) const = default;
};

/// Puts messages together from the fragments of handshake records.
class HandshakeReader final {
public:
    /// Refuses messages whose body is longer than `limit`.
    explicit HandshakeReader(std::size_t limit = 256 * 1024UL) : limit_(limit) {}

    /// Takes the fragment of the next handshake record.
    void feed(ByteView fragment) { buffer_.feed(fragment); }

    /// Returns the next message, nullopt where more fragments are needed, or an error where a
    /// message is too long. That error stays.
    std::expected<std::optional<HandshakeMessage>, ParseError> next();

    /// Returns how many bytes wait for the rest of their message.
    [[nodiscard]] std::size_t pending() const { return buffer_.pending().size(); }

private:
    std::size_t limit_;
    StreamBuffer buffer_{};
    std::optional<ParseError> error_{};
};

/// Returns the message with its header; the body is shorter than 2^24 bytes.
Bytes handshake_message(HandshakeType type, ByteView body);

/// Returns the message's bytes.
Bytes write(const HandshakeMessage& message);

/// ServerHelloDone: nothing but its header [RFC 5246 7.4.5].
struct ServerHelloDone {
    bool operator==(const ServerHelloDone&) const = default;
};

/// Reads a body, which must be empty.
std::expected<ServerHelloDone, ParseError> read_server_hello_done(ByteView body);

/// Returns the body.
Bytes write(const ServerHelloDone& done);

} // namespace tlsdoctor::wire
