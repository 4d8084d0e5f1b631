// SPDX-License-Identifier: Apache-2.0
#include "crypto/cipher_string.hpp"

#include <algorithm>
#include <array>

#include <doctest/doctest.h>

namespace tlsdoctor::crypto {

TEST_CASE("a cipher string selects what OpenSSL selects, and what it names") {
    struct Case {
        std::string text{};
        CipherSuite has{};
        CipherSuite has_not{};
    };
    constexpr CipherSuite ecdhe_rsa_aes128_gcm{0xc02f};
    constexpr CipherSuite rsa_aes128_cbc{0x002f};
    constexpr CipherSuite rsa_rc4{0x0005};
    const std::array cases = {
        Case{"ECDHE-RSA-AES128-GCM-SHA256", ecdhe_rsa_aes128_gcm, rsa_aes128_cbc},
        Case{"HIGH:!aNULL:!kRSA", ecdhe_rsa_aes128_gcm, rsa_aes128_cbc},
        Case{"DEFAULT:@SECLEVEL=0", rsa_aes128_cbc, rsa_rc4},
        Case{"RC4-SHA", rsa_rc4, rsa_aes128_cbc},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto suites = suites_in(c.text);
        REQUIRE(suites);
        CHECK(std::ranges::find(*suites, c.has) != suites->end());
        CHECK(std::ranges::find(*suites, c.has_not) == suites->end());
        CHECK(std::ranges::find(*suites, CipherSuite::TLS_AES_128_GCM_SHA256) == suites->end());
    }
    CHECK_FALSE(suites_in("NO-SUCH-SUITE"));
    CHECK_FALSE(suites_in(""));
}

} // namespace tlsdoctor::crypto
