// SPDX-License-Identifier: Apache-2.0
// ClientHello of SSL 3.0 to TLS 1.3 [RFC 8446 4.1.2, RFC 5246 7.4.1.2, RFC 6101 5.6.1.2]: one
// layout for all. The hello in SSL 2.0's format is in wire/ssl2.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <vector>

#include "base/bytes.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/version.hpp"
#include "wire/extension.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::wire {

using Random = std::array<std::uint8_t, 32>;

/// A ClientHello. Reading and writing are exact inverses.
struct ClientHello {
    ProtocolVersion legacy_version = ProtocolVersion::tls_1_2;
    Random random{};
    Bytes legacy_session_id{}; ///< at most 32 bytes
    std::vector<CipherSuite> cipher_suites{};
    Bytes legacy_compression_methods{0};
    std::vector<Extension> extensions{};
    bool empty_extensions{}; ///< with no extensions: a block of length 0 instead of no block

    bool operator==(const ClientHello&) const = default;
};

/// Reads a body. No extensions block is legal [RFC 5246 7.4.1.2]; empty lists are read as they are.
std::expected<ClientHello, ParseError> read_client_hello(ByteView body);

/// Returns the body.
Bytes write(const ClientHello& hello);

} // namespace tlsdoctor::wire
