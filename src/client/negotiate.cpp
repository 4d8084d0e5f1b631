// SPDX-License-Identifier: Apache-2.0
// The server first picks the version, then a suite that its certificate, the groups and the
// signature schemes allow; a miss there is a failure even where a lower version would do. Then the
// client judges the choice [docs/manual/clients.md].
#include "client/negotiate.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "client/replay.hpp"

namespace tlsdoctor::client {

namespace {

template <typename T>
bool is_among(const std::vector<T>& list, T value) {
    return std::ranges::find(list, value) != list.end();
}

bool lists_versions(const HelloFields& hello) {
    return has(hello, ExtensionType::supported_versions);
}

Negotiation refused_by_server(AlertDescription alert, std::string why, bool complete) {
    return {
        .ending = complete ? Ending::server_refuses : Ending::unsure,
        .alert = alert,
        .why = std::move(why),
    };
}

/// The version that the server answers with: what both speak, or below all that the client lists a
/// server that does not know the list answers with its own highest.
std::optional<ProtocolVersion> version_for(const HelloFields& hello, const ServerFacts& server) {
    std::optional<ProtocolVersion> highest;
    const auto consider = [&](bool fits, ProtocolVersion version) {
        highest = fits ? std::max(highest.value_or(version), version) : highest;
    };
    for (const ProtocolVersion version : server.versions.values) {
        consider(
            lists_versions(hello) ? is_among(hello.versions, version)
                                  : version <= hello.legacy_version,
            version
        );
    }
    const bool knows_the_list = is_among(server.versions.values, ProtocolVersion::tls_1_3);
    if (highest || knows_the_list) {
        return highest;
    }
    for (const ProtocolVersion version : server.versions.values) {
        consider(version <= hello.legacy_version, version);
    }
    return highest;
}

/// The part of a scheme's number that names its key before TLS 1.3 [RFC 5246 7.4.1.4.1].
enum class LegacySignature : std::uint8_t { rsa = 1, dsa = 2, ecdsa = 3 };

bool is_rsa_scheme(SignatureScheme scheme) {
    const bool pss = scheme == SignatureScheme::rsa_pss_rsae_sha256 ||
                     scheme == SignatureScheme::rsa_pss_rsae_sha384 ||
                     scheme == SignatureScheme::rsa_pss_rsae_sha512;
    const auto number = std::to_underlying(scheme);
    return pss || (number < 0x0700 && (number & 0xffU) == std::to_underlying(LegacySignature::rsa));
}

SignatureScheme scheme_of_curve(NamedGroup curve) {
    switch (curve) {
    case NamedGroup::secp384r1:
        return SignatureScheme::ecdsa_secp384r1_sha384;
    case NamedGroup::secp521r1:
        return SignatureScheme::ecdsa_secp521r1_sha512;
    default:
        return SignatureScheme::ecdsa_secp256r1_sha256;
    }
}

bool can_sign_in_tls13(const std::vector<SignatureScheme>& schemes, const CertificateKey& key) {
    switch (key.type) {
    case KeyType::rsa:
        return is_among(schemes, SignatureScheme::rsa_pss_rsae_sha256) ||
               is_among(schemes, SignatureScheme::rsa_pss_rsae_sha384) ||
               is_among(schemes, SignatureScheme::rsa_pss_rsae_sha512);
    case KeyType::ecdsa:
        return is_among(schemes, scheme_of_curve(key.curve.value_or(NamedGroup::secp256r1)));
    case KeyType::ed25519:
        return is_among(schemes, SignatureScheme::ed25519);
    case KeyType::ed448:
        return is_among(schemes, SignatureScheme::ed448);
    default:
        return false;
    }
}

/// Before TLS 1.2 there was no choice of schemes, and without the list it is SHA-1
/// [RFC 5246 7.4.1.4.1].
bool can_sign_before_tls13(const std::vector<SignatureScheme>& schemes, const CertificateKey& key) {
    const auto any_of_kind = [&](LegacySignature kind) {
        return std::ranges::any_of(schemes, [&](SignatureScheme scheme) {
            const auto number = std::to_underlying(scheme);
            return number < 0x0700 && (number & 0xffU) == std::to_underlying(kind);
        });
    };
    switch (key.type) {
    case KeyType::rsa:
        return schemes.empty() || std::ranges::any_of(schemes, is_rsa_scheme);
    case KeyType::ecdsa:
        return schemes.empty() || any_of_kind(LegacySignature::ecdsa);
    case KeyType::dss:
        return schemes.empty() || any_of_kind(LegacySignature::dsa);
    case KeyType::ed25519:
        return is_among(schemes, SignatureScheme::ed25519);
    default:
        return is_among(schemes, SignatureScheme::ed448);
    }
}

bool authenticates(Authentication authentication, KeyType type) {
    switch (authentication) {
    case Authentication::rsa:
        return type == KeyType::rsa;
    case Authentication::dss:
        return type == KeyType::dss;
    case Authentication::ecdsa: // and EdDSA [RFC 8422 5.4]
        return type == KeyType::ecdsa || type == KeyType::ed25519 || type == KeyType::ed448;
    default:
        return false;
    }
}

/// The certificate that the server shows with a suite; false: none fits; null: none is known.
std::pair<bool, const ServerCertificate*> certificate_for(
    const CipherSuiteInfo& suite, ProtocolVersion version, const HelloFields& hello,
    const ServerFacts& server
) {
    if (server.certificates.empty()) {
        return {true, nullptr};
    }
    for (const ServerCertificate& certificate : server.certificates) {
        const CertificateKey& key = certificate.key;
        const auto& schemes = hello.signature_algorithms;
        if (version == ProtocolVersion::tls_1_3) {
            if (can_sign_in_tls13(schemes, key)) {
                return {true, &certificate};
            }
            continue;
        }
        const bool signs = suite.key_exchange == KeyExchange::rsa ||
                           version < ProtocolVersion::tls_1_2 ||
                           can_sign_before_tls13(schemes, key);
        const bool curve_known =
            !key.curve || hello.groups.empty() || is_among(hello.groups, *key.curve);
        if (authenticates(suite.authentication, key.type) && signs && curve_known) {
            return {true, &certificate};
        }
    }
    return {false, nullptr};
}

/// The first group that both know; without the extension servers take P-256 as known.
std::optional<NamedGroup> group_for(const HelloFields& hello, const ServerFacts& server) {
    const std::vector<NamedGroup> assumed = {NamedGroup::secp256r1};
    const auto& offered = hello.groups.empty() ? assumed : hello.groups;
    for (const NamedGroup group : offered) {
        if (is_among(server.groups.values, group)) {
            return group;
        }
    }
    return std::nullopt;
}

bool is_for(const CipherSuiteInfo& suite, ProtocolVersion version) {
    const bool tls13_suite = suite.key_exchange == KeyExchange::tls13;
    return tls13_suite == (version == ProtocolVersion::tls_1_3) && suite.first_version <= version &&
           version <= suite.last_version;
}

/// Fills the choice for a suite, false where the suite cannot be used.
bool choose_with(
    const CipherSuiteInfo& suite, const HelloFields& hello, const ServerFacts& server,
    ServerChoice& choice
) {
    const auto [fits, certificate] = certificate_for(suite, choice.version, hello, server);
    if (!is_for(suite, choice.version) || !fits) {
        return false;
    }
    const bool needs_group =
        suite.key_exchange == KeyExchange::ecdhe || suite.key_exchange == KeyExchange::tls13;
    if (needs_group) {
        choice.group = group_for(hello, server);
        if (!choice.group && !server.groups.values.empty()) {
            return false;
        }
    }
    choice.cipher_suite = suite.id;
    choice.secure_renegotiation = server.secure_renegotiation;
    if (suite.key_exchange == KeyExchange::dhe) {
        choice.dh_bits = server.dh_bits;
    }
    if (certificate != nullptr) {
        choice.key = certificate->key;
        choice.chain = certificate->chain;
    }
    if (suite.key_exchange != KeyExchange::rsa && choice.version >= ProtocolVersion::tls_1_2) {
        choice.signature = server.signature;
    }
    return true;
}

std::optional<ServerChoice>
choice_for(ProtocolVersion version, const HelloFields& hello, const ServerFacts& server) {
    const auto& first = server.own_order ? server.cipher_suites.values : hello.cipher_suites;
    const auto& second = server.own_order ? hello.cipher_suites : server.cipher_suites.values;
    for (const CipherSuite suite : first) {
        const CipherSuiteInfo* info = is_among(second, suite) ? find(suite) : nullptr;
        ServerChoice choice{.version = version};
        if (info != nullptr && choose_with(*info, hello, server, choice)) {
            return choice;
        }
    }
    return std::nullopt;
}

/// A server that asks for the scheme of the list signs with another only where the client has it.
Negotiation judged(const Profile& profile, const HelloFields& hello, const ServerChoice& choice) {
    Negotiation result{.ending = Ending::connects, .choice = choice};
    if (auto objection = refusal(profile, hello, choice)) {
        result.ending = Ending::client_refuses;
        result.alert = objection->alert;
        result.why = objection->why;
        result.refusal = std::move(objection);
        return result;
    }
    const bool sure = lists_versions(hello) || profile.lowest != ProtocolVersion::none ||
                      choice.version == profile.highest;
    if (!sure) {
        result.ending = Ending::unsure;
        result.why =
            fmt::format("nobody recorded whether it goes down to {}", name_of(choice.version));
    }
    return result;
}

} // namespace

std::string_view name_of(Ending ending) {
    switch (ending) {
    case Ending::connects:
        return "connects";
    case Ending::server_refuses:
        return "server_refuses";
    case Ending::client_refuses:
        return "client_refuses";
    case Ending::unsure:
        return "unsure";
    }
    std::unreachable();
}

Negotiation negotiate(const Profile& profile, const HelloFields& hello, const ServerFacts& server) {
    const auto version = version_for(hello, server);
    if (!version) {
        return refused_by_server(
            AlertDescription::protocol_version,
            fmt::format(
                "it speaks at most {}, which the server does not accept", name_of(profile.highest)
            ),
            server.versions.complete
        );
    }
    const bool spoken = !lists_versions(hello) || is_among(hello.versions, *version);
    if (!spoken || *version < profile.lowest) {
        return judged(profile, hello, {.version = *version});
    }
    const auto choice = choice_for(*version, hello, server);
    if (!choice) {
        return refused_by_server(
            AlertDescription::handshake_failure,
            fmt::format(
                "no cipher suite, group and certificate of both fit in {}", name_of(*version)
            ),
            server.cipher_suites.complete && server.groups.complete
        );
    }
    return judged(profile, hello, *choice);
}

Negotiation negotiate(const Profile& profile, const ServerFacts& server) {
    Negotiation first;
    const auto hellos = hellos_of(profile);
    for (std::size_t attempt = 0; attempt < hellos.size(); ++attempt) {
        Negotiation result = negotiate(profile, hellos[attempt], server);
        result.attempt = attempt;
        if (result.ending == Ending::connects) {
            return result;
        }
        first = attempt == 0 ? std::move(result) : std::move(first);
    }
    return first;
}

} // namespace tlsdoctor::client
