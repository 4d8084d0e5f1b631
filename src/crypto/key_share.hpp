// SPDX-License-Identifier: Apache-2.0
// Ephemeral keys for the key_share extension of TLS 1.3 [RFC 8446 4.2.8]: the public half as it
// stands on the wire, and the secret that both sides then share.
#pragma once

#include <expected>
#include <memory>

#include "base/bytes.hpp"
#include "crypto/error.hpp"
#include "registry/named_group.hpp"

namespace tlsdoctor::crypto {

/// A key pair of x25519 or secp256r1, or a pair of X25519MLKEM768 that protects nothing.
class KeyShare {
public:
    /// Makes a new pair; groups other than x25519 and secp256r1 are an error.
    static std::expected<KeyShare, CryptoError> generate(NamedGroup group);

    /// Makes the pair of a known private key of 32 bytes, for recordings and published vectors.
    /// X25519MLKEM768 can be had here only: it is that of the x25519 key, and its other half is one
    /// that anybody can read (crypto/ml_kem.hpp).
    static std::expected<KeyShare, CryptoError> from_private(NamedGroup group, ByteView key);

    /// Returns the group.
    NamedGroup group() const;

    /// Returns the key_exchange field: 32 bytes, an uncompressed point of 65, or 1,216 bytes.
    const Bytes& public_bytes() const;

    /// Returns the secret shared with the owner of `peer`, a key_exchange field; a malformed one, a
    /// point off the curve, and one that gives the all-zero secret are errors [RFC 8446 7.4.2].
    std::expected<Bytes, CryptoError> shared_secret(ByteView peer) const;

private:
    struct State;
    explicit KeyShare(std::shared_ptr<const State> state);
    std::shared_ptr<const State> state_;
};

} // namespace tlsdoctor::crypto
