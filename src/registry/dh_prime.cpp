// SPDX-License-Identifier: Apache-2.0
// Primes of Diffie-Hellman; the rows come from data/registry/dh_primes.tsv.
#include "registry/dh_prime.hpp"

#include <algorithm>
#include <string>

#include "base/digest.hpp"

namespace tlsdoctor {

namespace {

constexpr DhPrimeInfo k_dh_primes[] = {
#include "dh_primes.inc"
};
static_assert(std::ranges::is_sorted(k_dh_primes, {}, &DhPrimeInfo::sha256));

} // namespace

std::span<const DhPrimeInfo> dh_primes() {
    return k_dh_primes;
}

const DhPrimeInfo* find_dh_prime(ByteView prime) {
    while (!prime.empty() && prime.front() == 0) {
        prime = prime.subspan(1);
    }
    const std::string digest = to_hex(sha256(as_text(prime)));
    const auto* const row =
        std::ranges::lower_bound(k_dh_primes, std::string_view(digest), {}, &DhPrimeInfo::sha256);
    return row != std::end(k_dh_primes) && row->sha256 == digest ? row : nullptr;
}

} // namespace tlsdoctor
