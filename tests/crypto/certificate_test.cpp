// SPDX-License-Identifier: Apache-2.0
// Facts of certificates, real, made here and hostile. The chain goes through read_certificate() as
// bytes.
#include "crypto/certificate.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <random>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "conversation.hpp"

namespace tlsdoctor::crypto {

namespace {

using test::authority;
using test::must;

/// The body of the first PEM block, by hand: the tests do not use OpenSSL themselves.
Bytes der_of(std::string_view pem) {
    return certificate_der(std::string(pem));
}

std::string file(const std::string& name) {
    std::ifstream in(TLSDOCTOR_SOURCE_DIR "/tests/crypto/data/" + name);
    return {std::istreambuf_iterator<char>(in), {}};
}

CertificateFacts
facts_for(const std::vector<std::string>& names, const IssueOptions& options = {}) {
    return must(read_certificate(der_of(must(issue(authority(), names, options)).certificate_pem)));
}

} // namespace

TEST_CASE("read_certificate reads a well-known root as others print it") {
    const CertificateFacts facts = must(read_certificate(der_of(file("isrg_root_x1.pem"))));
    CHECK(facts.subject == "CN=ISRG Root X1,O=Internet Security Research Group,C=US");
    CHECK(facts.issuer == facts.subject);
    CHECK(facts.names.empty());
    CHECK(facts.not_before == "2015-06-04T11:04:38Z");
    CHECK(facts.not_after == "2035-06-04T11:04:38Z");
    CHECK(facts.key == "RSA 4096");
    CHECK(facts.signature == "sha256WithRSAEncryption");
    CHECK(facts.sha256 == "96bcec06264976f37460779acf28c5a7cfe8a3c0aae11a8ffcee05c0bddf08c6");
}

TEST_CASE("read_certificate names keys and signatures") {
    struct Case {
        KeyType type{};
        std::string key{};
        std::string own_signature{};
    };
    const std::array cases = {
        Case{KeyType::ecdsa_p256, "EC P-256", "ecdsa-with-SHA256"},
        Case{KeyType::rsa_2048, "RSA 2048", "sha256WithRSAEncryption"},
        Case{KeyType::ed25519, "Ed25519", "ED25519"},
        Case{KeyType::ecdsa_p384, "EC P-384", "ecdsa-with-SHA256"},
        Case{KeyType::rsa_1024, "RSA 1024", "sha256WithRSAEncryption"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.key);
        const Identity own = must(self_signed({"a.example"}, {.key_type = c.type}));
        const CertificateFacts facts = must(read_certificate(der_of(own.certificate_pem)));
        CHECK(facts.subject == "CN=a.example");
        CHECK(facts.issuer == "CN=a.example");
        CHECK(facts.key == c.key);
        CHECK(facts.signature == c.own_signature);
        CHECK(facts.sha256.size() == 64);
    }
    CHECK(facts_for({"a.example"}).issuer == "CN=Private root");
}

TEST_CASE("read_certificate shows every name so that it can be printed") {
    struct Case {
        std::string name{};
        std::string given{};
        std::string shown{};
    };
    const std::array cases = {
        Case{"plain", "a.example", "a.example"},
        Case{"wildcard", "*.example.com", "*.example.com"},
        Case{"IPv4", "192.0.2.255", "192.0.2.255"},
        Case{"IPv6", "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        Case{"IPv6, later run longer", "1:0:0:2:0:0:0:3", "1:0:0:2::3"},
        Case{"IPv6, one zero alone", "1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"},
        Case{"IPv6, run at the end", "fe80::", "fe80::"},
        Case{"IPv6 loopback", "::1", "::1"},
        Case{"IPv6 unspecified", "::", "::"},
        Case{
            "NUL inside", std::string("good.example\0.evil.example", 26),
            "good.example\\x00.evil.example"
        },
        Case{"terminal escape", "\x1b[2Ja.example", "\\x1b[2Ja.example"},
        Case{"line break", "a\nb", "a\\x0ab"},
        Case{"broken UTF-8", "\xff\xfe", "\\xff\\xfe"},
        Case{"absurdly long", std::string(5000, 'a'), std::string(1024, 'a') + "..."},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const CertificateFacts facts = facts_for({"first.example", c.given});
        REQUIRE(facts.names.size() == 2);
        CHECK(facts.names[1] == c.shown);
    }
}

TEST_CASE("read_certificate makes subjects harmless") {
    CHECK(facts_for({std::string("a\0b", 3)}).subject == "CN=a\\00b");
    CHECK(facts_for({"a\nb"}).subject == "CN=a\\0Ab");
    CHECK(facts_for({"a,b"}).subject == "CN=a\\,b");
    CHECK(facts_for({"m\xc3\xbcller.example"}).subject == "CN=m\xc3\xbcller.example");
}

TEST_CASE("read_certificate bounds the number of names and says how many it left out") {
    const CertificateFacts facts = facts_for(std::vector<std::string>(612, "a.example"));
    CHECK(facts.names.size() == 500);
    CHECK(facts.names_left_out == 112);
}

TEST_CASE("read_certificate shows dates beyond two-digit years") {
    const CertificateFacts facts = facts_for({"a.example"}, {.not_after_days = 365'000});
    CHECK(facts.not_after.starts_with("30"));
    CHECK(facts.not_after.size() == facts.not_before.size());
    CHECK(facts.not_before.size() == std::string_view("2026-11-23T10:00:00Z").size());
}

TEST_CASE("read_certificate refuses every truncation and anything that follows") {
    Bytes der = der_of(test::localhost().certificate_pem);
    for (std::size_t size = 0; size < der.size(); ++size) {
        CAPTURE(size);
        const auto facts = read_certificate(ByteView(der).first(size));
        REQUIRE_FALSE(facts);
        CHECK_FALSE(facts.error().cause.empty());
    }
    der.push_back(0);
    CHECK(read_certificate(der).error().cause == "1 bytes follow it");
    CHECK(read_certificate(Bytes(2'000'000, 0x30)).error().cause == "it has 2000000 bytes");
}

TEST_CASE("read_certificate survives every flipped byte") {
    const std::uint64_t seed = std::random_device{}();
    MESSAGE("seed " << seed);
    CAPTURE(seed);
    const RandomSource random = seeded_random(seed);
    const Bytes good = der_of(test::localhost().certificate_pem);
    for (std::size_t at = 0; at < good.size(); ++at) {
        Bytes bad = good;
        random(std::span(bad).subspan(at, 1));
        const auto facts = read_certificate(bad);
        const bool says_something = facts ? !facts->sha256.empty() : !facts.error().cause.empty();
        CAPTURE(at);
        CHECK(says_something);
    }
}

} // namespace tlsdoctor::crypto
