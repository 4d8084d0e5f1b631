// SPDX-License-Identifier: Apache-2.0
// Bytes of each extension against the RFCs' layouts; truncations and lengths are in the common
// tables.
#include <doctest/doctest.h>

#include "cases.hpp"
#include "wire/extensions.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;

TEST_CASE("every writer of an extension gives the type and bytes of its RFC") {
    struct Case {
        std::string_view name;
        Extension extension;
        std::uint16_t type;
        std::string_view hex;
    };
    const std::vector<std::string> protocols = {"h2", "http/1.1"};
    const std::vector groups = {NamedGroup::x25519, NamedGroup::secp256r1};
    const std::vector schemes = {SignatureScheme::ed25519};
    const std::vector versions = {ProtocolVersion::tls_1_3, ProtocolVersion::tls_1_2};
    const std::vector<KeyShareEntry> shares = {{NamedGroup::x25519, test::hex("aabb")}};
    const Case k_cases[] = {
        {"server_name", write_server_name("a.b"), 0, "0006000003612e62"},
        {"status_request", write_status_request({}), 5, "0100000000"},
        {"supported_groups", write_supported_groups(groups), 10, "0004001d0017"},
        {"ec_point_formats", write_ec_point_formats(Bytes{0}), 11, "0100"},
        {"signature_algorithms", write_signature_algorithms(schemes), 13, "00020807"},
        {"ALPN", write_alpn(protocols), 16, "000c02683208687474702f312e31"},
        {"padding", write_padding(3), 21, "000000"},
        {"encrypt_then_mac", write_flag(ExtensionType::encrypt_then_mac), 22, ""},
        {"extended_master_secret", write_extended_master_secret(), 23, ""},
        {"session_ticket", write_session_ticket(), 35, ""},
        {"session_ticket with one", write_session_ticket(test::hex("aabb")), 35, "aabb"},
        {"supported_versions", write_supported_versions(versions), 43, "0403040303"},
        {"selected_version", write_selected_version(ProtocolVersion::tls_1_3), 43, "0304"},
        {"cookie", write_cookie(test::hex("cc")), 44, "0001cc"},
        {"psk_key_exchange_modes", write_psk_key_exchange_modes(Bytes{1}), 45, "0101"},
        {"signature_algorithms_cert", write_signature_algorithms_cert(schemes), 50, "00020807"},
        {"client_shares", write_client_shares(shares), 51, "0006001d0002aabb"},
        {"no client_shares", write_client_shares({}), 51, "0000"},
        {"server_share", write_server_share(shares[0]), 51, "001d0002aabb"},
        {"selected_group", write_selected_group(NamedGroup::secp256r1), 51, "0017"},
        {"renegotiation_info", write_renegotiation_info(), 0xff01, "00"},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.name);
        CHECK(c.extension.type == ExtensionType{c.type});
        CHECK(to_hex(c.extension.data) == c.hex);
    }
}

TEST_CASE("host_name is the first host name, and none where the extension is absent or unreadable"
) {
    struct Case {
        std::string_view name;
        std::string_view hex;
        std::optional<std::string> host;
    };
    const Case k_cases[] = {
        {"one name",
         "0004000001"
         "61",
         "a"},
        {"another type in front",
         "0008010001"
         "78"
         "000001"
         "61",
         "a"},
        {"only another type",
         "0004010001"
         "78",
         std::nullopt},
        {"a server's acknowledgement", "", std::nullopt},
        {"cut", "000400", std::nullopt},
        {"an empty name", "0003000000", ""},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.name);
        const Extension extension{.type = ExtensionType::server_name, .data = test::hex(c.hex)};
        CHECK(host_name({&extension, 1}) == c.host);
    }
    CHECK_FALSE(host_name({}));
}

TEST_CASE("read_server_name keeps bytes that are no host name") {
    const auto names = read_server_name(test::hex("0005000002"
                                                  "00ff"));
    REQUIRE(names);
    CHECK((*names)[0].name == std::string("\0\xff", 2));
}

TEST_CASE("find returns the first extension of a type") {
    const std::vector<Extension> list = {
        {.type = ExtensionType::cookie, .data = {1}}, {.type = ExtensionType::cookie, .data = {2}}
    };
    CHECK(find(list, ExtensionType::cookie) == &list[0]);
    CHECK(find(list, ExtensionType::padding) == nullptr);
}

TEST_CASE("padding of anything but zeros is refused where it stops being zero") {
    CHECK(read_padding(test::hex("0000")) == 2);
    CHECK(read_padding({}) == 0);
    const auto dirty = read_padding(test::hex("0001"));
    REQUIRE_FALSE(dirty);
    CHECK(describe(dirty.error()) == "padding at byte 1: is not zero");
}

TEST_CASE("a status_request that is not OCSP is refused") {
    const auto other = read_status_request(test::hex("0200000000"));
    REQUIRE_FALSE(other);
    CHECK(describe(other.error()) == "status_type at byte 0: only ocsp is read");
}

TEST_CASE("a session ticket is the whole of its extension") {
    CHECK(read_session_ticket(test::hex("0002aabb")) == test::hex("0002aabb"));
}
