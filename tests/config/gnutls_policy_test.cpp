// SPDX-License-Identifier: Apache-2.0
// Priority strings: what GnuTLS 3.7.9 said of each (gnutls_priority_init), and how they are written
// anew.
#include "config/gnutls_policy.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::config {

namespace {

struct PriorityCase {
    const char* text;
    const char* versions; ///< null: refused
    std::size_t groups;
};

const PriorityCase k_priorities[] = {
    {"NORMAL", "TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3", 10},
    {"normal", "TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3", 10},
    {"LEGACY", "TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3", 10},
    {"SECURE", "TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3", 10},
    {"SECURE256", "TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3", 3},
    {"SUITEB128", "TLS 1.2", 2},
    {"SUITEB128:+VERS-TLS1.3", "TLS 1.2, TLS 1.3", 2},
    {"NORMAL:-VERS-ALL:+VERS-TLS1.3", "TLS 1.3", 10},
    {"NORMAL:-VERS-TLS-ALL:+VERS-TLS1.2", "TLS 1.2", 10},
    {"NORMAL:!vers-tls1.2", "TLS 1.0, TLS 1.1, TLS 1.3", 10},
    {"NORMAL:+VERS-SSL3.0:%COMPAT:%SERVER_PRECEDENCE", "TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3", 10},
    {"NORMAL:-GROUP-ALL", "TLS 1.0, TLS 1.1, TLS 1.2", 0},
    {"NORMAL:-GROUP-EC-ALL", "TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3", 5},
    {"NORMAL:-CURVE-ALL:+CURVE-X25519", "TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3", 1},
    {"NORMAL:-SIGN-ALL", "TLS 1.0, TLS 1.1", 10},
    {"NONE:+VERS-TLS1.2:+AES-128-GCM:+AEAD:+ECDHE-RSA:+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+CTYPE-X509",
     "TLS 1.2", 10},
    {"NORMAL: -VERS-TLS1.3", "TLS 1.0, TLS 1.1, TLS 1.2", 10},
    {"NORMAL:-VERS-TLS1.3 ", nullptr, 0},
    {"NORMAL:", nullptr, 0},
    {":NORMAL", nullptr, 0},
    {"", nullptr, 0},
    {"HIGH:!aNULL", nullptr, 0},
    {"ECDHE-RSA-AES128-GCM-SHA256", nullptr, 0},
    {"NORMAL:+VERS-TLS1.9", nullptr, 0},
    {"NORMAL:%compat", nullptr, 0},
    {"NORMAL:-NORMAL", nullptr, 0},
    {"@SYSTEM", nullptr, 0},
    {"EXPORT", nullptr, 0},
};

struct PriorityRewrite {
    const char* old;
    VersionSet wanted;
    const char* text;
};

constexpr VersionSet k_all_tls =
    VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);

const PriorityRewrite k_rewrites[] = {
    {"NORMAL", k_modern_versions, "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1"},
    {"NORMAL:-VERS-ALL:+VERS-TLS1.3", k_modern_versions,
     "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
    {"NORMAL:-VERS-TLS1.3", k_all_tls, "NORMAL"},
    {"\"SECURE128:-VERS-TLS1.2\"", k_all_tls, "\"SECURE128\""},
    {"HIGH:MEDIUM:+SSLv3", k_all_tls, "NORMAL"},
    {"", k_modern_versions, "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1"},
    {"@SYSTEM", k_modern_versions, "@SYSTEM:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3"},
};

GnutlsSystem system_of(Sources& sources, const std::string& text) {
    return read_gnutls_system(sources, sources.add("/etc/gnutls/config", text));
}

} // namespace

TEST_CASE("a priority string enables what GnuTLS 3.7.9 says") {
    for (const PriorityCase& c : k_priorities) {
        CAPTURE(std::string{c.text});
        const auto policy = read_priority(c.text, {});
        CHECK(policy.has_value() == (c.versions != nullptr));
        if (policy && c.versions != nullptr) {
            CHECK(name_of(policy->versions) == c.versions);
            CHECK(policy->groups.size() == c.groups);
        }
    }
}

TEST_CASE("a priority string is written anew by its VERS words alone") {
    for (const PriorityRewrite& c : k_rewrites) {
        CAPTURE(std::string{c.old});
        CHECK(rewritten_priority(c.old, c.wanted) == std::optional<std::string>{c.text});
    }
    CHECK_FALSE(rewritten_priority("NORMAL", {}).has_value());
}

TEST_CASE("the system's file forbids, and is ignored whole where a line has no =") {
    Sources sources;
    const GnutlsSystem system = system_of(
        sources, "[Overrides]\n disabled-version = tls1.3 # no\n;disabled-version = tls1.2\n"
                 "disabled-version = VERS-TLS1.1\ntls-disabled-group = GROUP-X25519\n"
                 "[priorities]\nSYSTEM = NORMAL:-VERS-TLS1.0\n"
    );
    GnutlsPolicy policy = read_priority("@FOO,SYSTEM", system).value();
    for (const GnutlsSetting& one : system.settings) {
        restrict_by(policy, system, one);
    }
    CHECK(name_of(policy.versions) == "TLS 1.1, TLS 1.2");
    CHECK(policy.groups.size() == 9);
    Sources others;
    const GnutlsSystem broken =
        system_of(others, "[overrides]\ndisabled-version tls1.3\ndisabled-version = tls1.2\n");
    CHECK(broken.settings.empty());
    CHECK_FALSE(broken.faults.empty());
}

} // namespace tlsdoctor::config
