// SPDX-License-Identifier: Apache-2.0
// What a server accepts that stands on Java's own TLS: what its directives enable, less what
// jdk.tls.disabledAlgorithms forbids.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "config/java_policy.hpp"
#include "config/judge_parts.hpp"

namespace tlsdoctor::config {

namespace {

/// Of JDK 17, by preference; finite fields are not looked at.
constexpr std::array<NamedGroup, 5> k_java_groups{
    NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1, NamedGroup::secp521r1,
    NamedGroup::x448
};
constexpr std::array<CipherSuite, 3> k_java_tls13{
    CipherSuite::TLS_AES_256_GCM_SHA384, CipherSuite::TLS_AES_128_GCM_SHA256,
    CipherSuite::TLS_CHACHA20_POLY1305_SHA256
};

bool forbids(const std::vector<std::string>& disabled, std::string_view algorithm) {
    return std::ranges::any_of(disabled, [&](const std::string& one) {
        return same_ignoring_case(one, algorithm);
    });
}

std::string_view java_exchange(KeyExchange exchange) {
    switch (exchange) {
    case KeyExchange::rsa:
        return "RSA";
    case KeyExchange::dhe:
        return "DHE";
    case KeyExchange::ecdhe:
        return "ECDHE";
    case KeyExchange::ecdh:
        return "ECDH";
    default:
        return "";
    }
}

/// What JSSE implements: AES in GCM and CBC, ChaCha20.
bool java_knows(const CipherSuiteInfo& suite) {
    const std::string_view with = suite.encryption;
    const bool cipher = with.starts_with("AES_") || with.starts_with("CHACHA20");
    return cipher && !with.contains("CCM") && !java_exchange(suite.key_exchange).empty();
}

/// A word of the policy forbids a whole suite, a pattern of suites, or a part of them.
bool forbids_suite(const std::vector<std::string>& disabled, const CipherSuiteInfo& suite) {
    const bool by_name = std::ranges::any_of(disabled, [&](const std::string& one) {
        return one.ends_with('*') ? suite.name.starts_with(one.substr(0, one.size() - 1))
                                  : same_ignoring_case(one, suite.name);
    });
    const std::string_view hash = suite.mac == "SHA" ? "SHA1" : suite.mac;
    const std::string cipher{suite.encryption};
    return by_name || forbids(disabled, java_exchange(suite.key_exchange)) ||
           forbids(disabled, cipher) || forbids(disabled, cipher.substr(0, cipher.find('_'))) ||
           forbids(disabled, "Hmac" + std::string{hash}) ||
           (suite.authentication == Authentication::rsa && forbids(disabled, "RSA")) ||
           (suite.authentication == Authentication::ecdsa && forbids(disabled, "ECDSA"));
}

std::string keys_of(const Hearing& hearing) {
    std::vector<std::string> keys;
    for (const std::string& path : hearing.service.certificates) {
        const auto pem = hearing.input.files.read(path);
        const auto info = pem && hearing.input.knowledge.certificate
                              ? hearing.input.knowledge.certificate(*pem)
                              : std::nullopt;
        if (info && std::ranges::find(keys, info->key) == keys.end()) {
            keys.push_back(info->key);
        }
    }
    std::ranges::sort(keys, std::greater{}); // `rsa ecdsa`
    return joined(keys, " ");
}

bool fits_key(const CipherSuiteInfo& suite, std::string_view keys) {
    const std::string_view wanted = suite.authentication == Authentication::ecdsa ? "ecdsa"
                                    : suite.authentication == Authentication::dss ? "dsa"
                                                                                  : "rsa";
    const auto offered = split(keys, ' ');
    return keys.empty() || std::ranges::find(offered, wanted) != offered.end();
}

bool usable_with(const Effective& effective, ProtocolVersion version) {
    if (version == ProtocolVersion::tls_1_3) {
        return !effective.tls13_suites.empty();
    }
    return std::ranges::any_of(effective.suites, [&](CipherSuite suite) {
        return tlsdoctor::find(suite)->first_version <= version;
    });
}

void add_suites(const Hearing& hearing, const JavaPolicy& policy, Effective& effective) {
    const auto listed = hearing.input.knowledge.suites
                            ? hearing.input.knowledge.suites(hearing.service.ciphers)
                            : std::expected<std::vector<CipherSuite>, std::string>{};
    for (const CipherSuite suite : listed.value_or(std::vector<CipherSuite>{})) {
        const CipherSuiteInfo* const info = tlsdoctor::find(suite);
        if (info != nullptr && java_knows(*info) && !forbids_suite(policy.disabled, *info) &&
            fits_key(*info, effective.certificate_key)) {
            effective.suites.push_back(suite);
        }
    }
    for (const CipherSuite suite : k_java_tls13) {
        if (!forbids_suite(policy.disabled, *tlsdoctor::find(suite))) {
            effective.tls13_suites.push_back(suite);
        }
    }
    for (const NamedGroup group : k_java_groups) {
        if (!forbids(policy.disabled, name_of(group))) {
            effective.groups.push_back(group);
        }
    }
}

} // namespace

Effective judge_java(const Hearing& hearing) {
    const Service& service = hearing.service;
    const auto files = hearing.beneath.java_security.empty() ? java_security_files(hearing.input)
                                                             : hearing.beneath.java_security;
    const JavaPolicy policy = java_policy(files, hearing.input.files, hearing.reading);
    Effective effective{.certificate_key = keys_of(hearing), .lines = service.lines};
    effective.lines.insert(effective.lines.end(), policy.lines.begin(), policy.lines.end());
    add_suites(hearing, policy, effective);
    bool policy_decides = false;
    for (const ProtocolVersion version : k_versions) {
        VersionState state{.version = version};
        const bool forbidden =
            version == ProtocolVersion::ssl_2_0 || forbids(policy.disabled, openssl_name(version));
        if (!service.enabled.has(version)) {
            state.obstacle = Obstacle::not_enabled;
        } else if (forbidden) {
            state.obstacle = Obstacle::system_policy;
        } else if (!usable_with(effective, version)) {
            state.obstacle = Obstacle::no_suite;
        } else {
            state.accepted = true;
        }
        const bool modern = k_modern_versions.has(version);
        policy_decides = policy_decides || (state.accepted && !modern) ||
                         (state.obstacle == Obstacle::system_policy && modern);
        effective.versions.push_back(state);
    }
    if (policy_decides && !policy.lines.empty()) {
        effective.lines.back().role = Role::guilty; // it lets old versions in, or a new one not
    }
    return effective;
}

} // namespace tlsdoctor::config
