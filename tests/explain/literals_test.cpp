// SPDX-License-Identifier: Apache-2.0
#include "explain/literals.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.hpp"

namespace tlsdoctor::explain {

namespace {

std::vector<int> found_in(Literals& literals, std::string_view text) {
    std::vector<int> found;
    literals.find(text, found);
    std::ranges::sort(found);
    return found;
}

} // namespace

TEST_CASE("Literals finds each literal once, overlapping ones too") {
    const std::vector<std::string> words = {"he", "she", "his", "hers", "she", "s h"};
    Literals literals{words};
    CHECK(found_in(literals, "ushers and ushers") == std::vector{0, 1, 3, 4});
    CHECK(found_in(literals, "USHERS") == std::vector{0, 1, 3, 4});
    CHECK(found_in(literals, "this his") == std::vector{2, 5});
    CHECK(found_in(literals, "") == std::vector<int>{});
    CHECK(found_in(literals, "\xff\x80 h") == std::vector<int>{});
}

TEST_CASE("Literals agrees with a search for each word") {
    constexpr unsigned k_seed = 4711;
    CAPTURE(k_seed);
    std::mt19937 random{k_seed};
    const auto word = [&](std::size_t most) {
        std::string text(1 + random() % most, ' ');
        std::ranges::generate(text, [&] { return static_cast<char>('a' + random() % 3); });
        return text;
    };
    for (int round = 0; round < 200; ++round) {
        std::vector<std::string> words(1 + random() % 12);
        std::ranges::generate(words, [&] { return word(4); });
        Literals literals{words};
        const std::string text = word(40);
        std::vector<int> expected;
        for (std::size_t at = 0; at < words.size(); ++at) {
            if (text.find(words[at]) != std::string::npos) {
                expected.push_back(static_cast<int>(at));
            }
        }
        CAPTURE(text);
        CHECK(found_in(literals, text) == expected);
    }
}

} // namespace tlsdoctor::explain
