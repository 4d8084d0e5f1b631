// SPDX-License-Identifier: Apache-2.0
#include "registry/signature_scheme.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>

namespace tlsdoctor {

TEST_CASE("the table of signature schemes is sorted, and no name occurs twice") {
    CHECK(
        std::ranges::adjacent_find(
            signature_schemes(), std::ranges::greater_equal{}, &SignatureSchemeInfo::id
        ) == signature_schemes().end()
    );
    std::set<std::string_view> names;
    for (const SignatureSchemeInfo& row : signature_schemes()) {
        CAPTURE(row.name);
        CHECK(names.insert(row.name).second);
        CHECK(name_of(row.id) == row.name);
    }
}

TEST_CASE("schemes are named as in TLS 1.3, and pairs of TLS 1.2 by hash and signature") {
    struct Case {
        SignatureScheme scheme{};
        std::string_view expected{};
    };
    constexpr Case cases[] = {
        {SignatureScheme::rsa_pkcs1_sha1, "rsa_pkcs1_sha1"},
        {SignatureScheme::ecdsa_sha1, "ecdsa_sha1"},
        {SignatureScheme::rsa_pkcs1_sha256, "rsa_pkcs1_sha256"},
        {SignatureScheme::ecdsa_secp256r1_sha256, "ecdsa_secp256r1_sha256"},
        {SignatureScheme::rsa_pkcs1_sha384, "rsa_pkcs1_sha384"},
        {SignatureScheme::ecdsa_secp384r1_sha384, "ecdsa_secp384r1_sha384"},
        {SignatureScheme::rsa_pkcs1_sha512, "rsa_pkcs1_sha512"},
        {SignatureScheme::ecdsa_secp521r1_sha512, "ecdsa_secp521r1_sha512"},
        {SignatureScheme::rsa_pss_rsae_sha256, "rsa_pss_rsae_sha256"},
        {SignatureScheme::rsa_pss_rsae_sha384, "rsa_pss_rsae_sha384"},
        {SignatureScheme::rsa_pss_rsae_sha512, "rsa_pss_rsae_sha512"},
        {SignatureScheme::ed25519, "ed25519"},
        {SignatureScheme::ed448, "ed448"},
        {SignatureScheme{0x080b}, "rsa_pss_pss_sha512"},
        {SignatureScheme{0x0905}, "mldsa65"},
        {SignatureScheme{0x0101}, "rsa_pkcs1_md5"},
        {SignatureScheme{0x0202}, "dsa_sha1"},
        {SignatureScheme{0x0303}, "ecdsa_sha224"},
        {SignatureScheme{0x0402}, "dsa_sha256"},
        {SignatureScheme{0x0602}, "dsa_sha512"},
    };
    for (const Case& c : cases) {
        CHECK(name_of(c.scheme) == c.expected);
    }
}

TEST_CASE("schemes without a row survive as hexadecimal") {
    CHECK(name_of(SignatureScheme{0x0000}) == "0x0000");
    CHECK(name_of(SignatureScheme{0x8a8a}) == "0x8a8a");
    CHECK(name_of(SignatureScheme{0x0204}) == "0x0204");
}

} // namespace tlsdoctor
