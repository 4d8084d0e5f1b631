// SPDX-License-Identifier: Apache-2.0
#include "registry/cipher_suite.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

namespace tlsdoctor {

TEST_CASE("the table of cipher suites is sorted, and no number or name occurs twice") {
    CHECK(
        std::ranges::adjacent_find(
            cipher_suites(), std::ranges::greater_equal{}, &CipherSuiteInfo::id
        ) == cipher_suites().end()
    );
    std::set<std::string_view> names;
    std::set<std::string_view> openssl_names;
    for (const CipherSuiteInfo& row : cipher_suites()) {
        CAPTURE(row.name);
        CHECK(names.insert(row.name).second);
        CHECK((row.openssl_name.empty() || openssl_names.insert(row.openssl_name).second));
    }
    CHECK(names.size() > 400);
    CHECK(openssl_names.size() > 280);
}

TEST_CASE("the constants of the header have the names of the registry") {
    CHECK(
        name_of(CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV) ==
        "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"
    );
    CHECK(name_of(CipherSuite::TLS_FALLBACK_SCSV) == "TLS_FALLBACK_SCSV");
    CHECK(name_of(CipherSuite::TLS_AES_128_GCM_SHA256) == "TLS_AES_128_GCM_SHA256");
    CHECK(name_of(CipherSuite::TLS_AES_256_GCM_SHA384) == "TLS_AES_256_GCM_SHA384");
    CHECK(name_of(CipherSuite::TLS_CHACHA20_POLY1305_SHA256) == "TLS_CHACHA20_POLY1305_SHA256");
}

TEST_CASE("signalling values are no suites") {
    CHECK(find(CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV) == nullptr);
    CHECK(find(CipherSuite::TLS_FALLBACK_SCSV) == nullptr);
}

TEST_CASE("unknown numbers and GREASE survive as hexadecimal") {
    CHECK(find(CipherSuite{0x1a1a}) == nullptr);
    CHECK(name_of(CipherSuite{0x1a1a}) == "0x1a1a");
    CHECK(name_of(CipherSuite{0xffff}) == "0xffff");
    CHECK(name_of(CipherSuite{0x0a0a}) == "0x0a0a");
}

TEST_CASE("every row is found by its number, and its neighbours are not taken for it") {
    for (const CipherSuiteInfo& row : cipher_suites()) {
        CAPTURE(row.name);
        CHECK(find(row.id) == &row);
        CHECK(name_of(row.id) == row.name);
    }
    CHECK(find(CipherSuite{0x1300}) == nullptr);
    CHECK(find(CipherSuite{0x1308}) == nullptr);
}

TEST_CASE("suites are made of what their RFC says") {
    using enum KeyExchange;
    using A = Authentication;
    using V = ProtocolVersion;
    constexpr Strength broken = Strength::broken;
    constexpr Strength weak = Strength::weak;
    constexpr Strength fine = Strength::fine;
    // clang-format off
    const CipherSuiteInfo cases[] = {
        // RFC 6101
        {CipherSuite{0x0000}, "TLS_NULL_WITH_NULL_NULL", "", none, A::none, "NULL", "NULL", 0, false, broken, V::ssl_3_0, V::tls_1_2},
        {CipherSuite{0x0003}, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", "EXP-RC4-MD5", rsa, A::rsa, "RC4_40", "MD5", 40, false, broken, V::ssl_3_0, V::tls_1_0},
        {CipherSuite{0x0005}, "TLS_RSA_WITH_RC4_128_SHA", "RC4-SHA", rsa, A::rsa, "RC4_128", "SHA", 128, false, broken, V::ssl_3_0, V::tls_1_2},
        {CipherSuite{0x0007}, "TLS_RSA_WITH_IDEA_CBC_SHA", "IDEA-CBC-SHA", rsa, A::rsa, "IDEA_CBC", "SHA", 128, false, weak, V::ssl_3_0, V::tls_1_1},
        {CipherSuite{0x0009}, "TLS_RSA_WITH_DES_CBC_SHA", "DES-CBC-SHA", rsa, A::rsa, "DES_CBC", "SHA", 56, false, broken, V::ssl_3_0, V::tls_1_1},
        {CipherSuite{0x000a}, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "DES-CBC3-SHA", rsa, A::rsa, "3DES_EDE_CBC", "SHA", 112, false, weak, V::ssl_3_0, V::tls_1_2},
        {CipherSuite{0x0018}, "TLS_DH_anon_WITH_RC4_128_MD5", "ADH-RC4-MD5", dhe, A::anonymous, "RC4_128", "MD5", 128, true, broken, V::ssl_3_0, V::tls_1_2},
        {CipherSuite{0x001d}, "SSL_FORTEZZA_KEA_WITH_FORTEZZA_CBC_SHA", "", other, A::other, "FORTEZZA_CBC", "SHA", 80, false, weak, V::ssl_3_0, V::ssl_3_0},
        // RFC 2712: reuses the third Fortezza suite's number
        {CipherSuite{0x001e}, "TLS_KRB5_WITH_DES_CBC_SHA", "KRB5-DES-CBC-SHA", krb5, A::krb5, "DES_CBC", "SHA", 56, false, broken, V::ssl_3_0, V::tls_1_1},
        // RFC 5246, RFC 5288
        {CipherSuite{0x002f}, "TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA", rsa, A::rsa, "AES_128_CBC", "SHA", 128, false, weak, V::ssl_3_0, V::tls_1_2},
        {CipherSuite{0x003c}, "TLS_RSA_WITH_AES_128_CBC_SHA256", "AES128-SHA256", rsa, A::rsa, "AES_128_CBC", "SHA256", 128, false, weak, V::tls_1_2, V::tls_1_2},
        {CipherSuite{0x009c}, "TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256", rsa, A::rsa, "AES_128_GCM", "AEAD", 128, false, weak, V::tls_1_2, V::tls_1_2},
        {CipherSuite{0x009f}, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "DHE-RSA-AES256-GCM-SHA384", dhe, A::rsa, "AES_256_GCM", "AEAD", 256, true, fine, V::tls_1_2, V::tls_1_2},
        // RFC 5487 and 5489: PSK with SHA-2 is legal before TLS 1.2
        {CipherSuite{0x00ae}, "TLS_PSK_WITH_AES_128_CBC_SHA256", "PSK-AES128-CBC-SHA256", psk, A::psk, "AES_128_CBC", "SHA256", 128, false, weak, V::tls_1_0, V::tls_1_2},
        {CipherSuite{0xc037}, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256", "ECDHE-PSK-AES128-CBC-SHA256", ecdhe_psk, A::psk, "AES_128_CBC", "SHA256", 128, true, weak, V::tls_1_0, V::tls_1_2},
        // RFC 8422, RFC 5289, RFC 6655, RFC 7251, RFC 7905
        {CipherSuite{0xc013}, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA", ecdhe, A::rsa, "AES_128_CBC", "SHA", 128, true, weak, V::tls_1_0, V::tls_1_2},
        {CipherSuite{0xc018}, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA", "AECDH-AES128-SHA", ecdhe, A::anonymous, "AES_128_CBC", "SHA", 128, true, broken, V::tls_1_0, V::tls_1_2},
        {CipherSuite{0xc02b}, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256", ecdhe, A::ecdsa, "AES_128_GCM", "AEAD", 128, true, fine, V::tls_1_2, V::tls_1_2},
        {CipherSuite{0xc02f}, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256", ecdhe, A::rsa, "AES_128_GCM", "AEAD", 128, true, fine, V::tls_1_2, V::tls_1_2},
        {CipherSuite{0xc0a8}, "TLS_PSK_WITH_AES_128_CCM_8", "PSK-AES128-CCM8", psk, A::psk, "AES_128_CCM_8", "AEAD", 128, false, weak, V::tls_1_2, V::tls_1_2},
        {CipherSuite{0xc0aa}, "TLS_PSK_DHE_WITH_AES_128_CCM_8", "DHE-PSK-AES128-CCM8", dhe_psk, A::psk, "AES_128_CCM_8", "AEAD", 128, true, fine, V::tls_1_2, V::tls_1_2},
        {CipherSuite{0xcca8}, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305", ecdhe, A::rsa, "CHACHA20_POLY1305", "AEAD", 256, true, fine, V::tls_1_2, V::tls_1_2},
        // never registered
        {CipherSuite{0x0062}, "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA", "EXP1024-DES-CBC-SHA", rsa, A::rsa, "DES_CBC", "SHA", 56, false, broken, V::ssl_3_0, V::tls_1_0},
        {CipherSuite{0xcc13}, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256_OLD", "", ecdhe, A::rsa, "CHACHA20_POLY1305", "AEAD", 256, true, fine, V::tls_1_2, V::tls_1_2},
        {CipherSuite{0xe013}, "ECC_SM4_CBC_SM3", "", other, A::other, "SM4_CBC", "SM3", 128, false, weak, V::none, V::none},
        {CipherSuite{0xfeff}, "SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA", "", rsa, A::rsa, "3DES_EDE_CBC", "SHA", 112, false, weak, V::ssl_3_0, V::tls_1_2},
        // RFC 8446, RFC 8998, RFC 9150, RFC 9189, RFC 9367
        {CipherSuite{0x1301}, "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256", tls13, A::tls13, "AES_128_GCM", "AEAD", 128, true, fine, V::tls_1_3, V::tls_1_3},
        {CipherSuite{0x1305}, "TLS_AES_128_CCM_8_SHA256", "TLS_AES_128_CCM_8_SHA256", tls13, A::tls13, "AES_128_CCM_8", "AEAD", 128, true, fine, V::tls_1_3, V::tls_1_3},
        {CipherSuite{0x1306}, "TLS_AEGIS_256_SHA512", "", tls13, A::tls13, "AEGIS_256", "AEAD", 256, true, fine, V::tls_1_3, V::tls_1_3},
        {CipherSuite{0x00c6}, "TLS_SM4_GCM_SM3", "", tls13, A::tls13, "SM4_GCM", "AEAD", 128, true, fine, V::tls_1_3, V::tls_1_3},
        {CipherSuite{0xc0b4}, "TLS_SHA256_SHA256", "", tls13, A::tls13, "NULL", "SHA256", 0, true, broken, V::tls_1_3, V::tls_1_3},
        {CipherSuite{0xc100}, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_CTR_OMAC", "GOST2012-KUZNYECHIK-KUZNYECHIKOMAC", gost, A::gost, "KUZNYECHIK_CTR", "OMAC", 256, false, weak, V::tls_1_2, V::tls_1_2},
        {CipherSuite{0xc103}, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_L", "", tls13, A::tls13, "KUZNYECHIK_MGM_L", "AEAD", 256, true, fine, V::tls_1_3, V::tls_1_3},
    };
    // clang-format on
    for (const CipherSuiteInfo& c : cases) {
        CAPTURE(c.name);
        const CipherSuiteInfo* row = find(c.id);
        REQUIRE(row != nullptr);
        CHECK(row->name == c.name);
        CHECK(row->openssl_name == c.openssl_name);
        CHECK(row->key_exchange == c.key_exchange);
        CHECK(row->authentication == c.authentication);
        CHECK(row->encryption == c.encryption);
        CHECK(row->mac == c.mac);
        CHECK(row->bits == c.bits);
        CHECK(row->forward_secrecy == c.forward_secrecy);
        CHECK(row->strength == c.strength);
        CHECK(row->first_version == c.first_version);
        CHECK(row->last_version == c.last_version);
    }
}

TEST_CASE("properties of a suite agree with each other") {
    for (const CipherSuiteInfo& row : cipher_suites()) {
        CAPTURE(row.name);
        CHECK(row.first_version <= row.last_version);
        CHECK((row.bits == 0) == (row.encryption == "NULL"));
        CHECK(
            (row.key_exchange == KeyExchange::tls13) ==
            (row.first_version == ProtocolVersion::tls_1_3)
        );
        CHECK(
            (row.last_version == ProtocolVersion::tls_1_3) ==
            (row.first_version == ProtocolVersion::tls_1_3)
        );
        if (row.strength == Strength::fine) {
            CHECK(row.mac == "AEAD");
            CHECK(row.forward_secrecy);
        }
        if (row.bits <= 56 || row.authentication == Authentication::anonymous) {
            CHECK(row.strength == Strength::broken);
        }
        if (row.name.contains("EXPORT")) {
            CHECK(row.last_version == ProtocolVersion::tls_1_0);
        }
    }
}

TEST_CASE("the cipher kinds of SSL 2.0 are the draft's seven and the ones seen in the field") {
    constexpr std::pair<std::uint32_t, std::string_view> draft[] = {
        {0x010080, "SSL_CK_RC4_128_WITH_MD5"},
        {0x020080, "SSL_CK_RC4_128_EXPORT40_WITH_MD5"},
        {0x030080, "SSL_CK_RC2_128_CBC_WITH_MD5"},
        {0x040080, "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5"},
        {0x050080, "SSL_CK_IDEA_128_CBC_WITH_MD5"},
        {0x060040, "SSL_CK_DES_64_CBC_WITH_MD5"},
        {0x0700c0, "SSL_CK_DES_192_EDE3_CBC_WITH_MD5"},
    };
    for (const auto& [id, name] : draft) {
        CAPTURE(name);
        const auto row = std::ranges::find(ssl2_cipher_kinds(), id, &Ssl2CipherKind::id);
        REQUIRE(row != ssl2_cipher_kinds().end());
        CHECK(row->name == name);
    }
    CHECK(ssl2_cipher_kinds().size() > std::size(draft));
    CHECK(std::ranges::is_sorted(ssl2_cipher_kinds(), {}, &Ssl2CipherKind::id));
}

} // namespace tlsdoctor
