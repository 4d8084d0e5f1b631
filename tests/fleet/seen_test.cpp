// SPDX-License-Identifier: Apache-2.0
#include "fleet/seen.hpp"

#include <random>
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace tlsdoctor::fleet {
namespace {

Block block_of(std::uint64_t first, std::uint64_t last) {
    return {.first = {.low = first}, .last = {.low = last}};
}

TEST_CASE("a set of addresses is the same as one that keeps each") {
    constexpr unsigned k_seed = 42;
    CAPTURE(k_seed);
    std::mt19937 random{k_seed};
    for (int round = 0; round < 50; ++round) {
        IpSet set;
        std::set<std::uint64_t> each;
        for (int i = 0; i < 12; ++i) {
            const std::uint64_t first = random() % 200;
            const std::uint64_t last = first + random() % 20;
            set.add(block_of(first, last));
            for (std::uint64_t ip = first; ip <= last; ++ip) {
                each.insert(ip);
            }
        }
        for (std::uint64_t ip = 0; ip < 230; ++ip) {
            CHECK(set.contains({.low = ip}) == each.contains(ip));
            if (const auto range = set.around({.low = ip})) {
                CHECK(range->first.low <= ip);
                CHECK(range->last.low >= ip);
                CHECK(each.contains(range->first.low));
                CHECK(each.contains(range->last.low));
            }
        }
    }
    IpSet set;
    set.add(block_of(1, 5));
    CHECK_FALSE(set.contains({.v6 = true, .low = 3}));
}

TEST_CASE("fingerprints know every text that was added, and no other") {
    Fingerprints seen{0x1234};
    CHECK_FALSE(seen.contains("a"));
    constexpr int k_texts = 20'000;
    for (int i = 0; i < k_texts; ++i) {
        CHECK(seen.add(fmt::format("host{}.example:443", i)));
    }
    for (int i = 0; i < k_texts; ++i) {
        CHECK_FALSE(seen.add(fmt::format("host{}.example:443", i)));
        CHECK_FALSE(seen.contains(fmt::format("host{}.example:444", i)));
    }
    CHECK(seen.size() == k_texts);
    CHECK(seen.add(""));
    CHECK(seen.contains(""));
    CHECK(seen.add(std::string(1, '\0')));
}

} // namespace
} // namespace tlsdoctor::fleet
