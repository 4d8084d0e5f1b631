// SPDX-License-Identifier: Apache-2.0
// Messages of SSL 2.0 in clear [SSL 2.0 draft 02, 2.5-2.7], and the hello in its format with which
// old clients offer SSL 3.0 and TLS [RFC 5246 E.2]. Here a body begins with its message type; all
// lengths stand before all data. Records are in wire/ssl2_record.hpp.
#pragma once

#include <cstdint>
#include <expected>
#include <vector>

#include "base/bytes.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/version.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::wire {

/// A message's type; open.
enum class Ssl2MessageType : std::uint8_t {
    error = 0,
    client_hello = 1,
    client_master_key = 2,
    client_finished = 3,
    server_hello = 4,
    server_verify = 5,
    server_finished = 6,
    request_certificate = 7,
    client_certificate = 8,
};

/// CLIENT-HELLO. With a `version` of SSL 3.0 or later it is the compatible form, whose cipher specs
/// are both kinds and suites, the latter with a zero in front.
struct Ssl2ClientHello {
    ProtocolVersion version = ProtocolVersion::ssl_2_0;
    std::vector<std::uint32_t> cipher_specs{}; ///< 24 bits each
    Bytes session_id{};
    Bytes challenge{};

    bool operator==(const Ssl2ClientHello&) const = default;
};

/// Reads a CLIENT-HELLO.
std::expected<Ssl2ClientHello, ParseError> read_ssl2_client_hello(ByteView body);

/// Returns the message with its type.
Bytes write(const Ssl2ClientHello& hello);

/// Returns the cipher specs that are suites of SSL 3.0 and TLS, in their order.
std::vector<CipherSuite> cipher_suites_of(const Ssl2ClientHello& hello);

/// SERVER-HELLO.
struct Ssl2ServerHello {
    std::uint8_t session_id_hit{};
    std::uint8_t certificate_type{}; ///< 1 is X.509; 0 where the session is resumed
    ProtocolVersion server_version = ProtocolVersion::ssl_2_0;
    Bytes certificate{};
    std::vector<std::uint32_t> cipher_specs{}; ///< what both sides speak, 24 bits each
    Bytes connection_id{};

    bool operator==(const Ssl2ServerHello&) const = default;
};

/// Reads a SERVER-HELLO.
std::expected<Ssl2ServerHello, ParseError> read_ssl2_server_hello(ByteView body);

/// Returns the message with its type.
Bytes write(const Ssl2ServerHello& hello);

/// What an ERROR says; open.
enum class Ssl2ErrorCode : std::uint16_t {
    no_cipher = 1,
    no_certificate = 2,
    bad_certificate = 4,
    unsupported_certificate_type = 6,
};

/// ERROR, SSL 2.0's alert.
struct Ssl2Error {
    Ssl2ErrorCode error_code{};

    bool operator==(const Ssl2Error&) const = default;
};

/// Reads an ERROR.
std::expected<Ssl2Error, ParseError> read_ssl2_error(ByteView body);

/// Returns the message with its type.
Bytes write(const Ssl2Error& error);

} // namespace tlsdoctor::wire
