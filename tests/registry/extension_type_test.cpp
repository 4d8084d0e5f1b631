// SPDX-License-Identifier: Apache-2.0
#include "registry/extension_type.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>

namespace tlsdoctor {

TEST_CASE("the table of extensions is sorted, and no name occurs twice") {
    CHECK(
        std::ranges::adjacent_find(
            extension_types(), std::ranges::greater_equal{}, &ExtensionInfo::id
        ) == extension_types().end()
    );
    std::set<std::string_view> names;
    for (const ExtensionInfo& row : extension_types()) {
        CAPTURE(row.name);
        CHECK(names.insert(row.name).second);
        CHECK(name_of(row.id) == row.name);
        CHECK_FALSE(is_grease(static_cast<std::uint16_t>(row.id)));
    }
}

TEST_CASE("extensions have the registry's names") {
    struct Case {
        ExtensionType type{};
        std::string_view expected{};
    };
    constexpr Case cases[] = {
        {ExtensionType::server_name, "server_name"},
        {ExtensionType::status_request, "status_request"},
        {ExtensionType::supported_groups, "supported_groups"},
        {ExtensionType::ec_point_formats, "ec_point_formats"},
        {ExtensionType::signature_algorithms, "signature_algorithms"},
        {ExtensionType::application_layer_protocol_negotiation,
         "application_layer_protocol_negotiation"},
        {ExtensionType::signed_certificate_timestamp, "signed_certificate_timestamp"},
        {ExtensionType::padding, "padding"},
        {ExtensionType::encrypt_then_mac, "encrypt_then_mac"},
        {ExtensionType::extended_master_secret, "extended_master_secret"},
        {ExtensionType::session_ticket, "session_ticket"},
        {ExtensionType::pre_shared_key, "pre_shared_key"},
        {ExtensionType::supported_versions, "supported_versions"},
        {ExtensionType::cookie, "cookie"},
        {ExtensionType::psk_key_exchange_modes, "psk_key_exchange_modes"},
        {ExtensionType::signature_algorithms_cert, "signature_algorithms_cert"},
        {ExtensionType::key_share, "key_share"},
        {ExtensionType::renegotiation_info, "renegotiation_info"},
        {ExtensionType{0x3374}, "next_protocol_negotiation"},
        {ExtensionType{0xfe0d}, "encrypted_client_hello"},
    };
    for (const Case& c : cases) {
        CHECK(name_of(c.type) == c.expected);
    }
}

TEST_CASE("extensions without a row survive as hexadecimal") {
    CHECK(name_of(ExtensionType{0x1a1a}) == "0x1a1a");
    CHECK(name_of(ExtensionType{0xffff}) == "0xffff");
}

TEST_CASE("exactly the sixteen values of RFC 8701 are GREASE") {
    constexpr std::uint16_t reserved[] = {0x0a0a, 0x1a1a, 0x2a2a, 0x3a3a, 0x4a4a, 0x5a5a,
                                          0x6a6a, 0x7a7a, 0x8a8a, 0x9a9a, 0xaaaa, 0xbaba,
                                          0xcaca, 0xdada, 0xeaea, 0xfafa};
    for (std::uint32_t number = 0; number <= 0xffff; ++number) {
        const bool expected = std::ranges::find(reserved, number) != std::end(reserved);
        CHECK_MESSAGE(is_grease(static_cast<std::uint16_t>(number)) == expected, number);
    }
}

} // namespace tlsdoctor
