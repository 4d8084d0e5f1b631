// SPDX-License-Identifier: Apache-2.0
// Suites and groups as OpenSSL weighs them; see the header.
#include "config/openssl_suites.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "registry/lookup.hpp"

namespace tlsdoctor::config {

namespace {

/// Bits that a level demands; level 0 demands nothing.
constexpr std::array<int, 6> k_bits_of_level = {0, 80, 112, 128, 192, 256};

constexpr int k_no_sha1_mac = 4;     ///< from this level on
constexpr int k_forward_secrecy = 3; ///< the same

constexpr NamedGroup k_default_groups[] = {NamedGroup::x25519,    NamedGroup::secp256r1,
                                           NamedGroup::x448,      NamedGroup::secp521r1,
                                           NamedGroup::secp384r1, NamedGroup::ffdhe2048,
                                           NamedGroup::ffdhe3072};

constexpr std::array k_default_tls13_suites = {
    CipherSuite::TLS_AES_256_GCM_SHA384, CipherSuite::TLS_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_AES_128_GCM_SHA256
};

bool holds(const std::vector<std::string>& keys, std::string_view key) {
    return std::ranges::find(keys, key) != keys.end();
}

bool is_post_quantum(NamedGroup group) {
    const NamedGroupInfo* const info = find(group);
    return info != nullptr &&
           (info->kind == GroupKind::hybrid || info->kind == GroupKind::post_quantum);
}

} // namespace

bool survives_level(const CipherSuiteInfo& suite, int level) {
    if (level <= 0) {
        return true;
    }
    const int wanted = k_bits_of_level[static_cast<std::size_t>(std::min(level, 5))];
    const bool weak_mac = suite.mac == "MD5" || (level >= k_no_sha1_mac && suite.mac == "SHA");
    const bool open = suite.authentication == Authentication::anonymous ||
                      suite.authentication == Authentication::none;
    const bool secret = level < k_forward_secrecy || suite.forward_secrecy;
    return suite.bits >= wanted && !weak_mac && !open && secret;
}

bool has_key(const CipherSuiteInfo& suite, const Equipment& equipment) {
    switch (suite.authentication) {
    case Authentication::anonymous:
        return true;
    case Authentication::rsa:
        return !equipment.keys_known || holds(equipment.keys, "rsa");
    case Authentication::ecdsa:
        return !equipment.keys_known || holds(equipment.keys, "ecdsa") ||
               holds(equipment.keys, "ed25519") || holds(equipment.keys, "ed448");
    case Authentication::dss:
        return holds(equipment.keys, "dsa");
    default:
        return false; // PSK, SRP, Kerberos: no certificate, and nothing here configures them
    }
}

std::optional<std::string> refusal_of_ciphers(const Knowledge& knowledge, const std::string& list) {
    if (!knowledge.suites) {
        return std::nullopt;
    }
    const auto suites = knowledge.suites(list);
    if (suites && !suites->empty()) {
        return std::nullopt;
    }
    const std::string reason = suites ? "it selects none of TLS 1.2 or older" : suites.error();
    return fmt::format("OpenSSL refuses this list of ciphers: {}", reason);
}

bool has_exchange(const CipherSuiteInfo& suite, const Equipment& equipment) {
    switch (suite.key_exchange) {
    case KeyExchange::rsa:
        return true;
    case KeyExchange::dhe:
        return equipment.dh_parameters;
    case KeyExchange::ecdhe:
        return std::ranges::any_of(equipment.groups, [](NamedGroup group) {
            const NamedGroupInfo* const info = find(group);
            return info != nullptr && info->kind == GroupKind::elliptic_curve;
        });
    default:
        return false;
    }
}

GroupList groups_in(std::string_view list, std::string_view library_version) {
    GroupList found;
    const bool knows_post_quantum = !older(library_version, "3.5");
    if (trimmed(list).empty()) {
        found.groups.assign(std::begin(k_default_groups), std::end(k_default_groups));
        if (knows_post_quantum && !library_version.empty()) {
            found.groups.insert(found.groups.begin(), NamedGroup::X25519MLKEM768);
        }
        return found;
    }
    std::string separated{list};
    std::ranges::replace(separated, '/', ':');
    for (std::string_view name : split(separated, ':')) {
        name = trimmed(name);
        const bool optional = name.starts_with('?');
        while (knows_post_quantum && (name.starts_with('?') || name.starts_with('*'))) {
            name.remove_prefix(1);
        }
        const auto group = group_named(name);
        if (group && (knows_post_quantum || !is_post_quantum(*group))) {
            found.groups.push_back(*group);
        } else if (!optional && !name.empty()) {
            found.unknown.emplace_back(name);
        }
    }
    return found;
}

std::vector<CipherSuite> tls13_suites_in(std::string_view list) {
    if (trimmed(list).empty()) {
        return {k_default_tls13_suites.begin(), k_default_tls13_suites.end()};
    }
    std::vector<CipherSuite> suites;
    for (const std::string_view name : split(list, ':')) {
        const auto suite = suite_named(trimmed(name));
        const CipherSuiteInfo* const info = suite ? find(*suite) : nullptr;
        if (info != nullptr && info->first_version == ProtocolVersion::tls_1_3) {
            suites.push_back(*suite);
        }
    }
    return suites;
}

} // namespace tlsdoctor::config
