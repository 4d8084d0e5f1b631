// SPDX-License-Identifier: Apache-2.0
// Literals with and without ports, and the texts that only look like them.
#include "net/address.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::net {
namespace {

TEST_CASE("parse_address reads literals with and without a port") {
    struct Case {
        std::string_view text{};
        std::optional<Address> expected{};
    };
    const Case cases[] = {
        {"192.0.2.7", Address{"192.0.2.7", 443}},
        {"192.0.2.7:8443", Address{"192.0.2.7", 8443}},
        {"2001:db8::1", Address{"2001:db8::1", 443}},
        {"2001:0DB8:0:0::0001", Address{"2001:db8::1", 443}},
        {"[2001:db8::1]", Address{"2001:db8::1", 443}},
        {"[2001:db8::1]:8443", Address{"2001:db8::1", 8443}},
        {"[::1]:65535", Address{"::1", 65535}},
        {"", std::nullopt},
        {"localhost", std::nullopt},
        {"192.0.2.7:", std::nullopt},
        {"192.0.2.7:0", std::nullopt},
        {"192.0.2.7:65536", std::nullopt},
        {"192.0.2.7:+1", std::nullopt},
        {"192.0.2", std::nullopt},
        {"192.0.2.256", std::nullopt},
        {"[192.0.2.7]:443", std::nullopt},
        {"[2001:db8::1", std::nullopt},
        {"[2001:db8::1]443", std::nullopt},
        {"[]", std::nullopt},
        {":443", std::nullopt},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(parse_address(c.text, 443) == c.expected);
    }
}

TEST_CASE("an address is written with brackets only where it has colons") {
    CHECK(to_string(Address{"192.0.2.7", 443}) == "192.0.2.7:443");
    CHECK(to_string(Address{"2001:db8::1", 443}) == "[2001:db8::1]:443");
}

TEST_CASE("a literal is IPv4 or IPv6, and a name is neither") {
    struct Case {
        std::string_view text{};
        bool v4{};
        bool v6{};
    };
    const Case cases[] = {
        {"127.0.0.1", true, false},        {"::1", false, true},        {"fe80::1%lo", false, true},
        {"::ffff:127.0.0.1", false, true}, {"[::1]", false, false},     {"1.2.3", false, false},
        {"0x7f.1", false, false},          {"a.example", false, false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(is_v4(c.text) == c.v4);
        CHECK(is_v6(c.text) == c.v6);
        CHECK(is_ip_literal(c.text) == (c.v4 || c.v6));
    }
}

} // namespace
} // namespace tlsdoctor::net
