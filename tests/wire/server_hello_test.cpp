// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>

#include "cases.hpp"
#include "wire/extensions.hpp"
#include "wire/handshake.hpp"
#include "wire/server_hello.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;

namespace {

// RFC 8448 section 3, "Simple 1-RTT Handshake": {server} construct a ServerHello handshake message.
constexpr std::string_view k_server_hello =
    "020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e26928001301"
    "00002e00330024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e75"
    "1f0f002b00020304";

// RFC 8448 section 5, "HelloRetryRequest": {server} construct a HelloRetryRequest handshake
// message.
constexpr std::string_view k_hello_retry_request =
    "020000ac0303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c001301"
    "000084003300020017002c0074007271dcd04bb88bc3189119398a00000000eefafc76c146b823b096"
    "f8aacad365dd0030953f4edf625636e5f21bb2e23fcc654b1b5b40318d10d137abcbb87574e36e8a1f"
    "025f7dfa5d6e50781b5eda4aa15b0c8be778257d16aa3030e9e7841dd9e4c0342267e8ca0caf571fb2"
    "b7cff0f934b0002b00020304";

/// Reads the ServerHello of a message with its header.
ServerHello hello_in(std::string_view message) {
    HandshakeReader reader;
    reader.feed(test::hex(message));
    const auto whole = reader.next();
    REQUIRE(whole->has_value());
    CHECK((*whole)->type == HandshakeType::server_hello);
    const auto hello = read_server_hello((*whole)->body);
    REQUIRE(hello);
    CHECK(to_hex(handshake_message(HandshakeType::server_hello, write(*hello))) == message);
    return *hello;
}

Random random_ending(std::string_view last) {
    Random random{};
    std::ranges::copy(test::hex(last), random.begin() + 24);
    return random;
}

} // namespace

TEST_CASE("read_server_hello reads the ServerHello of RFC 8448") {
    const ServerHello hello = hello_in(k_server_hello);
    CHECK(hello.legacy_version == ProtocolVersion::tls_1_2);
    CHECK(selected_version(hello) == ProtocolVersion::tls_1_3);
    CHECK(hello.legacy_session_id_echo.empty());
    CHECK(hello.cipher_suite == CipherSuite::TLS_AES_128_GCM_SHA256);
    CHECK_FALSE(is_hello_retry_request(hello));
    CHECK_FALSE(downgrade_sentinel(hello.random));
    REQUIRE(hello.extensions.size() == 2);
    const auto share = read_server_share(hello.extensions[0].data);
    REQUIRE(share);
    CHECK(share->group == NamedGroup::x25519);
    CHECK(share->key_exchange.size() == 32);
}

TEST_CASE("the HelloRetryRequest of RFC 8448 is known by its random") {
    const ServerHello hello = hello_in(k_hello_retry_request);
    CHECK(is_hello_retry_request(hello));
    CHECK(selected_version(hello) == ProtocolVersion::tls_1_3);
    const Extension* share = find(hello.extensions, ExtensionType::key_share);
    REQUIRE(share != nullptr);
    CHECK(read_selected_group(share->data) == NamedGroup::secp256r1);
    CHECK_FALSE(read_server_share(share->data));
    const Extension* cookie = find(hello.extensions, ExtensionType::cookie);
    REQUIRE(cookie != nullptr);
    CHECK(read_cookie(cookie->data)->size() == 114);
}

TEST_CASE("downgrade_sentinel knows the two endings of RFC 8446 4.1.3 and no other") {
    struct Case {
        std::string_view last;
        std::optional<ProtocolVersion> version;
    };
    constexpr Case k_cases[] = {
        {"444f574e47524401", ProtocolVersion::tls_1_3},
        {"444f574e47524400", ProtocolVersion::tls_1_2},
        {"444f574e47524402", std::nullopt},
        {"444f574e47524501", std::nullopt},
        {"0000000000000001", std::nullopt},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.last);
        CHECK(downgrade_sentinel(random_ending(c.last)) == c.version);
    }
}

TEST_CASE("a ServerHello without an extensions block is not one with an empty block") {
    ServerHello hello{
        .legacy_version = ProtocolVersion::tls_1_0, .cipher_suite = CipherSuite{0x2f}
    };
    const Bytes without = write(hello);
    hello.empty_extensions = true;
    const Bytes empty = write(hello);
    CHECK(empty.size() == without.size() + 2);
    CHECK_FALSE(read_server_hello(without)->empty_extensions);
    CHECK(read_server_hello(empty)->empty_extensions);
}

TEST_CASE("selected_version falls back to legacy_version where supported_versions is unreadable") {
    ServerHello hello;
    hello.extensions = {{.type = ExtensionType::supported_versions, .data = test::hex("03")}};
    CHECK(selected_version(hello) == ProtocolVersion::tls_1_2);
}

TEST_CASE("a session id of 33 bytes is refused") {
    ServerHello hello;
    hello.legacy_session_id_echo = Bytes(33, 1);
    const auto read = read_server_hello(write(hello));
    REQUIRE_FALSE(read);
    CHECK(describe(read.error()) == "legacy_session_id_echo at byte 34: length 33 is over 32");
}
