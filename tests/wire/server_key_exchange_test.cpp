// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "cases.hpp"
#include "wire/server_key_exchange.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;

TEST_CASE("a signature has a scheme in front from TLS 1.2 on") {
    const Bytes body = test::hex("03001d02aabb"
                                 "0804"
                                 "0001ff");
    const auto message =
        read_server_key_exchange(body, KeyExchange::ecdhe, ProtocolVersion::tls_1_2);
    REQUIRE(message);
    CHECK(
        std::get<ServerEcdhParams>(message->params) ==
        ServerEcdhParams{.namedcurve = NamedGroup::x25519, .point = test::hex("aabb")}
    );
    CHECK(
        message->signature ==
        ParamsSignature{
            .algorithm = SignatureScheme::rsa_pss_rsae_sha256, .signature = test::hex("ff")
        }
    );
    CHECK_FALSE(read_server_key_exchange(body, KeyExchange::ecdhe, ProtocolVersion::tls_1_1));
}

TEST_CASE("anonymous parameters end without a signature") {
    const auto message = read_server_key_exchange(
        test::hex("0002abcd"
                  "000102"
                  "00021234"),
        KeyExchange::dhe, ProtocolVersion::tls_1_2
    );
    REQUIRE(message);
    CHECK_FALSE(message->signature);
    CHECK(std::get<ServerDhParams>(message->params).dh_g == test::hex("02"));
}

TEST_CASE("PSK has a hint and no parameters") {
    const auto message = read_server_key_exchange(
        test::hex("0003776869"), KeyExchange::psk, ProtocolVersion::tls_1_2
    );
    REQUIRE(message);
    CHECK(message->psk_identity_hint == test::hex("776869"));
    CHECK(std::holds_alternative<std::monostate>(message->params));
}

TEST_CASE("what cannot be read is refused with a reason") {
    struct Case {
        std::string_view name;
        std::string_view hex;
        KeyExchange key_exchange;
        std::string_view error;
    };
    constexpr Case k_cases[] = {
        {"explicit prime curve", "0101020304", KeyExchange::ecdhe,
         "curve_type at byte 0: only named curves are read"},
        {"TLS 1.3", "", KeyExchange::tls13,
         "params at byte 0: this key exchange has no readable ServerKeyExchange"},
        {"SRP", "0001ff", KeyExchange::srp,
         "params at byte 0: this key exchange has no readable ServerKeyExchange"},
        {"nothing", "", KeyExchange::ecdhe, "curve_type at byte 0: needs 1 byte, has 0"},
        {"a byte after PSK's parameters", "000003001d01aaff", KeyExchange::ecdhe_psk,
         "message at byte 7: has 1 byte too many"},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.name);
        const auto message =
            read_server_key_exchange(test::hex(c.hex), c.key_exchange, ProtocolVersion::tls_1_2);
        REQUIRE_FALSE(message);
        CHECK(describe(message.error()) == c.error);
    }
}

TEST_CASE("bit_length counts from the highest bit that is set") {
    struct Case {
        std::string_view hex;
        std::size_t bits;
    };
    constexpr Case k_cases[] = {
        {"", 0}, {"00", 0}, {"01", 1}, {"80", 8}, {"0080", 8}, {"ff00", 16}, {"010000", 17},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.hex);
        CHECK(bit_length(test::hex(c.hex)) == c.bits);
    }
}
