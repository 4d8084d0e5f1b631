// SPDX-License-Identifier: Apache-2.0
// Every value has a word, and every word reads back.
#include "evidence/names.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::evidence {

TEST_CASE("every name reads back as the value that it names") {
    for (int i = 0; i <= static_cast<int>(Outcome::unreachable); ++i) {
        const auto value = static_cast<Outcome>(i);
        CHECK(outcome_named(name_of(value)) == value);
    }
    for (int i = 0; i <= static_cast<int>(Reach::dns_failure); ++i) {
        const auto value = static_cast<Reach>(i);
        CHECK(reach_named(name_of(value)) == value);
    }
    for (int i = 0; i <= static_cast<int>(Ending::reset); ++i) {
        const auto value = static_cast<Ending>(i);
        CHECK(ending_named(name_of(value)) == value);
    }
    for (int i = 0; i <= static_cast<int>(Purpose::replay); ++i) {
        const auto value = static_cast<Purpose>(i);
        CHECK(purpose_named(name_of(value)) == value);
    }
    for (int i = 0; i <= static_cast<int>(Shape::nothing); ++i) {
        const auto value = static_cast<Shape>(i);
        CHECK(shape_named(name_of(value)) == value);
    }
    for (int i = 0; i <= static_cast<int>(Trust::other); ++i) {
        const auto value = static_cast<Trust>(i);
        CHECK(trust_named(name_of(value)) == value);
    }
}

TEST_CASE("outcomes are spelled as in the contract") {
    CHECK(name_of(Outcome::other_version) == "other_version");
    CHECK(name_of(Outcome::not_tls) == "not_tls");
    CHECK(name_of(Reach::dns_failure) == "dns_failure");
}

TEST_CASE("other words name nothing") {
    for (const std::string_view word : {"", "Accepted", "accepted ", "yes", "\xff"}) {
        CAPTURE(word);
        CHECK_FALSE(outcome_named(word));
        CHECK_FALSE(reach_named(word));
        CHECK_FALSE(ending_named(word));
        CHECK_FALSE(purpose_named(word));
        CHECK_FALSE(shape_named(word));
        CHECK_FALSE(trust_named(word));
    }
}

} // namespace tlsdoctor::evidence
