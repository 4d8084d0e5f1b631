// SPDX-License-Identifier: Apache-2.0
// Primes of finite-field Diffie-Hellman that many servers share: whoever breaks one of them reads
// along with all. The table is data/registry/dh_primes.tsv.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.hpp"

namespace tlsdoctor {

/// A row of the table; the texts live as long as the program.
struct DhPrimeInfo {
    std::string_view sha256{}; ///< of the big-endian bytes, lower-case hexadecimal
    std::uint16_t bits{};
    std::string_view name{}; ///< `ffdhe2048`, `RFC 3526 group 14`, `Apache 2.2's`
};

/// Returns the whole table, by digest.
std::span<const DhPrimeInfo> dh_primes();

/// Returns the row of a big-endian number, leading zeros or not; null where it is not known.
const DhPrimeInfo* find_dh_prime(ByteView prime);

} // namespace tlsdoctor
