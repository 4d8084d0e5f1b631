// SPDX-License-Identifier: Apache-2.0
// The first flight in cipher: RFC 8448's, those of OpenSSL in each suite and group, and damaged
// ones.
#include "crypto/first_flight.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "crypto/conversation.hpp"
#include "crypto/flights.hpp"
#include "wire/cases.hpp"

namespace tlsdoctor::crypto {

namespace {

using test::HelloOptions;
using test::KnownHello;

// RFC 8448 section 3, "Simple 1-RTT Handshake".
constexpr std::string_view k_client_key =
    "49af42ba7f7994852d713ef2784bcbcaa7911de26adc5642cb634540e7ea5005";
constexpr std::string_view k_client_hello =
    "010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302"
    "010000910000000b0009000006736572766572ff01000100000a00140012001d001700180019010001010102010301"
    "0400230000003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c"
    "002b0003020304000d0020001e04030503060302030804080508060401050106010201040205020602020200"
    "2d00020101001c00024001";
constexpr std::string_view k_server_hello =
    "020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e003300"
    "24001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304";
constexpr std::string_view k_record =
    "17030302a2d1ff334a56f5bff6594a07cc87b580233f500f45e489e7f33af35edf7869fcf40aa40aa2b8ea73f848a7"
    "ca07612ef9f945cb960b4068905123ea78b111b429ba9191cd05d2a389280f526134aadc7fc78c4b729df828b5ecf7"
    "b13bd9aefb0e57f271585b8ea9bb355c7c79020716cfb9b1183ef3ab20e37d57a6b9d7477609aee6e122a4cf514273"
    "25250c7d0e509289444c9b3a648f1d71035d2ed65b0e3cdd0cbae8bf2d0b227812cbb360987255cc744110c453baa4"
    "fcd610928d809810e4b7ed1a8fd991f06aa6248204797e36a6a73b70a2559c09ead686945ba246ab66e5edd8044b4c"
    "6de3fcf2a89441ac66272fd8fb330ef8190579b3684596c960bd596eea520a56a8d650f563aad27409960dca63d3e6"
    "88611ea5e22f4415cf9538d51a200c27034272968a264ed6540c84838d89f72c24461aad6d26f59ecaba9acbbb317b"
    "66d902f4f292a36ac1b639c637ce343117b659622245317b49eeda0c6258f100d7d961ffb138647e92ea330faeea6d"
    "fa31c7a84dc3bd7e1b7a6c7178af36879018e3f252107f243d243dc7339d5684c8b0378bf30244da8c87c843f5e56e"
    "b4c5e8280a2b48052cf93b16499a66db7cca71e4599426f7d461e66f99882bd89fc50800becca62d6c74116dbd2972"
    "fda1fa80f85df881edbe5a37668936b335583b599186dc5c6918a396fa48a181d6b6fa4f9d62d513afbb992f2b992f"
    "67f8afe67f76913fa388cb5630c8ca01e0c65d11c66a1e2ac4c85977b7c7a6999bbf10dc35ae69f5515614636c0b9b"
    "68c19ed2e31c0b3b66763038ebba42f3b38edc0399f3a9f23faa63978c317fc9fa66a73f60f0504de93b5b845e2755"
    "92c12335ee340bbc4fddd502784016e4b3be7ef04dda49f4b440a30cb5d2af939828fd4ae3794e44f94df5a631ede4"
    "2c1719bfdabf0253fe5175be898e750edc53370d2b";

using wire::test::hex;

/// Returns the bytes of a file of hexadecimal digits.
Bytes bytes_of(const std::string& name) {
    std::ifstream in(TLSDOCTOR_SOURCE_DIR "/tests/crypto/data/" + name);
    return hex(std::string{std::istreambuf_iterator<char>(in), {}});
}

/// What a flight said: the types of its messages, its alerts, and why it ended: `8 11 15 20`.
std::string told(FirstFlight& flight) {
    std::string text;
    while (const auto item = flight.next()) {
        const auto* const message = std::get_if<wire::HandshakeMessage>(&*item);
        text += text.empty() ? "" : " ";
        text += message != nullptr
                    ? fmt::format("{}", std::to_underlying(message->type))
                    : fmt::format(
                          "alert {}", std::to_underlying(std::get<wire::Alert>(*item).description)
                      );
    }
    return text + (flight.failure().empty() ? "" : "; " + flight.failure());
}

/// Reads a whole answer.
std::string read(const KnownHello& hello, ByteView answer) {
    const auto records = test::records_in(answer);
    auto flight =
        test::must(FirstFlight::open(hello.keys, hello.message, test::server_hello_in(records)));
    for (std::size_t i = 1; i < records.size(); ++i) {
        flight.take(records[i]);
    }
    return told(flight);
}

} // namespace

TEST_CASE("the first flight of RFC 8448 is read") {
    const std::vector keys = {
        test::must(KeyShare::from_private(NamedGroup::x25519, hex(k_client_key)))
    };
    auto flight = test::must(FirstFlight::open(keys, hex(k_client_hello), hex(k_server_hello)));
    flight.take(test::records_in(hex(k_record)).front());
    const auto first = flight.next();
    REQUIRE(first);
    CHECK(
        to_hex(write(std::get<wire::HandshakeMessage>(*first))) ==
        "080000240022000a00140012001d00170018001901000101010201030104001c0002400100000000"
    );
    CHECK(told(flight) == "11 15 20");
}

TEST_CASE("the first flight is read in every suite and group") {
    struct Case {
        std::string suite{};
        std::uint16_t number{};
        NamedGroup group{};
    };
    const std::array cases = {
        Case{"TLS_AES_128_GCM_SHA256", 0x1301, NamedGroup::x25519},
        Case{"TLS_AES_256_GCM_SHA384", 0x1302, NamedGroup::x25519},
        Case{"TLS_CHACHA20_POLY1305_SHA256", 0x1303, NamedGroup::x25519},
        Case{"TLS_AES_128_CCM_SHA256", 0x1304, NamedGroup::x25519},
        Case{"TLS_AES_128_CCM_8_SHA256", 0x1305, NamedGroup::x25519},
        Case{"TLS_AES_128_GCM_SHA256", 0x1301, NamedGroup::secp256r1},
        Case{"TLS_AES_256_GCM_SHA384", 0x1302, NamedGroup::secp256r1},
    };
    for (const Case& c : cases) {
        CAPTURE(c.suite);
        CAPTURE(name_of(c.group));
        const KnownHello hello =
            test::known_hello({.groups = {c.group}, .suites = {CipherSuite{c.number}}});
        const Bytes answer =
            test::answer_of({.tls13_suites = c.suite, .identity = test::localhost()}, hello);
        CHECK(read(hello, answer) == "8 11 15 20");
    }
}

// The files hold a hello with a share of X25519MLKEM768 alone, whose private key is 32 times 0x42,
// and what OpenSSL 3.5.8 (inside Node.js 24) answered to it.
TEST_CASE("the first flight behind a post-quantum share is read") {
    const KnownHello hello{
        .keys = {test::must(KeyShare::from_private(NamedGroup::X25519MLKEM768, Bytes(32, 0x42)))},
        .message = bytes_of("hybrid_client_hello.hex"),
    };
    CHECK(read(hello, bytes_of("hybrid_answer.hex")) == "8 11 15 20");
}

TEST_CASE("the pair whose share the server took is found among several") {
    const KnownHello hello =
        test::known_hello({.groups = {NamedGroup::x25519, NamedGroup::secp256r1}});
    for (const char* const groups : {"X25519", "P-256"}) {
        CAPTURE(groups);
        const Bytes answer =
            test::answer_of({.groups = groups, .identity = test::localhost()}, hello);
        CHECK(read(hello, answer) == "8 11 15 20");
    }
}

TEST_CASE("what a server may say in cipher is read, and what it may not ends the flight") {
    using wire::ContentType;
    const KnownHello hello = test::known_hello();
    struct Case {
        std::string name{};
        ContentType type{};
        Bytes content{};
        std::size_t padding{};
        std::string told{};
    };
    const Case cases[] = {
        {"an alert", ContentType::alert, {2, 116}, 0, "alert 116"},
        {"an alert with padding", ContentType::alert, {2, 40}, 500, "alert 40"},
        {"two messages in one record", ContentType::handshake, hex("080000020000 14000001aa"), 0,
         "8 20"},
        {"half a message", ContentType::handshake, hex("0800000200"), 0, ""},
        {"as much as fits", ContentType::handshake, hex("080000020000"), 16'378, "8"},
        {"more than fits", ContentType::handshake, hex("080000020000"), 16'379,
         "; a record that the keys do not open"},
        {"half an alert",
         ContentType::alert,
         {2},
         0,
         "; an alert that is none: description at byte 1: needs 1 byte, has 0"},
        {"data",
         ContentType::application_data,
         {1, 2, 3},
         0,
         "; a record that does not belong into a first flight"},
        {"ChangeCipherSpec",
         ContentType::change_cipher_spec,
         {1},
         0,
         "; a record that does not belong into a first flight"},
        {"nothing but zeros", ContentType{0}, {}, 20, "; a record that the keys do not open"},
        {"a message that says it has 16 MB", ContentType::handshake, hex("0bffffff"), 0,
         "; a message that is too long: length at byte 1: length 16777215 is over 262144"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        test::PlayedServer server(hello);
        Bytes answer = server.hello();
        const Bytes sealed = server.seal(c.type, c.content, c.padding);
        answer.insert(answer.end(), sealed.begin(), sealed.end());
        CHECK(read(hello, answer) == c.told);
    }
}

TEST_CASE("a server that wants a certificate says so in its flight") {
    const KnownHello hello = test::known_hello();
    const Bytes answer = test::answer_of(
        {.identity = test::localhost(), .client_ca_pem = test::authority().certificate_pem}, hello
    );
    CHECK(read(hello, answer) == "8 13 11 15 20");
}

TEST_CASE("a ServerHello that leads to no keys is an error, and says why") {
    const KnownHello hello = test::known_hello();
    const Bytes good = test::server_hello_in(
        test::records_in(test::answer_of({.identity = test::localhost()}, hello))
    );
    SUBCASE("every truncation") {
        for (std::size_t size = 0; size < good.size(); ++size) {
            CAPTURE(size);
            const ByteView part = ByteView(good).first(size);
            CHECK_FALSE(FirstFlight::open(hello.keys, hello.message, part));
        }
    }
    SUBCASE("no private key of its group") {
        const auto flight = FirstFlight::open({}, hello.message, good);
        REQUIRE_FALSE(flight);
        CHECK(flight.error().cause == "the private key for x25519 is not known");
    }
    SUBCASE("a HelloRetryRequest") {
        const KnownHello asking =
            test::known_hello({.groups_without_share = {NamedGroup::secp521r1}});
        const auto records = test::records_in(
            test::answer_of({.groups = "P-521", .identity = test::localhost()}, asking)
        );
        const auto flight =
            FirstFlight::open(asking.keys, asking.message, test::server_hello_in(records));
        REQUIRE_FALSE(flight);
        CHECK(flight.error().cause == "it is a HelloRetryRequest");
    }
    SUBCASE("any bit flipped is an error, or gives keys that open nothing") {
        const auto records =
            test::records_in(test::answer_of({.identity = test::localhost()}, hello));
        const Bytes server_hello = test::server_hello_in(records);
        for (std::size_t bit = 0; bit < 8 * server_hello.size(); ++bit) {
            CAPTURE(bit);
            Bytes damaged = server_hello;
            damaged[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
            auto flight = FirstFlight::open(hello.keys, hello.message, damaged);
            if (flight) {
                flight->take(records.back());
                CHECK(told(*flight) == "; a record that the keys do not open");
            }
        }
    }
}

TEST_CASE("a damaged record is a failure, and nothing is read after it") {
    const std::vector keys = {
        test::must(KeyShare::from_private(NamedGroup::x25519, hex(k_client_key)))
    };
    const auto opened =
        test::must(FirstFlight::open(keys, hex(k_client_hello), hex(k_server_hello)));
    const wire::Record whole = test::records_in(hex(k_record)).front();
    SUBCASE("any bit flipped") {
        for (std::size_t bit = 0; bit < 8 * whole.fragment.size(); ++bit) {
            CAPTURE(bit);
            FirstFlight flight = opened;
            wire::Record damaged = whole;
            damaged.fragment[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
            flight.take(damaged);
            flight.take(whole);
            CHECK(told(flight) == "; a record that the keys do not open");
        }
    }
    SUBCASE("every truncation") {
        for (std::size_t size = 0; size < whole.fragment.size(); ++size) {
            CAPTURE(size);
            FirstFlight flight = opened;
            wire::Record cut = whole;
            cut.fragment.resize(size);
            flight.take(cut);
            CHECK(told(flight) == "; a record that the keys do not open");
        }
    }
    SUBCASE("another version in its header, which is authenticated") {
        FirstFlight flight = opened;
        wire::Record other = whole;
        other.version = ProtocolVersion::tls_1_0;
        flight.take(other);
        CHECK(told(flight) == "; a record that the keys do not open");
    }
    SUBCASE("sent twice") {
        FirstFlight flight = opened;
        flight.take(whole);
        flight.take(whole);
        CHECK(told(flight) == "8 11 15 20; a record that the keys do not open");
    }
    SUBCASE("ChangeCipherSpec says nothing and has no number") {
        FirstFlight flight = opened;
        const wire::Record change{
            .type = wire::ContentType::change_cipher_spec, .fragment = Bytes{1}
        };
        flight.take(change);
        flight.take(whole);
        CHECK(told(flight) == "8 11 15 20");
    }
    SUBCASE("a record longer than any may be") {
        FirstFlight flight = opened;
        wire::Record longer = whole;
        longer.fragment.resize(16'641);
        flight.take(longer);
        CHECK(told(flight) == "; a record that the keys do not open");
    }
    SUBCASE("a message in clear") {
        FirstFlight flight = opened;
        flight.take({.type = wire::ContentType::handshake, .fragment = hex("0800000a")});
        flight.take(whole);
        CHECK(told(flight) == "; a record in clear where it must be in cipher");
    }
    SUBCASE("a flight without end") {
        FirstFlight flight = opened;
        const wire::Record change{
            .type = wire::ContentType::change_cipher_spec, .fragment = Bytes(16'384, 1)
        };
        for (int round = 0; round < 16; ++round) {
            flight.take(change);
        }
        flight.take(whole);
        CHECK(told(flight) == "; a flight that does not end");
    }
}

} // namespace tlsdoctor::crypto
