// SPDX-License-Identifier: Apache-2.0
// ServerHello of SSL 3.0 to TLS 1.3 [RFC 8446 4.1.3, RFC 5246 7.4.1.3]. A HelloRetryRequest is a
// ServerHello with a certain random, and `legacy_version` alone says little: ask the functions
// below.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/version.hpp"
#include "wire/client_hello.hpp"
#include "wire/extension.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::wire {

/// A ServerHello or HelloRetryRequest. Reading and writing are exact inverses.
struct ServerHello {
    ProtocolVersion legacy_version = ProtocolVersion::tls_1_2;
    Random random{};
    Bytes legacy_session_id_echo{}; ///< at most 32 bytes
    CipherSuite cipher_suite{};
    std::uint8_t legacy_compression_method{};
    std::vector<Extension> extensions{};
    bool empty_extensions{}; ///< with no extensions: a block of length 0 instead of no block

    bool operator==(const ServerHello&) const = default;
};

/// The random of a HelloRetryRequest: SHA-256 of "HelloRetryRequest" [RFC 8446 4.1.3].
extern const Random k_hello_retry_request_random;

/// Reads a body. No extensions block is legal: servers older than RFC 3546 end without one.
std::expected<ServerHello, ParseError> read_server_hello(ByteView body);

/// Returns the body.
Bytes write(const ServerHello& hello);

/// Tells whether the random says HelloRetryRequest.
bool is_hello_retry_request(const ServerHello& hello);

/// Returns the version that the server chose: supported_versions where it is there and readable,
/// else legacy_version [RFC 8446 4.2.1].
ProtocolVersion selected_version(const ServerHello& hello);

/// Returns what the last eight bytes of `random` say against downgrades [RFC 8446 4.1.3]: the
/// server can do at least this version and chose a lower one. TLS 1.3 for "DOWNGRD\1", TLS 1.2 for
/// "DOWNGRD\0". It means nothing in a hello that chose that version.
std::optional<ProtocolVersion> downgrade_sentinel(const Random& random);

} // namespace tlsdoctor::wire
