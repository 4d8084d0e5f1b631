// SPDX-License-Identifier: Apache-2.0
// What a client objects to, in which words, and how that is known.
#include "client/accept.hpp"

#include <doctest/doctest.h>

#include "client/replay.hpp"

namespace tlsdoctor::client {

namespace {

constexpr auto k_dhe_suite = CipherSuite{0x009f};   // TLS_DHE_RSA_WITH_AES_256_GCM_SHA384
constexpr auto k_ecdhe_suite = CipherSuite{0xc02f}; // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256

ServerChoice tls12(CipherSuite suite) {
    return {.version = ProtocolVersion::tls_1_2, .cipher_suite = suite};
}

CertificateKey rsa(std::uint32_t bits) {
    return {.type = KeyType::rsa, .bits = bits};
}

struct Case {
    std::string_view id{};
    ServerChoice choice{};
    std::optional<Objection> objection{};
    std::string_view why{};
    Basis basis{};
};

std::vector<Case> objections() {
    std::vector<Case> cases;
    const auto add = [&](std::string_view id, Objection objection, std::string_view why,
                         Basis basis, const ServerChoice& choice) {
        cases.push_back({id, choice, objection, why, basis});
    };
    auto choice = tls12(k_dhe_suite);
    choice.dh_bits = 1024;
    add("cap-curl-debian12", Objection::dh_too_small,
        "it refuses DH primes below 2048 bits, the server's has 1024", Basis::measured, choice);
    add("cap-openssl-3.0.22-s-client", Objection::dh_too_small,
        "it refuses DH primes below 2048 bits, the server's has 1024", Basis::measured, choice);
    choice.dh_bits = 2048;
    add("ts-java-7u25", Objection::version, "it does not offer TLS 1.2", Basis::hello, choice);
    choice = tls12(k_ecdhe_suite);
    choice.key = rsa(1024);
    add("cap-deno-2.9.6", Objection::rsa_too_small,
        "it refuses RSA keys below 2048 bits, the certificate's has 1024", Basis::measured, choice);
    choice.key = rsa(2048);
    choice.secure_renegotiation = false;
    add("cap-curl-debian12", Objection::secure_renegotiation,
        "it refuses servers without secure renegotiation (RFC 5746)", Basis::measured, choice);
    add("ts-openssl-303", Objection::secure_renegotiation,
        "it refuses servers without secure renegotiation (RFC 5746)", Basis::rule, choice);
    add("cap-java17-httpsurlconnection", Objection::cipher_suite,
        "it does not offer TLS_RSA_WITH_AES_128_GCM_SHA256", Basis::hello,
        tls12(CipherSuite{0x009c}));
    choice = {.version = ProtocolVersion::tls_1_0, .cipher_suite = CipherSuite{0xc013}};
    add("cap-curl-debian12", Objection::old_version_signature,
        "in TLS 1.0 it refuses the SHA-1 signature of every key exchange but static RSA",
        Basis::measured, choice);
    add("cap-curl-debian13", Objection::version, "it refuses TLS 1.0", Basis::measured, choice);
    choice = tls12(k_ecdhe_suite);
    choice.group = NamedGroup::x448;
    add("cap-chromium-156", Objection::group, "it does not offer the group x448", Basis::hello,
        choice);
    choice = tls12(CipherSuite{0xc02b});
    choice.key = {.type = KeyType::ecdsa, .bits = 521, .curve = NamedGroup::secp521r1};
    add("cap-chromium-156", Objection::certificate_curve,
        "it does not offer secp521r1, the certificate's curve", Basis::hello, choice);
    choice = tls12(k_ecdhe_suite);
    choice.chain = ChainDigest::sha1;
    add("cap-curl-debian12", Objection::certificate_digest,
        "it refuses certificates signed with SHA-1", Basis::measured, choice);
    return cases;
}

} // namespace

TEST_CASE("a client refuses what it was seen to refuse, and says how that is known") {
    for (const Case& c : objections()) {
        CAPTURE(c.id);
        CAPTURE(c.why);
        const Profile* profile = find_profile(c.id);
        REQUIRE(profile != nullptr);
        const auto found = refusal(*profile, hello_of(*profile), c.choice);
        REQUIRE(found);
        CHECK(found->objection == c.objection);
        CHECK(found->why == c.why);
        CHECK(found->basis == c.basis);
        CHECK_FALSE(found->source.empty());
    }
}

TEST_CASE("a client of another library's is named as the source") {
    const Profile* profile = find_profile("cap-openssl-3.0.22-s-client");
    REQUIRE(profile != nullptr);
    auto choice = tls12(k_dhe_suite);
    choice.dh_bits = 1024;
    const auto found = refusal(*profile, hello_of(*profile), choice);
    REQUIRE(found);
    CHECK(
        found->source ==
        "measured: real handshakes with cap-curl-debian12, which has the same library"
    );
}

TEST_CASE("what was not seen of a choice is not judged") {
    for (const Profile& profile : profiles()) {
        CAPTURE(profile.id);
        CHECK_FALSE(refusal(profile, hello_of(profile), {.version = profile.highest}));
    }
}

TEST_CASE("the words of certificates are read back") {
    CHECK(certificate_key("RSA 2048") == rsa(2048));
    CHECK(certificate_key("EC P-384")->curve == NamedGroup::secp384r1);
    CHECK(certificate_key("Ed25519")->type == KeyType::ed25519);
    for (const std::string_view other : {"", "unreadable", "RSA", "RSA many", "EC secp256k1"}) {
        CHECK_FALSE(certificate_key(other));
    }
    CHECK(chain_digest("sha256WithRSAEncryption") == ChainDigest::sha2);
    CHECK(chain_digest("sha1WithRSAEncryption") == ChainDigest::sha1);
    CHECK(chain_digest("ecdsa-with-SHA1") == ChainDigest::sha1);
    CHECK(chain_digest("md5WithRSAEncryption") == ChainDigest::md5);
    CHECK(chain_digest("ED25519") == ChainDigest::sha2);
    CHECK_FALSE(chain_digest("1.2.3"));
}

TEST_CASE("captured clients print what they printed") {
    const Profile* curl = find_profile("cap-curl-debian12");
    REQUIRE(curl != nullptr);
    CHECK(error_text(*curl, After::ssl_3_0).ends_with("SSL routines::unsupported protocol"));
    CHECK(error_text(*curl, After::tls_1_0).empty());
    CHECK(
        reaction_of(*curl, ProtocolVersion::ssl_3_0)->alert == AlertDescription::protocol_version
    );
    CHECK_FALSE(reaction_of(*find_profile("ts-java-8u161"), ProtocolVersion::ssl_3_0));
}

} // namespace tlsdoctor::client
