// SPDX-License-Identifier: Apache-2.0
// Names that browsers take, and the limits of the DNS with their texts.
#include "net/idn.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::net {
namespace {

const std::string k_label_of_63(63, 'a');
const std::string k_label_of_64(64, 'a');
const std::string k_name_of_253 =
    k_label_of_63 + "." + k_label_of_63 + "." + k_label_of_63 + "." + std::string(61, 'b');

TEST_CASE("to_ascii gives the name that goes on the wire") {
    struct Case {
        std::string name{};
        std::string expected{};
    };
    const Case cases[] = {
        {"example.com", "example.com"},
        {"Example.COM", "example.com"},
        {"example.com.", "example.com"},
        {"localhost", "localhost"},
        {"_dmarc.example.com", "_dmarc.example.com"},
        {"r3---sn-abc.example", "r3---sn-abc.example"},
        {"xn--bcher-kva.example", "xn--bcher-kva.example"},
        {"b\u00fccher.example", "xn--bcher-kva.example"},
        {"B\u00dcCHER.example", "xn--bcher-kva.example"},
        {"b\u00fccher.example.", "xn--bcher-kva.example"},
        {"_tls.b\u00fccher.example", "_tls.xn--bcher-kva.example"},
        {"fa\u00df.example", "xn--fa-hia.example"}, // non-transitional: not fass.example
        {"\u4f8b\u3048\u3002\u30c6\u30b9\u30c8", "xn--r8jz45g.xn--zckzah"},
        {k_label_of_63 + ".example", k_label_of_63 + ".example"},
        {k_name_of_253, k_name_of_253},
        {k_name_of_253 + ".", k_name_of_253},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto ascii = to_ascii(c.name);
        REQUIRE_MESSAGE(ascii.has_value(), ascii.error().text);
        CHECK(*ascii == c.expected);
    }
}

TEST_CASE("to_ascii says what is wrong with a name") {
    struct Case {
        std::string name{};
        std::string part_of_text{};
    };
    const Case cases[] = {
        {"", "empty"},
        {".", "empty"},
        {"a..example", "empty label"},
        {".example", "empty label"},
        {"example..", "empty label"},
        {k_label_of_64 + ".example", "64 bytes"},
        {k_name_of_253 + "b", "254 bytes"},
        {"a b.example", "` `"},
        {"a/b", "`/`"},
        {"user@example.com", "`@`"},
        {"*.example.com", "`*`"},
        {std::string("a\0b", 3), "\\x00"},
        {"a\x1b[31m.example", "\\x1b"},
        {"caf\xff.example", "not a host name"},
        {std::string("b\u00fccher\0.example", 16), "not a host name"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto ascii = to_ascii(c.name);
        REQUIRE_FALSE(ascii.has_value());
        CHECK(ascii.error().text.contains(c.part_of_text));
        CHECK_FALSE(ascii.error().text.contains('\x1b'));
    }
}

} // namespace
} // namespace tlsdoctor::net
