// SPDX-License-Identifier: Apache-2.0
// Private to this module: the receiving side of ML-KEM-768 [FIPS 203] for a key that anybody can
// read. OpenSSL has ML-KEM from 3.5 on only, and we protect nothing: we want to read what a server
// says to a hello with such a share. So the secret vector and the noise are zero, and with them the
// public vector; that is a valid key to every check of FIPS 203 7.2.
#pragma once

#include <cstddef>
#include <optional>

#include "base/bytes.hpp"

namespace tlsdoctor::crypto {

/// Sizes in bytes [FIPS 203, table 3].
inline constexpr std::size_t k_ml_kem_768_key = 1184;
inline constexpr std::size_t k_ml_kem_768_ciphertext = 1088;

/// Returns an encapsulation key; `seed` is its last part, 32 bytes.
Bytes ml_kem_768_key(ByteView seed);

/// Returns the shared secret that a ciphertext to such a key carries, nullopt where its size is
/// wrong. The check that it was made by the rules is left out.
std::optional<Bytes> ml_kem_768_decapsulated(ByteView key, ByteView ciphertext);

} // namespace tlsdoctor::crypto
