// SPDX-License-Identifier: Apache-2.0
// A policy in the words of servers.
#include "advise/policy_lines.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::advise {

namespace {

constexpr auto k_1_2 = ProtocolVersion::tls_1_2;
constexpr auto k_1_3 = ProtocolVersion::tls_1_3;

diagnose::Policy plain() {
    return {
        .name = "plain",
        .versions = std::vector{k_1_3, k_1_2},
        .suites = std::vector{CipherSuite{0xc02f}, CipherSuite{0xc030}},
        .tls13_suites = std::vector{CipherSuite::TLS_AES_128_GCM_SHA256},
        .groups =
            std::vector{NamedGroup::X25519MLKEM768, NamedGroup::x25519, NamedGroup::secp256r1},
        .server_order = true,
    };
}

Fix fix_of(std::string product) {
    return {
        .product = std::move(product), .where = "a block; name exactly the versions", .text = "x"
    };
}

} // namespace

TEST_CASE("policy_lines spells a policy as each server wants it") {
    const std::vector groups = {NamedGroup::x25519, NamedGroup::secp256r1};
    CHECK(
        policy_lines(plain(), "nginx", groups) ==
        "ssl_protocols TLSv1.2 TLSv1.3;\n"
        "ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384;\n"
        "ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;\n"
        "ssl_ecdh_curve X25519:prime256v1;\n"
        "ssl_prefer_server_ciphers on;"
    );
    CHECK(
        policy_lines(plain(), "Apache", {}) ==
        "SSLProtocol -all +TLSv1.2 +TLSv1.3\n"
        "SSLCipherSuite ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384\n"
        "SSLCipherSuite TLSv1.3 TLS_AES_128_GCM_SHA256\n"
        "SSLHonorCipherOrder on"
    );
    diagnose::Policy old = plain();
    old.versions->push_back(ProtocolVersion::tls_1_0);
    old.tls13_suites.reset();
    CHECK(
        policy_lines(old, "HAProxy", {}) ==
        "ssl-default-bind-options ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.3\n"
        "ssl-default-bind-ciphers "
        "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0"
    );
    CHECK(policy_lines(plain(), "IIS", groups).empty());
}

TEST_CASE("spell_policy_out advises settings only where settings help") {
    diagnose::PolicyResult result{.policy = plain(), .compliant = false};
    result.differences = {{.kind = diagnose::DifferenceKind::must_go, .what = "a key"}};
    std::vector<Fix> fixes = {fix_of("nginx"), fix_of("IIS")};
    spell_policy_out(fixes, result, {});
    REQUIRE(fixes.size() == 1);
    CHECK(fixes.front().where == "a block");
    // A group that the server's library may not know would stop it from starting.
    CHECK(fixes.front().text.find("ssl_ecdh_curve X25519:prime256v1;") != std::string::npos);
    result.differences.front().by_settings = false;
    fixes = {fix_of("nginx")};
    spell_policy_out(fixes, result, {});
    CHECK(fixes.empty());
    result.compliant = true;
    fixes = {fix_of("nginx")};
    spell_policy_out(fixes, result, {});
    CHECK(fixes.front().text == "x");
}

} // namespace tlsdoctor::advise
