// SPDX-License-Identifier: Apache-2.0
// K-PKE.Decrypt [FIPS 203, algorithm 15] computes w = v' - s * u'. With s = 0 it is v' alone, which
// is the message and the sender's noise; ML-KEM.Encaps [algorithm 17] makes the shared secret of
// the message and the key.
#include "crypto/ml_kem.hpp"

#include <algorithm>
#include <cstdint>

#include "base/assume.hpp"
#include "crypto/openssl.hpp"

namespace tlsdoctor::crypto {

namespace {

constexpr std::size_t k_seed = 32;
constexpr std::size_t k_message = 32;     // 256 coefficients of one bit
constexpr std::size_t k_compressed = 128; // v': 256 coefficients of d_v = 4 bits
constexpr std::size_t k_secret = 32;

/// Returns a coefficient of v', 0 to 15.
unsigned coefficient(ByteView compressed, std::size_t at) {
    const unsigned both = compressed[at / 2];
    return at % 2 == 0 ? both & 0x0fU : both >> 4U;
}

/// Compress_1(Decompress_4(y)): a coefficient in the middle half of the circle is a 1.
bool is_one(unsigned y) {
    return y > 4 && y < 12;
}

Bytes sha3(const EVP_MD* algorithm, ByteView data) {
    Bytes result(static_cast<std::size_t>(EVP_MD_get_size(algorithm)));
    const int done =
        EVP_Digest(data.data(), data.size(), result.data(), nullptr, algorithm, nullptr);
    assume(done == 1, "SHA-3 is always there");
    return result;
}

} // namespace

Bytes ml_kem_768_key(ByteView seed) {
    assume(seed.size() == k_seed, "a seed has 32 bytes");
    Bytes key(k_ml_kem_768_key, 0);
    std::ranges::copy(seed, key.end() - k_seed);
    return key;
}

std::optional<Bytes> ml_kem_768_decapsulated(ByteView key, ByteView ciphertext) {
    start_crypto();
    if (ciphertext.size() != k_ml_kem_768_ciphertext) {
        return std::nullopt;
    }
    const ByteView compressed = ciphertext.last(k_compressed);
    Bytes input(k_message, 0);
    for (std::size_t i = 0; i < 8 * k_message; ++i) {
        const unsigned bit = is_one(coefficient(compressed, i)) ? 1 : 0;
        input[i / 8] |= static_cast<std::uint8_t>(bit << (i % 8));
    }
    // (K, r) = G(m || H(ek))
    const Bytes hash = sha3(EVP_sha3_256(), key);
    input.insert(input.end(), hash.begin(), hash.end());
    Bytes secret = sha3(EVP_sha3_512(), input);
    secret.resize(k_secret);
    return secret;
}

} // namespace tlsdoctor::crypto
