// SPDX-License-Identifier: Apache-2.0
// What a server chose of a client's offers, as far as it was seen: that is what clients judge
// (client/accept.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "registry/cipher_suite.hpp"
#include "registry/named_group.hpp"
#include "registry/signature_scheme.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::client {

/// The kind of a certificate's key.
enum class KeyType : std::uint8_t { rsa, ecdsa, ed25519, ed448, dss, other };

/// The key of a server's certificate.
struct CertificateKey {
    KeyType type{};
    std::uint32_t bits{};              ///< of RSA's modulus, or of the curve
    std::optional<NamedGroup> curve{}; ///< of ECDSA

    bool operator==(const CertificateKey&) const = default;
};

/// Returns the key that evidence calls `RSA 2048`, `EC P-256`, `Ed25519`; nullopt for other words.
std::optional<CertificateKey> certificate_key(std::string_view text);

/// Tells whether a number is that of a version: servers answer with anything.
bool is_version(ProtocolVersion number);

/// The weakest digest under which a certificate of the chain is signed, roots set aside.
enum class ChainDigest : std::uint8_t { md5, sha1, sha2 };

/// Returns the digest of `sha256WithRSAEncryption` and the like; nullopt where it has none.
std::optional<ChainDigest> chain_digest(std::string_view signature_algorithm);

/// What a server chose, as far as it was seen.
struct ServerChoice {
    ProtocolVersion version{};
    std::optional<CipherSuite> cipher_suite{};
    std::optional<NamedGroup> group{};
    std::optional<std::uint32_t> dh_bits{}; ///< of the prime in DHE before TLS 1.3
    std::optional<CertificateKey> key{};
    std::optional<ChainDigest> chain{};
    std::optional<SignatureScheme> signature{}; ///< of ServerKeyExchange or CertificateVerify
    std::optional<bool> secure_renegotiation{}; ///< renegotiation_info came, or was not awaited
};

} // namespace tlsdoctor::client
