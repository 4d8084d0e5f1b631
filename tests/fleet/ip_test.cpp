// SPDX-License-Identifier: Apache-2.0
#include "fleet/ip.hpp"

#include <string>

#include <doctest/doctest.h>

namespace tlsdoctor::fleet {
namespace {

TEST_CASE("addresses are numbers and come back in their shortest form") {
    struct Case {
        std::string text;
        std::string shown; ///< empty: no address
    };
    const Case cases[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
        {"::", "::"},
        {"255.255.255.255", "255.255.255.255"},
        {"192.0.2", ""},
        {"192.0.2.256", ""},
        {"192.0.2.7 ", ""},
        {"[::1]", ""},
        {"fe80::1%eth0", ""},
        {"a.example", ""},
        {"", ""},
        {std::string("1.2.3.4\0x", 9), ""},
        {std::string(100, '1'), ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto ip = ip_in(c.text);
        CHECK(ip.has_value() == !c.shown.empty());
        if (ip) {
            CHECK(text_of(*ip) == c.shown);
            CHECK(before(after(*ip)) == *ip);
        }
    }
}

TEST_CASE("read_block reads networks and says what is wrong with others") {
    struct Case {
        std::string text;
        std::string first; ///< empty: an error
        std::string last;
        std::uint64_t size;
    };
    const Case cases[] = {
        {"192.0.2.0/24", "192.0.2.0", "192.0.2.255", 256},
        {"192.0.2.77/24", "192.0.2.0", "192.0.2.255", 256},
        {"192.0.2.7/32", "192.0.2.7", "192.0.2.7", 1},
        {"192.0.2.7/31", "192.0.2.6", "192.0.2.7", 2},
        {"0.0.0.0/0", "0.0.0.0", "255.255.255.255", std::uint64_t{1} << 32U},
        {"2001:db8::/108", "2001:db8::", "2001:db8::f:ffff", 1U << 20U},
        {"2001:db8::5/128", "2001:db8::5", "2001:db8::5", 1},
        {"2001:db8::/107", "", "", 0},
        {"2001:db8::/32", "", "", 0},
        {"192.0.2.0/33", "", "", 0},
        {"192.0.2.0/99999999999", "", "", 0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(is_block(c.text));
        const auto block = read_block(c.text);
        REQUIRE(block.has_value() == !c.first.empty());
        if (block) {
            CHECK(text_of(block->first) == c.first);
            CHECK(text_of(block->last) == c.last);
            CHECK(size_of(*block) == c.size);
        }
    }
    for (const char* const text :
         {"a.example/24", "192.0.2.0/", "192.0.2.0/x", "192.0.2.0/24/", ""}) {
        CAPTURE(text);
        CHECK_FALSE(is_block(text));
    }
}

TEST_CASE("the arithmetic of IPv6 carries from one half to the other") {
    const Ip edge = *ip_in("2001:db8::ffff:ffff:ffff:ffff");
    CHECK(text_of(after(edge)) == "2001:db8:0:1::");
    CHECK(before(after(edge)) == edge);
    const Block wide = around(*ip_in("2001:db8::1"), 32);
    CHECK(text_of(wide.last) == "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
    CHECK(size_of(wide) == ~std::uint64_t{0});
    CHECK(text_of(around(*ip_in("2001:db8:1:2:3::"), 64).first) == "2001:db8:1:2::");
}

} // namespace
} // namespace tlsdoctor::fleet
