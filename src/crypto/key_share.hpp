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

/// A key pair of x25519 or secp256r1.
class KeyShare {
public:
    /// Makes a new pair; groups other than x25519 and secp256r1 are an error.
    static std::expected<KeyShare, CryptoError> generate(NamedGroup group);

    /// Makes the pair of a known private key of 32 bytes, for recordings and published vectors.
    static std::expected<KeyShare, CryptoError> from_private(NamedGroup group, ByteView key);

    /// Returns the group.
    NamedGroup group() const;

    /// Returns the key_exchange field: 32 bytes, or an uncompressed point of 65.
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
