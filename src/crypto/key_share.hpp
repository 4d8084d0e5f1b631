// SPDX-License-Identifier: Apache-2.0
// Ephemeral keys for the key_share extension of TLS 1.3 [RFC 8446 4.2.8]: the public half as it
// stands on the wire, and the secret that both sides then share.
#pragma once

#include <expected>
#include <memory>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "crypto/error.hpp"
#include "registry/named_group.hpp"

namespace tlsdoctor::crypto {

/// A key pair of x25519, x448, secp256r1, secp384r1 or secp521r1, or a pair of X25519MLKEM768 that
/// protects nothing.
class KeyShare {
public:
    /// Makes a new pair; other groups than the curves, the hybrid too, are an error.
    static std::expected<KeyShare, CryptoError> generate(NamedGroup group);

    /// Makes the pair of a known private key of the group's size (32 bytes for the hybrid), for
    /// recordings and published vectors.
    /// X25519MLKEM768 can be had here only: it is that of the x25519 key, and its other half is one
    /// that anybody can read (crypto/ml_kem.hpp).
    static std::expected<KeyShare, CryptoError> from_private(NamedGroup group, ByteView key);

    /// Makes the pair of a private key drawn from `random`; groups without keys here are an error.
    static std::expected<KeyShare, CryptoError> drawn(NamedGroup group, const RandomSource& random);

    /// Returns the group.
    NamedGroup group() const;

    /// Returns the key_exchange field: 32 bytes, an uncompressed point of 65 or more, or 1,216
    /// bytes.
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
