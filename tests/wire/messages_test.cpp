// SPDX-License-Identifier: Apache-2.0
// The rules that hold for every message alike.
#include <doctest/doctest.h>

#include <algorithm>

#include "cases.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;
using test::MessageCase;

TEST_CASE("every message that was read is written as it was") {
    for (const MessageCase& c : test::message_cases()) {
        CAPTURE(c.name);
        const auto written = c.rewrite(test::hex(c.hex));
        REQUIRE(written);
        CHECK(to_hex(*written) == c.hex);
    }
}

TEST_CASE("every truncation of every message is refused, save where less is a message too") {
    for (const MessageCase& c : test::message_cases()) {
        CAPTURE(c.name);
        const Bytes whole = test::hex(c.hex);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            CAPTURE(size);
            const auto written = c.rewrite(ByteView(whole).first(size));
            CHECK(written.has_value() == (std::ranges::count(c.whole_prefixes, size) == 1));
        }
    }
}

TEST_CASE("every message refuses a byte after its end") {
    for (const MessageCase& c : test::message_cases()) {
        CAPTURE(c.name);
        Bytes longer = test::hex(c.hex);
        longer.push_back(0);
        CHECK_FALSE(c.rewrite(longer));
    }
}
