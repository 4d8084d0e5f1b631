// SPDX-License-Identifier: Apache-2.0
#include "fleet/exclusion.hpp"

#include <string>

#include <doctest/doctest.h>

#include "fleet/words.hpp"

namespace tlsdoctor::fleet {
namespace {

using testing::read_word;

Exclusion exclusion_of(std::initializer_list<std::string> words) {
    Exclusion exclusion;
    LineReader reader;
    for (const std::string& word : words) {
        for (const ListItem& item : reader.read(word, 1)) {
            REQUIRE(exclusion.add(std::get<Entry>(item), read_word).has_value());
        }
    }
    return exclusion;
}

TEST_CASE("an exclusion knows addresses, blocks, names and ports of them") {
    const Exclusion exclusion = exclusion_of(
        {"192.0.2.0/25", "198.51.100.7", "198.51.100.8:8443", "2001:db8::/112", "a.example",
         "b.example:993", "203.0.113.0/24,,,25"}
    );
    struct Case {
        std::string word;
        bool excluded;
    };
    const Case cases[] = {
        {"192.0.2.1", true},       {"192.0.2.127:25", true}, {"192.0.2.128", false},
        {"198.51.100.7:1", true},  {"198.51.100.8", false},  {"198.51.100.8:8443", true},
        {"a.example", true},       {"a.example:25", true},   {"b.example", false},
        {"b.example:993", true},   {"c.a.example", false},   {"203.0.113.9:25", true},
        {"203.0.113.9:26", false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.word);
        CHECK(exclusion.excludes(*read_word({.text = c.word})) == c.excluded);
    }
}

TEST_CASE("an address that a name leads to is excluded in every spelling") {
    const Exclusion exclusion = exclusion_of({"192.0.2.0/24", "2001:db8::/112"});
    CHECK(exclusion.excludes("192.0.2.7", 443));
    CHECK(exclusion.excludes("2001:DB8::7", 443));
    CHECK(exclusion.excludes("2001:db8::7%eth0", 443));
    CHECK(exclusion.excludes("::ffff:192.0.2.7", 443));
    CHECK_FALSE(exclusion.excludes("::ffff:192.0.3.7", 443));
    CHECK_FALSE(exclusion.excludes("a.example", 443));
}

TEST_CASE("an address whose server name is excluded is excluded") {
    const Exclusion exclusion = exclusion_of({"a.example"});
    CHECK(exclusion.excludes({.host = "192.0.2.7", .literal = true, .sni = "a.example"}));
    CHECK_FALSE(exclusion.excludes({.host = "192.0.2.7", .literal = true}));
    CHECK_FALSE(Exclusion{}.excludes({.host = "a.example"}));
}

} // namespace
} // namespace tlsdoctor::fleet
