// SPDX-License-Identifier: Apache-2.0
// What a server accepts that stands on Go's crypto/tls; see judge_parts.hpp. It has no file of its
// own, no TLS 1.1 that a server here would turn on, and its suites of TLS 1.3 cannot be chosen.
#include <algorithm>

#include "base/text.hpp"
#include "config/judge_parts.hpp"
#include "registry/lookup.hpp"

namespace tlsdoctor::config {

namespace {

constexpr CipherSuite k_go_tls13_suites[] = {
    CipherSuite::TLS_AES_128_GCM_SHA256, CipherSuite::TLS_AES_256_GCM_SHA384,
    CipherSuite::TLS_CHACHA20_POLY1305_SHA256
};

/// The kinds of keys that the certificates have; empty where none could be read.
std::string go_keys(const Hearing& hearing) {
    std::string keys;
    for (const std::string& path : hearing.service.certificates) {
        const auto bytes = hearing.input.files.read(path);
        const auto info = bytes && hearing.input.knowledge.certificate
                              ? hearing.input.knowledge.certificate(*bytes)
                              : std::nullopt;
        if (info && !keys.contains(info->key)) {
            keys += (keys.empty() ? "" : " ") + info->key;
        }
    }
    return keys;
}

bool go_fits(const CipherSuiteInfo& suite, const std::string& keys) {
    switch (suite.authentication) {
    case Authentication::rsa:
        return keys.empty() || keys.contains("rsa");
    case Authentication::ecdsa:
        return keys.empty() || keys.contains("ecdsa") || keys.contains("ed25519");
    default:
        return false;
    }
}

/// Why TLS 1.2 cannot be spoken with what is listed and fits.
Obstacle go_obstacle(const Effective& effective, std::size_t listed) {
    if (effective.suites.empty()) {
        return listed == 0 ? Obstacle::no_suite : Obstacle::key_mismatch;
    }
    return effective.groups.empty() ? Obstacle::no_group : Obstacle::none;
}

} // namespace

Effective judge_go(const Hearing& hearing) {
    const Service& service = hearing.service;
    Effective effective{.lines = service.lines};
    effective.certificate_key = go_keys(hearing);
    std::size_t listed = 0;
    for (const std::string_view word : split(service.ciphers, ':')) {
        const auto suite = suite_named(word);
        const CipherSuiteInfo* const info = suite ? find(*suite) : nullptr;
        if (info == nullptr || info->first_version >= ProtocolVersion::tls_1_3) {
            continue;
        }
        ++listed;
        if (go_fits(*info, effective.certificate_key)) {
            effective.suites.push_back(*suite);
        }
    }
    for (const std::string_view word : split(service.groups, ':')) {
        if (const auto group = group_named(word)) {
            effective.groups.push_back(*group);
        }
    }
    effective.tls13_suites.assign(std::begin(k_go_tls13_suites), std::end(k_go_tls13_suites));
    for (const ProtocolVersion version : k_versions) {
        Obstacle obstacle = Obstacle::not_enabled;
        if (version == ProtocolVersion::tls_1_3 && service.enabled.has(version)) {
            obstacle = effective.groups.empty() ? Obstacle::no_group : Obstacle::none;
        } else if (version == ProtocolVersion::tls_1_2 && service.enabled.has(version)) {
            obstacle = go_obstacle(effective, listed);
        } else if (service.enabled.has(version)) {
            obstacle = Obstacle::not_built;
        }
        effective.versions.push_back({version, obstacle == Obstacle::none, obstacle});
    }
    return effective;
}

} // namespace tlsdoctor::config
