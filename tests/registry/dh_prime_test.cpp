// SPDX-License-Identifier: Apache-2.0
#include "registry/dh_prime.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor {
namespace {

/// RFC 2409 6.2: 2^1024 - 2^960 - 1 + 2^64 * (floor(2^894 pi) + 129093).
constexpr std::string_view k_oakley_2 =
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74"
    "020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437"
    "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
    "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff";

TEST_CASE("find_dh_prime knows a prime by its number, whatever zeros stand before it") {
    Bytes prime = *from_hex(k_oakley_2);
    const DhPrimeInfo* const known = find_dh_prime(prime);
    REQUIRE(known != nullptr);
    CHECK(known->name == "RFC 2409 group 2");
    CHECK(known->bits == 1024);
    prime.insert(prime.begin(), {0, 0});
    CHECK(find_dh_prime(prime) == known);
    prime.back() ^= 1U;
    CHECK(find_dh_prime(prime) == nullptr);
    CHECK(find_dh_prime({}) == nullptr);
}

TEST_CASE("every prime of the table has a name, a size and a digest") {
    CHECK(dh_primes().size() > 30);
    for (const DhPrimeInfo& row : dh_primes()) {
        CAPTURE(row.sha256);
        CHECK(row.sha256.size() == 64);
        CHECK(row.bits >= 512);
        CHECK_FALSE(row.name.empty());
    }
}

} // namespace
} // namespace tlsdoctor
