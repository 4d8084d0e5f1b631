// SPDX-License-Identifier: Apache-2.0
// Servers of hand-made inventories against a small policy: each single deviation has its
// difference, what no answer decides is never taken for kept.
#include "diagnose/policy.hpp"

#include <functional>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "diagnose/diagnose.hpp"
#include "making.hpp"
#include "registry/lookup.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Inventory;
using evidence::Preference;

std::vector<CipherSuite> suites(std::initializer_list<std::string_view> names) {
    std::vector<CipherSuite> numbers;
    for (const std::string_view name : names) {
        const auto suite = suite_named(name);
        REQUIRE(suite);
        numbers.push_back(*suite);
    }
    return numbers;
}

/// Much as Mozilla's intermediate.
Policy middle() {
    return {
        .name = "middle",
        .source = "a test",
        .versions = std::vector{k_tls_1_2, k_tls_1_3},
        .suites = suites({"ECDHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256"}),
        .tls13_suites = suites({"TLS_AES_128_GCM_SHA256"}),
        .groups = std::vector{NamedGroup::x25519, NamedGroup::secp256r1},
        .signature_schemes =
            std::vector{SignatureScheme::rsa_pss_rsae_sha256, SignatureScheme::rsa_pkcs1_sha256},
        .certificate_types = std::vector<std::string>{"rsa", "ecdsa"},
        .certificate_curves = std::vector{NamedGroup::secp256r1},
        .certificate_signatures = std::vector<std::string>{"sha256WithRSAEncryption"},
        .rsa_bits = 2048,
        .dh_bits = 2048,
        .certificate_days = 366,
    };
}

evidence::VersionSuites
of_version(ProtocolVersion version, std::initializer_list<std::string_view> names) {
    evidence::VersionSuites all{
        .version = version, .preference = Preference::server, .complete = true
    };
    for (const CipherSuite suite : suites(names)) {
        all.accepted.push_back({.suite = suite, .exchange = "e1"});
    }
    return all;
}

/// What keeps to it.
Inventory kept() {
    Inventory inventory;
    inventory.suites = {
        of_version(k_tls_1_2, {"ECDHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256"}),
        of_version(k_tls_1_3, {"TLS_AES_128_GCM_SHA256"}),
    };
    inventory.suites[0].accepted[1].dh_bits = 2048;
    inventory.groups = {
        {.version = k_tls_1_2,
         .accepted =
             {{.group = NamedGroup::x25519, .exchange = "e1"},
              {.group = NamedGroup::ffdhe2048, .exchange = "e1"}}},
        {.version = k_tls_1_3, .accepted = {{.group = NamedGroup::secp256r1, .exchange = "e1"}}},
    };
    inventory.signature_schemes = {
        {.version = k_tls_1_2, .accepted = {SignatureScheme::rsa_pkcs1_sha256}},
        {.version = k_tls_1_3, .accepted = {SignatureScheme::rsa_pss_rsae_sha256}},
    };
    inventory.certificates = {
        {.key = "RSA 2048",
         .leaf =
             {.not_before = "2026-01-01T00:00:00Z",
              .not_after = "2027-01-01T23:59:59Z",
              .key = "RSA 2048",
              .signature = "sha256WithRSAEncryption"},
         .exchange = "e1"},
    };
    return inventory;
}

std::string told(const std::vector<Difference>& found) {
    std::vector<std::string> lines;
    for (const Difference& one : found) {
        lines.push_back(std::string{name_of(one.kind)} + ": " + one.what);
    }
    return joined(lines, "; ");
}

} // namespace

TEST_CASE("differences finds none in a server that keeps to the policy") {
    CHECK(told(differences(middle(), endpoint(Words{}), kept())) == "");
}

