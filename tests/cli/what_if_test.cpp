// SPDX-License-Identifier: Apache-2.0
// Changes in the words of many servers.
#include "cli/what_if.hpp"

#include <algorithm>
#include <array>

#include <doctest/doctest.h>

namespace tlsdoctor::cli {

namespace {

constexpr std::array k_now = {
    ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1, ProtocolVersion::tls_1_2
};

std::string versions_then(std::string_view text) {
    const auto change = read_change(text);
    if (!change) {
        return change.error();
    }
    std::string names;
    for (const ProtocolVersion version : versions_after(*change, k_now)) {
        names += (names.empty() ? "" : " ") + name_of(version).substr(4);
    }
    return names;
}

} // namespace

TEST_CASE("read_change understands versions as servers spell them") {
    struct Case {
        std::string_view text;
        std::string_view versions; ///< afterwards, of a server that speaks TLS 1.0 to 1.2
    };
    const std::array cases = {
        Case{"tls1.3", "1.3"},
        Case{"tls1.2,tls1.3", "1.2 1.3"},
        Case{"!tls1.0", "1.1 1.2"},
        Case{"+tls1.3", "1.0 1.1 1.2 1.3"},
        Case{"!tls1.0,!tls1.1,+tls1.3", "1.2 1.3"},
        Case{"ssl_protocols TLSv1.2 TLSv1.3;", "1.2 1.3"},
        Case{"ssl_protocols TLSv1.3", "1.3"},
        Case{"SSLProtocol -all +TLSv1.2", "1.2"},
        Case{"SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1", "1.2 1.3"},
        Case{"ssl-min-ver TLSv1.2", "1.2 1.3"},
        Case{"ssl-min-ver TLSv1.2 ; ssl-max-ver TLSv1.2", "1.2"},
        Case{"no-tlsv10 no-tlsv11", "1.2"},
        Case{"force-tlsv12", "1.2"},
        Case{"ssl_min_protocol = TLSv1.2", "1.2 1.3"},
        Case{"smtpd_tls_protocols = >=TLSv1.2", "1.2 1.3"},
        Case{"smtpd_tls_protocols = !SSLv2, !SSLv3, !TLSv1", "1.1 1.2"},
        Case{"modern", "1.3"},
        Case{"intermediate", "1.2 1.3"},
        Case{"old", "1.0 1.1 1.2 1.3"},
        Case{"", "it says nothing"},
        Case{" ; ", "it says nothing"},
        Case{"ssl_protocols", "no version is named"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(versions_then(c.text) == c.versions);
    }
}

TEST_CASE("read_change expands cipher strings and names groups") {
    const auto change =
        read_change("ssl_ciphers 'ECDHE+AESGCM:!aNULL'; ssl_ecdh_curve X25519:prime256v1; "
                    "ciphersuites TLS_AES_256_GCM_SHA384");
    REQUIRE(change);
    CHECK_FALSE(change->versions);
    REQUIRE(change->suites);
    constexpr CipherSuite ecdhe_rsa_aes128_gcm{0xc02f};
    CHECK(std::ranges::find(*change->suites, ecdhe_rsa_aes128_gcm) != change->suites->end());
    CHECK(std::ranges::none_of(*change->suites, [](CipherSuite suite) {
        return find(suite)->key_exchange != KeyExchange::ecdhe;
    }));
    CHECK(change->groups == std::vector{NamedGroup::x25519, NamedGroup::secp256r1});
    CHECK(change->tls13_suites == std::vector{CipherSuite::TLS_AES_256_GCM_SHA384});
}

TEST_CASE("what read_change does not understand it names") {
    struct Case {
        std::string_view text;
        std::string_view named;
    };
    const std::array cases = {
        Case{"tls1.4", "'tls1.4'"},
        Case{"ssl_protokols TLSv1.3", "'ssl_protokols'"},
        Case{"ssl_ciphers NO-SUCH", "'NO-SUCH'"},
        Case{"ssl_ecdh_curve X25518", "'X25518'"},
        Case{"ciphersuites TLS_RSA_WITH_AES_128_CBC_SHA", "'TLS_RSA_WITH_AES_128_CBC_SHA'"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto change = read_change(c.text);
        REQUIRE_FALSE(change);
        CHECK(change.error().find(c.named) != std::string::npos);
    }
}

} // namespace tlsdoctor::cli
