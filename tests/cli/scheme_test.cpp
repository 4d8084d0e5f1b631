// SPDX-License-Identifier: Apache-2.0
// The table of schemes holds together.
#include "cli/scheme.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "base/text.hpp"

using tlsdoctor::cli::find_scheme;
using tlsdoctor::cli::schemes;

TEST_CASE("schemes are in lower case, unique, and have a port") {
    std::set<std::string> names;
    for (const auto& scheme : schemes()) {
        CAPTURE(std::string{scheme.name});
        CHECK(tlsdoctor::lower(scheme.name) == scheme.name);
        CHECK(names.insert(std::string{scheme.name}).second);
        CHECK(scheme.port != 0);
    }
}

TEST_CASE("find_scheme finds what is there") {
    REQUIRE(find_scheme("imaps") != nullptr);
    CHECK(find_scheme("imaps")->port == 993);
    CHECK(find_scheme("") == nullptr);
    CHECK(find_scheme("IMAPS") == nullptr);
}