TEST_CASE("differences names each single deviation") {
    struct Case {
        std::string_view name;
        std::function<void(Inventory&)> deviate;
        std::string_view expected;
    };
    const Case cases[] = {
        {"suite of both versions",
         [](Inventory& i) {
             i.suites[0].accepted.push_back({.suite = suite_named("AES128-SHA").value()});
         },
         "must_go: TLS_RSA_WITH_AES_128_CBC_SHA (AES128-SHA) is accepted in TLS 1.2"},
        {"suite of TLS 1.3",
         [](Inventory& i) {
             i.suites[1].accepted.push_back({.suite = CipherSuite::TLS_AES_256_GCM_SHA384});
         },
         "must_go: TLS_AES_256_GCM_SHA384 is accepted in TLS 1.3"},
        {"undecided suites",
         [](Inventory& i) { i.suites[0].undecided = suites({"AES128-SHA", "AES256-SHA"}); },
         "undecided: no answer decides about 2 suites in TLS 1.2: "
         "TLS_RSA_WITH_AES_128_CBC_SHA, TLS_RSA_WITH_AES_256_CBC_SHA"},
        {"an undecided suite that is permitted",
         [](Inventory& i) { i.suites[1].undecided = suites({"TLS_AES_128_GCM_SHA256"}); }, ""},
        {"an incomplete list", [](Inventory& i) { i.suites[0].complete = false; },
         "undecided: not every suite was asked for in TLS 1.2"},
        {"no list", [](Inventory& i) { i.suites.pop_back(); },
         "undecided: the suites of TLS 1.3 were not enumerated"},
        {"group",
         [](Inventory& i) {
             i.groups[0].accepted.push_back({.group = NamedGroup::secp521r1});
             i.groups[1].accepted.push_back({.group = NamedGroup::secp521r1});
         },
         "must_go: the group secp521r1 is accepted in TLS 1.2 and TLS 1.3"},
        {"prime of TLS 1.3",
         [](Inventory& i) { i.groups[1].accepted.push_back({.group = NamedGroup::ffdhe2048}); },
         "must_go: the group ffdhe2048 is accepted in TLS 1.3"},
        {"undecided group",
         [](Inventory& i) { i.groups[1].undecided = {NamedGroup::x448, NamedGroup::x25519}; },
         "undecided: no answer decides about 1 group in TLS 1.3: x448"},
        {"no groups", [](Inventory& i) { i.groups.erase(i.groups.begin()); },
         "undecided: the groups of TLS 1.2 were not enumerated"},
        {"scheme",
         [](Inventory& i) {
             i.signature_schemes[0].accepted.push_back(SignatureScheme::rsa_pkcs1_sha1);
         },
         "must_go: the signature scheme rsa_pkcs1_sha1 is accepted in TLS 1.2"},
        {"no schemes", [](Inventory& i) { i.signature_schemes.pop_back(); },
         "undecided: the signature schemes of TLS 1.3 were not enumerated"},
        {"prime", [](Inventory& i) { i.suites[0].accepted[1].dh_bits = 1024; },
         "must_go: a Diffie-Hellman prime of 1024 bits is in use, 2048 are the least"},
        {"small key", [](Inventory& i) { i.certificates[0].key = "RSA 1024"; },
         "must_go: the RSA 1024 certificate is in use, 2048 bits are the least"},
        {"curve",
         [](Inventory& i) {
             i.certificates.push_back(i.certificates[0]);
             i.certificates[1].key = "EC P-521";
         },
         "must_go: the EC P-521 certificate is on a curve that is not permitted"},
        {"type",
         [](Inventory& i) {
             i.certificates.push_back(i.certificates[0]);
             i.certificates[1].key = "Ed25519";
         },
         "must_go: the Ed25519 certificate is in use, only rsa and ecdsa may be"},
        {"signature",
         [](Inventory& i) { i.certificates[0].leaf.signature = "sha1WithRSAEncryption"; },
         "must_go: the RSA 2048 certificate is signed with sha1WithRSAEncryption"},
        {"lifespan",
         [](Inventory& i) { i.certificates[0].leaf.not_after = "2027-01-03T00:00:00Z"; },
         "must_go: the RSA 2048 certificate is valid for 367 days, 366 are the most"},
        {"dates", [](Inventory& i) { i.certificates[0].leaf.not_after = "soon"; },
         "undecided: the dates of the RSA 2048 certificate were not read"},
        {"no certificate", [](Inventory& i) { i.certificates.clear(); },
         "undecided: no certificate was seen"},
        {"another certificate",
         [](Inventory& i) {
             i.signature_schemes[1].accepted.push_back(SignatureScheme::rsa_pkcs1_sha256);
             i.certificates[0].key = "EC P-256";
         },
         "undecided: a certificate for rsa is in use and was not seen"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Inventory inventory = kept();
        c.deviate(inventory);
        CHECK(told(differences(middle(), endpoint(Words{}), inventory)) == c.expected);
    }
}

TEST_CASE("differences tells versions that must go, must come, and may be missing") {
    struct Case {
        std::string_view name;
        Words words;
        std::string_view expected;
    };
    const Case cases[] = {
        {"an old one", {.tls10 = "S0301"}, "must_go: TLS 1.0 is accepted"},
        {"the newest one is missing", {.tls13 = "A70/0301"}, "must_come: TLS 1.3 is not accepted"},
        {"another one is missing", {.tls12 = "A70/0301"}, ""},
        {"an old one is silent",
         {.tls10 = "TIMEOUT"},
         "undecided: no answer decides whether TLS 1.0 is accepted"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(told(differences(middle(), endpoint(c.words), kept())) == c.expected);
    }
}

TEST_CASE("differences demands the server's order only where the policy does") {
    Policy policy = middle();
    Inventory inventory = kept();
    inventory.suites[0].preference = Preference::client;
    CHECK(told(differences(policy, endpoint(Words{}), inventory)) == "");
    policy.server_order = true;
    CHECK(
        told(differences(policy, endpoint(Words{}), inventory)) ==
        "must_come: the server does not insist on its own order of suites in TLS 1.2"
    );
    inventory.suites[0].preference = Preference::unknown;
    CHECK(
        told(differences(policy, endpoint(Words{}), inventory)) ==
        "undecided: no answer decides whose order of suites counts in TLS 1.2"
    );
}

TEST_CASE("diagnose is never sure of a policy that nothing was enumerated for") {
    Question question;
    question.policy = middle();
    const Diagnosis open = diagnose(visit(Words{}), question);
    CHECK(open.findings.front().cause->name == "unknown");
    CHECK(open.findings.front().status == Status::unsure);
    REQUIRE(open.policy);
    CHECK_FALSE(open.policy->compliant.has_value());
    const Diagnosis failed = diagnose(visit(Words{.tls10 = "S0301"}), question);
    CHECK(failed.findings.front().cause->name == "expectation_failed");
    CHECK(failed.findings.front().summary.find("TLS 1.0 is accepted") != std::string::npos);
    CHECK_FALSE(failed.findings.front().evidence.empty());
    CHECK(failed.policy->compliant == false);
    question.policy = Policy{.name = "versions", .versions = std::vector{k_tls_1_3}};
    const Diagnosis modern = diagnose(visit(Words{.tls12 = "A70/0303"}), question);
    CHECK(modern.policy->compliant == true);
    CHECK(modern.findings.front().status == Status::ok); // TLS 1.3 alone is what was wanted
}

TEST_CASE("hold_against decides nothing of a server that was not reached") {
    evidence::Visit gone = visit(std::vector<evidence::Endpoint>{});
    CHECK_FALSE(hold_against(middle(), gone).compliant.has_value());
    evidence::Endpoint shut;
    shut.reach = evidence::Reach::refused;
    gone.endpoints.push_back(shut);
    const PolicyResult result = hold_against(middle(), gone);
    CHECK_FALSE(result.compliant.has_value());
    CHECK(told(result.differences) == "undecided: the server was not reached");
}

} // namespace tlsdoctor::diagnose
