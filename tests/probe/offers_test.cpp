// SPDX-License-Identifier: Apache-2.0
// The lists that hellos offer, held to the registry: a suite that no server can choose in that
// version is dead weight, and a signalling value or GREASE among them would change the question.
#include "probe/offers.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "reading.hpp"
#include "registry/extension_type.hpp"

namespace tlsdoctor::probe {
namespace {

using evidence::Shape;
using testing::k_shapes;
using testing::k_ssl_3_0_and_later;

/// What the standards rule out and OpenSSL before 1.1.0 negotiated all the same: suites with
/// elliptic curves in SSL 3.0 [RFC 4492 is for TLS], EXPORT in TLS 1.1 [RFC 4346 A.5].
bool was_negotiated_all_the_same(ProtocolVersion version, std::string_view suite) {
    return (version == ProtocolVersion::ssl_3_0 && suite.starts_with("TLS_ECDHE_")) ||
           (version == ProtocolVersion::tls_1_1 && suite.find("_EXPORT") != suite.npos);
}

} // namespace

TEST_CASE("no list of suites is empty, longer than 120 or names a suite twice") {
    for (const ProtocolVersion version : k_ssl_3_0_and_later) {
        for (const Shape shape : k_shapes) {
            CAPTURE(name_of(version));
            CAPTURE(evidence::name_of(shape));
            const auto suites = suites_for(version, shape);
            CHECK_FALSE(suites.empty());
            CHECK(suites.size() <= 120);
            CHECK(std::set(suites.begin(), suites.end()).size() == suites.size());
        }
    }
}

TEST_CASE("every suite that is offered is known, and so neither GREASE nor a signal") {
    for (const ProtocolVersion version : k_ssl_3_0_and_later) {
        for (const Shape shape : k_shapes) {
            for (const CipherSuite suite : suites_for(version, shape)) {
                CAPTURE(name_of(version));
                CAPTURE(name_of(suite));
                CHECK_FALSE(is_grease(static_cast<std::uint16_t>(suite)));
                CHECK(suite != CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
                CHECK(suite != CipherSuite::TLS_FALLBACK_SCSV);
                CHECK(find(suite) != nullptr);
            }
        }
    }
}

TEST_CASE("every suite that is offered can be negotiated in that version, or once was") {
    for (const ProtocolVersion version : k_ssl_3_0_and_later) {
        for (const Shape shape : k_shapes) {
            for (const CipherSuite suite : suites_for(version, shape)) {
                CAPTURE(name_of(version));
                CAPTURE(evidence::name_of(shape));
                CAPTURE(name_of(suite));
                const CipherSuiteInfo* const info = find(suite);
                REQUIRE(info != nullptr);
                const bool in_range =
                    info->first_version <= version && version <= info->last_version;
                CHECK((in_range || was_negotiated_all_the_same(version, info->name)));
            }
        }
    }
}

TEST_CASE("groups are known, not repeated and no GREASE; TLS 1.3 is offered its own") {
    for (const ProtocolVersion version : std::span(k_ssl_3_0_and_later).subspan(1)) {
        for (const Shape shape : k_shapes) {
            const auto groups = groups_for(version, shape);
            CAPTURE(name_of(version));
            CHECK(std::set(groups.begin(), groups.end()).size() == groups.size());
            CHECK(groups.front() == NamedGroup::x25519);
            for (const NamedGroup group : groups) {
                CAPTURE(name_of(group));
                CHECK(find(group) != nullptr);
                CHECK_FALSE(is_grease(static_cast<std::uint16_t>(group)));
            }
        }
    }
}

TEST_CASE("signature schemes are known and not repeated, and SHA-1 comes last") {
    const std::set<std::uint16_t> sha1 = {0x0201, 0x0202, 0x0203};
    for (const Shape shape : k_shapes) {
        CAPTURE(evidence::name_of(shape));
        const auto schemes = signature_schemes_for(shape);
        CHECK(std::set(schemes.begin(), schemes.end()).size() == schemes.size());
        const auto is_sha1 = [&](SignatureScheme scheme) {
            return sha1.contains(static_cast<std::uint16_t>(scheme));
        };
        CHECK(std::ranges::any_of(schemes, is_sha1));
        CHECK(std::ranges::is_partitioned(schemes, [&](auto scheme) { return !is_sha1(scheme); }));
        for (const SignatureScheme scheme : schemes) {
            CAPTURE(name_of(scheme));
            CHECK_FALSE(name_of(scheme).starts_with("0x"));
        }
    }
}

TEST_CASE("the cipher kinds of SSL 2.0 are those of the registry, each once") {
    const auto kinds = ssl2_cipher_kinds_offered();
    CHECK(kinds.size() == 7);
    CHECK(std::set(kinds.begin(), kinds.end()).size() == 7);
    for (const std::uint32_t kind : kinds) {
        CAPTURE(kind);
        CHECK(std::ranges::count(ssl2_cipher_kinds(), kind, &Ssl2CipherKind::id) == 1);
    }
}

} // namespace tlsdoctor::probe
