// SPDX-License-Identifier: Apache-2.0
// Both digests cut the padded text into blocks of 64 bytes; they differ in the order of bytes and
// in what they do with a block. Written for clarity: the texts are a few hundred bytes.
#include "base/digest.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <vector>

namespace tlsdoctor {
namespace {

constexpr std::size_t k_block = 64;
constexpr std::size_t k_length_bytes = 8;

/// The text, a one bit, zeros up to a whole block, and at the end the length in bits.
std::vector<std::uint8_t> padded(std::string_view text, std::endian order) {
    std::vector<std::uint8_t> bytes(text.begin(), text.end());
    bytes.push_back(0x80);
    while (bytes.size() % k_block != k_block - k_length_bytes) {
        bytes.push_back(0);
    }
    const std::uint64_t bits = std::uint64_t{text.size()} * 8;
    for (std::size_t i = 0; i < k_length_bytes; ++i) {
        const std::size_t at = order == std::endian::big ? k_length_bytes - 1 - i : i;
        bytes.push_back(static_cast<std::uint8_t>(bits >> (8 * at)));
    }
    return bytes;
}

std::uint32_t word_at(const std::vector<std::uint8_t>& bytes, std::size_t at, std::endian order) {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::size_t place = order == std::endian::big ? 3 - i : i;
        word |= std::uint32_t{bytes[at + i]} << (8 * place);
    }
    return word;
}

template <std::size_t Words>
std::array<std::uint8_t, 4 * Words>
bytes_of(const std::array<std::uint32_t, Words>& words, std::endian order) {
    std::array<std::uint8_t, 4 * Words> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t place = order == std::endian::big ? 3 - (i % 4) : i % 4;
        bytes[i] = static_cast<std::uint8_t>(words[i / 4] >> (8 * place));
    }
    return bytes;
}

/// [RFC 1321 3.4]: floor(2^32 * abs(sin(i + 1))).
std::uint32_t md5_constant(std::size_t i) {
    return static_cast<std::uint32_t>(
        std::floor(std::abs(std::sin(static_cast<double>(i + 1))) * 4294967296.0)
    );
}

void add_md5_block(
    std::array<std::uint32_t, 4>& state, const std::vector<std::uint8_t>& bytes, std::size_t start
) {
    constexpr int turns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    auto [a, b, c, d] = state;
    for (std::size_t i = 0; i < k_block; ++i) {
        std::uint32_t mixed = 0;
        std::size_t word = 0;
        switch (i / 16) {
        case 0:
            mixed = (b & c) | (~b & d), word = i;
            break;
        case 1:
            mixed = (d & b) | (~d & c), word = (5 * i + 1) % 16;
            break;
        case 2:
            mixed = b ^ c ^ d, word = (3 * i + 5) % 16;
            break;
        default:
            mixed = c ^ (b | ~d), word = (7 * i) % 16;
            break;
        }
        const std::uint32_t input = word_at(bytes, start + 4 * word, std::endian::little);
        const std::uint32_t sum = a + mixed + md5_constant(i) + input;
        a = d;
        d = c;
        c = b;
        b += std::rotl(sum, turns[i / 16][i % 4]);
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
}

/// [FIPS 180-4 4.2.2]: the fractions of the cube roots of the first 64 primes.
constexpr std::uint32_t k_sha256_constants[k_block] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

using Schedule = std::array<std::uint32_t, k_block>;

Schedule schedule_of(const std::vector<std::uint8_t>& bytes, std::size_t start) {
    Schedule words{};
    for (std::size_t i = 0; i < 16; ++i) {
        words[i] = word_at(bytes, start + 4 * i, std::endian::big);
    }
    for (std::size_t i = 16; i < words.size(); ++i) {
        const std::uint32_t x = words[i - 15];
        const std::uint32_t y = words[i - 2];
        words[i] = words[i - 16] + (std::rotr(x, 7) ^ std::rotr(x, 18) ^ (x >> 3U)) + words[i - 7] +
                   (std::rotr(y, 17) ^ std::rotr(y, 19) ^ (y >> 10U));
    }
    return words;
}

void add_sha256_block(std::array<std::uint32_t, 8>& state, const Schedule& words) {
    auto [a, b, c, d, e, f, g, h] = state;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::uint32_t one = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                                  ((e & f) ^ (~e & g)) + k_sha256_constants[i] + words[i];
        const std::uint32_t two =
            (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + one;
        d = c;
        c = b;
        b = a;
        a = one + two;
    }
    const std::array<std::uint32_t, 8> added = {a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < state.size(); ++i) {
        state[i] += added[i];
    }
}

} // namespace

std::array<std::uint8_t, 16> md5(std::string_view text) {
    std::array<std::uint32_t, 4> state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    const auto bytes = padded(text, std::endian::little);
    for (std::size_t start = 0; start < bytes.size(); start += k_block) {
        add_md5_block(state, bytes, start);
    }
    return bytes_of(state, std::endian::little);
}

std::array<std::uint8_t, 32> sha256(std::string_view text) {
    std::array<std::uint32_t, 8> state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    const auto bytes = padded(text, std::endian::big);
    for (std::size_t start = 0; start < bytes.size(); start += k_block) {
        add_sha256_block(state, schedule_of(bytes, start));
    }
    return bytes_of(state, std::endian::big);
}

} // namespace tlsdoctor
