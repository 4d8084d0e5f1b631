// SPDX-License-Identifier: Apache-2.0
// One word for everything, and the registry's word for every suite.
#include "diagnose/judgement.hpp"

#include <array>

#include <doctest/doctest.h>

#include "registry/lookup.hpp"

namespace tlsdoctor::diagnose {

namespace {

evidence::AcceptedSuite chosen(std::string_view name, std::uint16_t dh_bits = 0) {
    const auto suite = suite_named(name);
    REQUIRE(suite);
    return {.suite = *suite, .dh_bits = dh_bits};
}

std::string told(const Judgement& judgement) {
    return std::string{tlsdoctor::name_of(judgement.strength)} + ": " + judgement.reason;
}

} // namespace

TEST_CASE("judge gives every suite the strength of the registry, by a reason of that strength") {
    for (const CipherSuiteInfo& info : cipher_suites()) {
        CAPTURE(info.name);
        const ProtocolVersion version = info.last_version == ProtocolVersion::none
                                            ? ProtocolVersion::tls_1_2
                                            : info.last_version;
        const Judgement judgement = judge(evidence::AcceptedSuite{.suite = info.id}, version);
        const bool poodle = version == ProtocolVersion::ssl_3_0; // makes some worse
        CHECK(
            (judgement.strength == info.strength || (poodle && judgement.strength < info.strength))
        );
        CHECK_FALSE(judgement.reason.empty());
        const bool sounds_fine = judgement.reason.find("forward secrecy") != std::string::npos &&
                                 judgement.reason.find("no forward") == std::string::npos;
        CHECK(sounds_fine == (info.strength == Strength::fine));
    }
}

TEST_CASE("judge names the reason that weighs most") {
    struct Case {
        std::string_view suite;
        ProtocolVersion version;
        std::uint16_t dh_bits;
        std::string_view expected;
    };
    constexpr auto k_1_2 = ProtocolVersion::tls_1_2;
    const std::array cases = {
        Case{"TLS_RSA_WITH_NULL_SHA", k_1_2, 0, "broken: no encryption"},
        Case{"TLS_DH_anon_WITH_AES_256_GCM_SHA384", k_1_2, 2048, "broken: anonymous"},
        Case{"TLS_RSA_EXPORT_WITH_RC4_40_MD5", ProtocolVersion::tls_1_0, 0, "broken: export key"},
        Case{"ECDHE-RSA-RC4-SHA", k_1_2, 0, "broken: RC4"},
        Case{"TLS_RSA_WITH_DES_CBC_SHA", ProtocolVersion::tls_1_0, 0, "broken: single DES"},
        Case{"AES128-SHA", ProtocolVersion::ssl_3_0, 0, "broken: CBC in SSL 3.0"},
        Case{"DHE-RSA-AES128-GCM-SHA256", k_1_2, 512, "broken: Diffie-Hellman prime below 1024"},
        Case{"DES-CBC3-SHA", k_1_2, 0, "weak: blocks of 64 bits"},
        Case{"DHE-RSA-AES128-GCM-SHA256", k_1_2, 1024, "weak: Diffie-Hellman prime below 2048"},
        Case{"DHE-RSA-AES128-GCM-SHA256", k_1_2, 2048, "fine: AEAD"},
        Case{"AES128-GCM-SHA256", k_1_2, 0, "weak: static RSA"},
        Case{"ECDHE-RSA-AES128-SHA", k_1_2, 0, "weak: CBC with SHA-1"},
        Case{"ECDHE-RSA-AES256-SHA384", k_1_2, 0, "weak: CBC, MAC before"},
        Case{"TLS_AES_128_GCM_SHA256", ProtocolVersion::tls_1_3, 0, "fine: TLS 1.3"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.suite);
        const std::string said = told(judge(chosen(c.suite, c.dh_bits), c.version));
        CHECK_MESSAGE(said.starts_with(c.expected), said);
    }
    CHECK(
        judge(evidence::AcceptedSuite{.suite = CipherSuite{0xabcd}}, k_1_2).strength ==
        Strength::weak
    );
}

TEST_CASE("judge knows versions, groups, schemes, primes and features") {
    using evidence::Acceptance;
    CHECK(judge(ProtocolVersion::ssl_2_0).strength == Strength::broken);
    CHECK(judge(ProtocolVersion::ssl_3_0).strength == Strength::broken);
    CHECK(judge(ProtocolVersion::tls_1_1).strength == Strength::weak);
    CHECK(judge(ProtocolVersion::tls_1_2).strength == Strength::fine);
    CHECK(judge(NamedGroup::x25519).strength == Strength::fine);
    CHECK(judge(NamedGroup::X25519MLKEM768).strength == Strength::fine);
    CHECK(judge(NamedGroup::ffdhe2048).strength == Strength::fine);
    CHECK(judge(NamedGroup{0x0013}).strength == Strength::weak);
    CHECK(judge(SignatureScheme{0x0101}).strength == Strength::broken);
    CHECK(judge(SignatureScheme::rsa_pkcs1_sha1).strength == Strength::weak);
    CHECK(judge(SignatureScheme::rsa_pss_rsae_sha256).strength == Strength::fine);
    CHECK(judge(evidence::DhParameters{.bits = 512}).strength == Strength::broken);
    CHECK(judge(evidence::DhParameters{.bits = 1024}).strength == Strength::weak);
    CHECK(judge(evidence::DhParameters{.bits = 2048}).strength == Strength::fine);
    const auto feature = [](std::string_view name, Acceptance state) {
        return judge(evidence::Feature{.name = name, .state = state});
    };
    CHECK(feature("compression", Acceptance::accepted)->strength == Strength::broken);
    CHECK_FALSE(feature("compression", Acceptance::refused));
    CHECK(feature("extended_master_secret", Acceptance::refused)->strength == Strength::weak);
    CHECK_FALSE(feature("extended_master_secret", Acceptance::undecided));
}

TEST_CASE("judge looks at a certificate's key and at the signature on it") {
    struct Case {
        std::string_view key;
        std::string_view signature;
        Strength expected;
    };
    const std::array cases = {
        Case{"RSA 2048", "sha256WithRSAEncryption", Strength::fine},
        Case{"RSA 1024", "sha256WithRSAEncryption", Strength::weak},
        Case{"RSA 512", "sha256WithRSAEncryption", Strength::broken},
        Case{"RSA 2048", "sha1WithRSAEncryption", Strength::weak},
        Case{"RSA 1024", "md5WithRSAEncryption", Strength::broken},
        Case{"EC P-256", "ecdsa-with-SHA1", Strength::weak},
        Case{"EC P-256", "ecdsa-with-SHA256", Strength::fine},
        Case{"EC P-192", "ecdsa-with-SHA256", Strength::weak},
        Case{"EC brainpoolP512r1", "ecdsa-with-SHA512", Strength::fine},
        Case{"Ed25519", "ED25519", Strength::fine},
        Case{"DSA 2048", "dsa_with_SHA256", Strength::weak},
    };
    for (const Case& c : cases) {
        CAPTURE(c.key);
        CAPTURE(c.signature);
        const evidence::Certificate leaf{
            .key = std::string{c.key}, .signature = std::string{c.signature}
        };
        CHECK(judge(leaf).strength == c.expected);
    }
}

} // namespace tlsdoctor::diagnose
