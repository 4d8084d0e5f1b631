// SPDX-License-Identifier: Apache-2.0
// openssl.cnf: what it prescribes, and whom it reaches.
#include "config/openssl_policy.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::config {

namespace {

OpensslPolicy policy_in(const std::string& text, std::string_view name = "") {
    MemoryFiles files;
    files.add("/etc/ssl/openssl.cnf", text);
    files.add("/etc/ssl/more/b.cnf", "[x]\nMaxProtocol = TLSv1.2\n");
    files.add("/etc/ssl/more/a.cnf", "[x]\nMaxProtocol = TLSv1.3\nGroups = P-256\n");
    Sources sources;
    std::vector<Remark> remarks;
    return read_openssl_policy(files, "/etc/ssl/openssl.cnf", name, sources, remarks);
}

const std::string k_head = "openssl_conf = a\n[a]\nssl_conf = s\n[s]\nsystem_default = x\n";

struct PolicyCase {
    std::string name;
    std::string text;
    std::string minimum;
    std::string ciphers;
};

} // namespace

TEST_CASE("openssl.cnf prescribes what the section of system_default says") {
    const PolicyCase cases[] = {
        {"plain", k_head + "[x]\nMinProtocol = TLSv1.2\nCipherString = DEFAULT@SECLEVEL=0\n",
         "TLSv1.2", "DEFAULT@SECLEVEL=0"},
        {"the later of two wins", k_head + "[x]\nMinProtocol=TLSv1\nMinProtocol=TLSv1.3\n",
         "TLSv1.3", ""},
        {"names in any case, and Red Hat's", k_head + "[ x ]\ntls.minprotocol = TLSv1.2 # no\n",
         "TLSv1.2", ""},
        {"variables",
         "v = TLSv1.2\n" + k_head + "[x]\nMinProtocol = $default::v\nCipherString = ${v}x\n",
         "TLSv1.2", "TLSv1.2x"},
        {"another section's", k_head + "[y]\nMinProtocol = TLSv1.2\n", "", ""},
        {"the chain is broken", "[s]\nsystem_default = x\n[x]\nMinProtocol = TLSv1.2\n", "", ""},
        {"a continued line", k_head + "[x]\nCipherString = A:\\\nB\n", "", "A:B"},
    };
    for (const PolicyCase& c : cases) {
        CAPTURE(c.name);
        const OpensslPolicy policy = policy_in(c.text);
        CHECK((policy.cipher_string ? policy.cipher_string->value : "") == c.ciphers);
        CHECK((policy.min_protocol ? policy.min_protocol->value : "") == c.minimum);
    }
}

TEST_CASE("openssl.cnf includes files and folders") {
    const OpensslPolicy policy = policy_in(k_head + ".include more\n");
    REQUIRE(policy.max_protocol);
    CHECK(policy.max_protocol->value == "TLSv1.2");
    REQUIRE(policy.groups);
    CHECK(
        policy_in(k_head + ".include = /etc/ssl/openssl.cnf\n[x]\nGroups=X\n").groups->value == "X"
    );
}

TEST_CASE("an application's own name leads to its own settings") {
    const std::string text =
        "postfix = p\n[p]\nssl_conf = s\n[s]\nsystem_default = x\n[x]\nMaxProtocol = TLSv1.2\n";
    CHECK(policy_in(text, "postfix").max_protocol.has_value());
    CHECK_FALSE(policy_in(text).max_protocol.has_value());
}

TEST_CASE("values of openssl.cnf are sets of versions and levels") {
    using enum ProtocolVersion;
    CHECK(at_least("TLSv1.2") == VersionSet{tls_1_2, tls_1_3});
    CHECK(at_least("None") == VersionSet::all());
    CHECK(at_most("TLSv1.1") == VersionSet{ssl_2_0, ssl_3_0, tls_1_0, tls_1_1});
    CHECK(protocols_in("ALL,-TLSv1.3") == VersionSet::all() - VersionSet{tls_1_3});
    CHECK(protocols_in("-ALL,TLSv1.2") == VersionSet{tls_1_2});
    CHECK(security_level_in("DEFAULT:@SECLEVEL=0") == 0);
    CHECK(security_level_in("@SECLEVEL=1:X@SECLEVEL=2") == 2);
    CHECK_FALSE(security_level_in("DEFAULT@SECLEVEL=").has_value());
    CHECK_FALSE(security_level_in("HIGH").has_value());
    CHECK(reach_of("nginx").security_level);
    CHECK_FALSE(reach_of("nginx").min_protocol);
    CHECK(reach_of("redis").min_protocol);
}

} // namespace tlsdoctor::config
