// SPDX-License-Identifier: Apache-2.0
// Names as people write them, and the published policies.
#include "registry/lookup.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "registry/policy.hpp"

namespace tlsdoctor {

TEST_CASE("suites, groups and schemes are found by every name") {
    for (const CipherSuiteInfo& row : cipher_suites()) {
        CAPTURE(row.name);
        CHECK(suite_named(row.name) == row.id);
        CHECK((row.openssl_name.empty() || suite_named(lower(row.openssl_name)) == row.id));
    }
    CHECK(group_named("X25519") == NamedGroup::x25519);
    CHECK(group_named("prime256v1") == NamedGroup::secp256r1);
    CHECK(group_named("P-384") == NamedGroup::secp384r1);
    CHECK(scheme_named("RSA_PSS_RSAE_SHA256") == SignatureScheme::rsa_pss_rsae_sha256);
    for (const std::string_view nothing : {"", "AES", "p256", "rsa"}) {
        CAPTURE(nothing);
        CHECK_FALSE(suite_named(nothing));
        CHECK_FALSE(group_named(nothing));
        CHECK_FALSE(scheme_named(nothing));
    }
}

TEST_CASE("find_policy takes a name alone for its newest guideline") {
    CHECK(find_policy("Intermediate")->guideline == "6.0");
    CHECK(find_policy("old")->guideline == "5.8");
    CHECK(find_policy("intermediate@5.7")->dh_bits == 2048);
    CHECK(find_policy("old@6.0") == nullptr);
    CHECK(find_policy("intermediate@") == nullptr);
    CHECK(find_policy("") == nullptr);
    CHECK(published_policies().size() == 8);
}

} // namespace tlsdoctor
