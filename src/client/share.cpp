// SPDX-License-Identifier: Apache-2.0
// Public keys for key_share without their secrets: enough to be chosen by a server. Those of curves
// are the curve's base point, for a server refuses what is not on it [RFC 8446 4.2.8.2].
#include "client/encode.hpp"

#include <algorithm>

#include "base/assume.hpp"

namespace tlsdoctor::client {
namespace {

constexpr std::size_t k_x25519 = 32;
constexpr std::size_t k_x448 = 56;
constexpr std::size_t k_ml_kem_768 = 1184;
constexpr std::size_t k_ml_kem_1024 = 1568;
constexpr std::size_t k_seed = 32; // behind the coefficients of an ML-KEM key [FIPS 203 7.1]
constexpr std::uint32_t k_q = 3329;
constexpr std::size_t k_ntru_hrss = 1138; // of CECPQ2
constexpr std::size_t k_unknown_group = 32;

// Groups that never came into the registry of our other tables.
constexpr auto k_cecpq2 = NamedGroup{0x4138};
constexpr auto k_x25519_kyber768 = NamedGroup{0x6399};

constexpr std::string_view k_p256 =
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
constexpr std::string_view k_p384 = "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e08254"
                                    "2a385502f25dbf55296c3a545e3872760ab7"
                                    "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8"
                                    "c00a60b1ce1d7e819d7a431d7c90ea0e5f";
constexpr std::string_view k_p521 =
    "0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127"
    "a2ff"
    "a8de3348b3c1856a429bf97e7e31c2e5bd66011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd"
    "1727"
    "3e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650";

Bytes base_point(std::string_view digits) {
    const auto bytes = from_hex(digits);
    assume(bytes.has_value(), "a base point");
    return *bytes;
}

Bytes both(Bytes first, const Bytes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

/// An encapsulation key: coefficients of 12 bits below q, which the other side checks, and a seed.
Bytes ml_kem_key(std::size_t size, const RandomSource& random) {
    Bytes key = random_bytes(random, size);
    for (std::size_t at = 0; at + k_seed < size; at += 3) {
        const std::uint32_t low = (key[at] | (key[at + 1] & 0x0fU) << 8U) % k_q;
        const std::uint32_t high = (key[at + 1] >> 4U | std::uint32_t{key[at + 2]} << 4U) % k_q;
        key[at] = static_cast<std::uint8_t>(low);
        key[at + 1] = static_cast<std::uint8_t>(low >> 8U | (high & 0x0fU) << 4U);
        key[at + 2] = static_cast<std::uint8_t>(high >> 4U);
    }
    return key;
}

/// A number below the prime, whose first byte is 0xff in every group [RFC 7919 A].
Bytes finite_field_key(std::size_t size, const RandomSource& random) {
    Bytes key = random_bytes(random, size);
    key.front() &= 0x7fU;
    return key;
}

} // namespace

Bytes share_for(NamedGroup group, const Fresh& fresh) {
    const auto given = std::ranges::find(fresh.shares, group, &wire::KeyShareEntry::group);
    if (given != fresh.shares.end()) {
        return given->key_exchange;
    }
    if (is_grease(static_cast<std::uint16_t>(group))) {
        return {0};
    }
    const RandomSource& random = fresh.random;
    switch (group) {
    case NamedGroup::secp256r1:
        return base_point(k_p256);
    case NamedGroup::secp384r1:
        return base_point(k_p384);
    case NamedGroup::secp521r1:
        return base_point(k_p521);
    case NamedGroup::x25519:
        return random_bytes(random, k_x25519);
    case NamedGroup::x448:
        return random_bytes(random, k_x448);
    case NamedGroup::ffdhe2048:
        return finite_field_key(256, random);
    case NamedGroup::ffdhe3072:
        return finite_field_key(384, random);
    case NamedGroup::X25519MLKEM768:
        return both(ml_kem_key(k_ml_kem_768, random), random_bytes(random, k_x25519));
    case NamedGroup::SecP256r1MLKEM768:
        return both(base_point(k_p256), ml_kem_key(k_ml_kem_768, random));
    case NamedGroup::SecP384r1MLKEM1024:
        return both(base_point(k_p384), ml_kem_key(k_ml_kem_1024, random));
    default:
        break;
    }
    if (group == k_x25519_kyber768) {
        return both(random_bytes(random, k_x25519), ml_kem_key(k_ml_kem_768, random));
    }
    const bool cecpq2 = group == k_cecpq2;
    return random_bytes(random, cecpq2 ? k_x25519 + k_ntru_hrss : k_unknown_group);
}

} // namespace tlsdoctor::client
