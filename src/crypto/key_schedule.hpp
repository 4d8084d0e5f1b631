// SPDX-License-Identifier: Apache-2.0
// The key schedule of TLS 1.3 as far as the first flight of a server needs it [RFC 8446 7.1, 7.3]:
// without a pre-shared key, from (EC)DHE to the handshake traffic keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "registry/cipher_suite.hpp"

namespace tlsdoctor::crypto {

/// The hash functions of TLS 1.3's suites.
enum class Hash : std::uint8_t { sha256, sha384 };

/// The AEAD algorithms of TLS 1.3's suites.
enum class Aead : std::uint8_t {
    aes_128_gcm,
    aes_256_gcm,
    chacha20_poly1305,
    aes_128_ccm,
    aes_128_ccm_8
};

/// What a suite of TLS 1.3 is made of.
struct SuiteParts {
    Hash hash{};
    Aead aead{};
};

/// Returns the parts of the five suites of RFC 8446 B.4; nullopt for any other.
std::optional<SuiteParts> parts_of(CipherSuite suite);

/// Returns the size of a hash in bytes.
std::size_t size_of(Hash hash);

/// Returns the size of an algorithm's key in bytes.
std::size_t key_size_of(Aead aead);

/// Returns the hash of `data`.
Bytes digest(Hash hash, ByteView data);

/// HKDF-Extract [RFC 5869 2.2].
Bytes hkdf_extract(Hash hash, ByteView salt, ByteView input);

/// HKDF-Expand-Label [RFC 8446 7.1]; `label` without its "tls13 ", `length` at most 255 hashes.
Bytes hkdf_expand_label(
    Hash hash, ByteView secret, std::string_view label, ByteView context, std::size_t length
);

/// client_handshake_traffic_secret and server_handshake_traffic_secret.
struct HandshakeSecrets {
    Bytes client{};
    Bytes server{};
};

/// Derives both from the shared secret and the hash of ClientHello and ServerHello.
HandshakeSecrets handshake_secrets(Hash hash, ByteView shared_secret, ByteView transcript_hash);

/// What protects the records of one direction [RFC 8446 7.3].
struct TrafficKey {
    Bytes key{};
    Bytes iv{};
};

/// Derives the key and the iv of a traffic secret.
TrafficKey traffic_key(const SuiteParts& suite, ByteView secret);

} // namespace tlsdoctor::crypto
