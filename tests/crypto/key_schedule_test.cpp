// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_schedule.hpp"

#include <array>

#include <doctest/doctest.h>

#include "wire/cases.hpp"

namespace tlsdoctor::crypto {

using wire::test::hex;

TEST_CASE("HKDF-Extract agrees with RFC 5869") {
    const Bytes salt = hex("000102030405060708090a0b0c");
    CHECK(
        to_hex(hkdf_extract(Hash::sha256, salt, Bytes(22, 0x0b))) ==
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
    );
    CHECK(
        to_hex(hkdf_extract(Hash::sha256, {}, Bytes(22, 0x0b))) ==
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04"
    );
}

// RFC 8448 section 3, "Simple 1-RTT Handshake".
TEST_CASE("the key schedule agrees with RFC 8448") {
    const Bytes shared = hex("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d");
    const Bytes hellos = hex("860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8");
    const HandshakeSecrets secrets = handshake_secrets(Hash::sha256, shared, hellos);
    CHECK(
        to_hex(secrets.client) == "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21"
    );
    CHECK(
        to_hex(secrets.server) == "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38"
    );
    const SuiteParts suite = parts_of(CipherSuite::TLS_AES_128_GCM_SHA256).value();
    const TrafficKey server = traffic_key(suite, secrets.server);
    CHECK(to_hex(server.key) == "3fce516009c21727d0f2e4e86ee403bc");
    CHECK(to_hex(server.iv) == "5d313eb2671276ee13000b30");
    const TrafficKey client = traffic_key(suite, secrets.client);
    CHECK(to_hex(client.key) == "dbfaa693d1762c5b666af5d950258d01");
    CHECK(to_hex(client.iv) == "5bd3c71b836e0b76bb73265f");
    CHECK(
        to_hex(hkdf_expand_label(Hash::sha256, secrets.server, "finished", {}, 32)) ==
        "008d3b66f816ea559f96b537e885c31fc068bf492c652f01f288a1d8cdc19fc8"
    );
}

TEST_CASE("an expansion has the length that was asked for, which is part of its info") {
    const Bytes secret(48, 0x07);
    const Bytes whole = hkdf_expand_label(Hash::sha384, secret, "key", {}, 200);
    CHECK(whole.size() == 200);
    CHECK(hkdf_expand_label(Hash::sha384, secret, "key", {}, 0).empty());
    CHECK(
        hkdf_expand_label(Hash::sha384, secret, "key", {}, 199) !=
        Bytes(whole.begin(), whole.end() - 1)
    );
}

TEST_CASE("the five suites of TLS 1.3 and no other have parts") {
    struct Case {
        std::uint16_t suite{};
        std::size_t hash{};
        std::size_t key{};
    };
    const std::array cases = {
        Case{0x1301, 32, 16}, Case{0x1302, 48, 32}, Case{0x1303, 32, 32},
        Case{0x1304, 32, 16}, Case{0x1305, 32, 16},
    };
    for (const Case& c : cases) {
        CAPTURE(c.suite);
        const auto parts = parts_of(CipherSuite{c.suite});
        REQUIRE(parts);
        CHECK(size_of(parts->hash) == c.hash);
        CHECK(key_size_of(parts->aead) == c.key);
        CHECK(traffic_key(*parts, Bytes(c.hash, 1)).key.size() == c.key);
    }
    CHECK_FALSE(parts_of(CipherSuite{0x1300}));
    CHECK_FALSE(parts_of(CipherSuite{0x1306}));
    CHECK_FALSE(parts_of(CipherSuite{0xc02f}));
}

} // namespace tlsdoctor::crypto
