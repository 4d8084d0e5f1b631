// SPDX-License-Identifier: Apache-2.0
// The extensions of our hellos, made from what an offer says: each type has one maker, and each
// shape its order.
#pragma once

#include <vector>

#include "base/random.hpp"
#include "crypto/key_share.hpp"
#include "evidence/offer.hpp"
#include "wire/extension.hpp"

namespace tlsdoctor::probe {

/// Returns the extensions of a hello without its padding. The shares of x25519 and secp256r1 are
/// the public halves of `keys` where it has such a pair; else x25519 gets random bytes, which are a
/// valid key [RFC 7748 5], and secp256r1 its base point.
std::vector<wire::Extension> extensions_of(
    const evidence::Offer& offer, const RandomSource& random,
    const std::vector<crypto::KeyShare>& keys
);

/// Returns a reserved value, one of 16 [RFC 8701 2].
std::uint16_t grease_value(const RandomSource& random);

} // namespace tlsdoctor::probe
