// SPDX-License-Identifier: Apache-2.0
// What broken servers say: bytes made from a hello, or from the first flight of a real handshake.
// Pure functions, for Behaviour's `script` and `spoils`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "registry/alert.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::peer {

/// Returns an alert in a record of TLS 1.2.
Bytes alert_record(AlertDescription alert, AlertLevel level = AlertLevel::fatal);

/// Returns the first record of a flight, which is the ServerHello; nothing where there is none.
Bytes first_record(ByteView flight);

/// Returns the first half of the first record.
Bytes half_of_first_record(ByteView flight);

/// Returns the flight with this version in its first record's header.
Bytes with_record_version(ByteView flight, ProtocolVersion version);

/// Returns the flight with this version in its ServerHello.
Bytes with_server_version(ByteView flight, ProtocolVersion version);

/// Returns the flight with one bit changed at the end of the record at `index`: in TLS 1.2 record 1
/// is the certificate and 2 the signed key exchange.
Bytes with_damage(ByteView flight, std::size_t index);

/// Returns a handshake record that promises more than TLS allows, and keeps its word.
Bytes oversized_record();

/// Returns bytes that are no protocol; always the same.
Bytes garbage();

/// Answers a hello with ServerHello, Certificate and ServerHelloDone of this version and the first
/// of these suites that the client offers; alert 40 where it offers none. The suites must be of
/// static RSA, whose flight needs no signature, and the version SSL 3.0 to TLS 1.2: for what
/// OpenSSL no longer serves. The client then sends its ClientKeyExchange, or says what it minds.
Bytes static_rsa_flight(
    ByteView hello, ByteView certificate_der, ProtocolVersion version,
    std::span<const CipherSuite> suites
);

/// Tells whether the answer to such a flight is a ClientKeyExchange: the client goes on.
bool is_key_exchange(ByteView reaction);

} // namespace tlsdoctor::peer
