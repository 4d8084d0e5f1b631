// SPDX-License-Identifier: Apache-2.0
// Everything that was measured with real handshakes, foretold: one property of a server changed at
// a time, as it was done with the clients themselves.
#include "client/negotiate.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "client/replay.hpp"

namespace tlsdoctor::client {

namespace {

constexpr auto k_p256 = NamedGroup::secp256r1;
constexpr NamedGroup k_curves[] = {
    NamedGroup{0x0015}, k_p256, NamedGroup::secp384r1, NamedGroup::secp521r1
};
constexpr ProtocolVersion k_old_versions[] = {
    ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1
};

CertificateKey rsa_key(std::uint32_t bits) {
    return {.type = KeyType::rsa, .bits = bits};
}

/// Accepts everything, and would satisfy everybody.
ServerFacts willing_server() {
    ServerFacts server{.certificates = {{.key = rsa_key(2048), .chain = ChainDigest::sha2}}};
    server.versions = {.values = {k_versions.begin(), k_versions.end()}, .complete = true};
    server.cipher_suites.complete = true;
    for (const CipherSuiteInfo& suite : cipher_suites()) {
        server.cipher_suites.values.push_back(suite.id);
    }
    server.groups.complete = true;
    for (const NamedGroupInfo& group : named_groups()) {
        server.groups.values.push_back(group.id);
    }
    server.dh_bits = 2048;
    server.secure_renegotiation = true;
    server.own_order = false;
    return server;
}

ServerFacts with_version(ServerFacts server, ProtocolVersion version) {
    server.versions.values = {version};
    return server;
}

template <typename Fits>
ServerFacts with_suites(ServerFacts server, Fits fits) {
    std::erase_if(server.cipher_suites.values, [&](CipherSuite suite) {
        return !fits(*find(suite));
    });
    return server;
}

ServerFacts tls12_with(KeyExchange key_exchange) {
    return with_suites(
        with_version(willing_server(), ProtocolVersion::tls_1_2),
        [&](const CipherSuiteInfo& suite) { return suite.key_exchange == key_exchange; }
    );
}

bool connects(const Profile& profile, const ServerFacts& server) {
    return negotiate(profile, server).ending == Ending::connects;
}

/// Whether a whole number is within limits of which none or one may be known.
bool within(std::uint32_t value, std::optional<std::uint32_t> least) {
    return value >= least.value_or(0);
}

struct Measured {
    const Profile& profile;
    Limits limits;
};

std::vector<Measured> measured_clients() {
    std::vector<Measured> clients;
    for (const Profile& profile : profiles()) {
        const Limits limits = limits_of(profile);
        if (limits.basis == Basis::measured && limits.measured_with.empty()) {
            clients.push_back({profile, limits});
        }
    }
    return clients;
}

bool speaks(const Measured& client, ProtocolVersion version) {
    return std::ranges::find(*client.limits.versions, version) != client.limits.versions->end();
}

template <typename T>
bool has_value(const std::vector<T>& list, T value) {
    return std::ranges::find(list, value) != list.end();
}

} // namespace

TEST_CASE("each measured client completes the versions that it completed") {
    CHECK(measured_clients().size() == 55);
    for (const Measured& client : measured_clients()) {
        CAPTURE(client.profile.id);
        for (const ProtocolVersion version : k_versions) {
            if (version == ProtocolVersion::ssl_2_0) {
                continue;
            }
            CAPTURE(name_of(version));
            auto server = with_version(willing_server(), version);
            if (client.limits.old_versions_only_with_static_rsa &&
                version < ProtocolVersion::tls_1_2) { // it was tried with every key exchange
                server = with_suites(server, [](const CipherSuiteInfo& suite) {
                    return suite.key_exchange == KeyExchange::rsa;
                });
            }
            CHECK(connects(client.profile, server) == speaks(client, version));
        }
        for (const ProtocolVersion version : k_old_versions) {
            const auto ecdhe = with_suites(
                with_version(willing_server(), version),
                [](const CipherSuiteInfo& suite) {
                    return suite.key_exchange == KeyExchange::ecdhe;
                }
            );
            if (client.limits.old_versions_only_with_static_rsa) {
                CHECK_FALSE(connects(client.profile, ecdhe));
            }
        }
    }
}

TEST_CASE("each measured client takes the key sizes that it took") {
    for (const Measured& client : measured_clients()) {
        CAPTURE(client.profile.id);
        const auto highest = client.limits.versions->front();
        const bool tls12 = speaks(client, ProtocolVersion::tls_1_2);
        const auto version = tls12 ? ProtocolVersion::tls_1_2 : highest;
        for (const std::uint32_t bits : {512U, 768U, 1024U, 2048U, 4096U, 8192U}) {
            CAPTURE(bits);
            auto dhe = with_suites(
                with_version(willing_server(), version),
                [](const CipherSuiteInfo& suite) { return suite.key_exchange == KeyExchange::dhe; }
            );
            dhe.dh_bits = bits;
            const bool small_enough = bits <= client.limits.max_dh_bits.value_or(bits);
            CHECK(
                connects(client.profile, dhe) ==
                (*client.limits.dhe && within(bits, client.limits.min_dh_bits) && small_enough)
            );
            auto rsa = with_version(willing_server(), highest);
            rsa.certificates = {{.key = rsa_key(bits), .chain = ChainDigest::sha2}};
            CHECK(connects(client.profile, rsa) == within(bits, client.limits.min_rsa_bits));
        }
    }
}

TEST_CASE("each measured client takes the certificates that it took") {
    for (const Measured& client : measured_clients()) {
        CAPTURE(client.profile.id);
        const Limits& limits = client.limits;
        auto server = willing_server();
        if (speaks(client, ProtocolVersion::tls_1_2)) {
            server = with_version(server, ProtocolVersion::tls_1_2);
        }
        for (const NamedGroup curve : k_curves) {
            CAPTURE(name_of(curve));
            const CertificateKey key{.type = KeyType::ecdsa, .bits = 256, .curve = curve};
            server.certificates = {{.key = key, .chain = ChainDigest::sha2}};
            CHECK(connects(client.profile, server) == has_value(*limits.certificate_curves, curve));
        }
        const CertificateKey ed25519{.type = KeyType::ed25519, .bits = 256};
        server.certificates = {{.key = ed25519, .chain = ChainDigest::sha2}};
        CHECK(connects(client.profile, server) == *limits.ed25519_certificate);
        server.certificates = {{.key = rsa_key(2048), .chain = ChainDigest::sha1}};
        if (limits.sha1_signed_certificate) {
            CHECK(connects(client.profile, server) == *limits.sha1_signed_certificate);
        }
        server.certificates = {{.key = rsa_key(2048), .chain = ChainDigest::md5}};
        if (limits.md5_signed_certificate) {
            CHECK(connects(client.profile, server) == *limits.md5_signed_certificate);
        }
    }
}

TEST_CASE("each measured client takes the suites of TLS 1.2 that it took") {
    for (const Measured& client : measured_clients()) {
        CAPTURE(client.profile.id);
        const Limits& limits = client.limits;
        if (!speaks(client, ProtocolVersion::tls_1_2)) {
            continue;
        }
        const auto tls12 = with_version(willing_server(), ProtocolVersion::tls_1_2);
        const auto with_cipher = [&](std::string_view encryption) {
            return with_suites(tls12, [&](const CipherSuiteInfo& suite) {
                return suite.encryption.starts_with(encryption) &&
                       suite.key_exchange != KeyExchange::psk;
            });
        };
        CHECK(connects(client.profile, tls12_with(KeyExchange::rsa)) == *limits.static_rsa);
        CHECK(connects(client.profile, with_cipher("3DES")) == *limits.triple_des);
        if (limits.rc4) {
            CHECK(connects(client.profile, with_cipher("RC4")) == *limits.rc4);
        }
        const auto cbc_sha1 = with_suites(tls12, [](const CipherSuiteInfo& suite) {
            return suite.encryption.starts_with("AES") && suite.encryption.ends_with("CBC") &&
                   suite.mac == "SHA";
        });
        CHECK(connects(client.profile, cbc_sha1) == *limits.cbc_sha1);
        auto sha1 = tls12_with(KeyExchange::ecdhe);
        sha1.signature = SignatureScheme::rsa_pkcs1_sha1;
        CHECK(connects(client.profile, sha1) == *limits.sha1_server_key_exchange);
        for (const NamedGroup group : {NamedGroup::secp384r1, NamedGroup::secp521r1}) {
            auto server = tls12_with(KeyExchange::ecdhe);
            server.groups.values = {group};
            CHECK(connects(client.profile, server) == has_value(*limits.tls12_groups, group));
        }
    }
}

TEST_CASE("each measured client agrees on the groups of TLS 1.3 that it agreed on") {
    for (const Measured& client : measured_clients()) {
        CAPTURE(client.profile.id);
        for (const NamedGroup group :
             {NamedGroup::x25519, k_p256, NamedGroup::secp384r1, NamedGroup::X25519MLKEM768}) {
            CAPTURE(name_of(group));
            auto server = with_version(willing_server(), ProtocolVersion::tls_1_3);
            server.groups.values = {group};
            CHECK(
                connects(client.profile, server) == has_value(*client.limits.tls13_groups, group)
            );
        }
    }
}

TEST_CASE("each captured client goes on with the versions with which it went on") {
    std::size_t tried = 0;
    for (const Profile& profile : profiles()) {
        CAPTURE(profile.id);
        const HelloFields hello = hello_of(profile);
        for (const ProtocolVersion version : k_versions) {
            const auto reaction = reaction_of(profile, version);
            if (!reaction) {
                continue;
            }
            ++tried;
            CAPTURE(name_of(version));
            const auto objection = refusal(profile, hello, {.version = version});
            // wolfSSL 4.6 was silent, which counts as going on, after a version it had not listed.
            const bool quirk =
                profile.id == "cap-wolfssl-4.6-client" && version == ProtocolVersion::tls_1_0;
            CHECK(objection.has_value() == (!reaction->went_on || quirk));
        }
        auto server = tls12_with(KeyExchange::ecdhe);
        server.secure_renegotiation = false;
        const auto limits = limits_of(profile);
        if (limits.renegotiation_basis == Basis::measured &&
            *limits.requires_secure_renegotiation) {
            const auto result = negotiate(profile, server);
            CHECK(result.ending == Ending::client_refuses);
            REQUIRE(result.refusal);
            CHECK(result.refusal->objection == Objection::secure_renegotiation);
        }
    }
    CHECK(tried >= 900);
}

} // namespace tlsdoctor::client
