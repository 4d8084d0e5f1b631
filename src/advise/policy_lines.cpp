// SPDX-License-Identifier: Apache-2.0
// A policy in the words of nginx, Apache and HAProxy. What it says nothing about stays as it is.
#include "advise/policy_lines.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "evidence/inventory.hpp"
#include "registry/lookup.hpp"

namespace tlsdoctor::advise {

namespace {

using diagnose::Policy;

std::string config_name_of(ProtocolVersion version) {
    switch (version) {
    case ProtocolVersion::tls_1_0:
        return "TLSv1";
    case ProtocolVersion::tls_1_1:
        return "TLSv1.1";
    case ProtocolVersion::tls_1_2:
        return "TLSv1.2";
    case ProtocolVersion::tls_1_3:
        return "TLSv1.3";
    default:
        return "SSLv3";
    }
}

std::vector<ProtocolVersion> sorted_versions(const Policy& policy) {
    std::vector<ProtocolVersion> versions =
        policy.versions.value_or(std::vector<ProtocolVersion>{});
    std::ranges::sort(versions);
    return versions;
}

/// `ECDHE-...:AES128-SHA`; versions before TLS 1.2 need OpenSSL's lowest security level.
std::string suite_words(const Policy& policy) {
    std::string words;
    for (const CipherSuite suite : policy.suites.value_or(std::vector<CipherSuite>{})) {
        const CipherSuiteInfo* const info = find(suite);
        if (info != nullptr && !info->openssl_name.empty()) {
            words += (words.empty() ? "" : ":") + std::string{info->openssl_name};
        }
    }
    const std::vector<ProtocolVersion> versions = sorted_versions(policy);
    const bool old = !versions.empty() && versions.front() < ProtocolVersion::tls_1_2;
    return words.empty() || !old ? words : words + ":@SECLEVEL=0";
}

/// Empty where they are the three that OpenSSL enables by itself.
std::string tls13_words(const Policy& policy) {
    const std::set<CipherSuite> usual = {
        CipherSuite::TLS_AES_128_GCM_SHA256, CipherSuite::TLS_AES_256_GCM_SHA384,
        CipherSuite::TLS_CHACHA20_POLY1305_SHA256
    };
    const auto suites = policy.tls13_suites.value_or(std::vector<CipherSuite>{});
    if (std::set<CipherSuite>(suites.begin(), suites.end()) == usual) {
        return "";
    }
    std::string words;
    for (const CipherSuite suite : suites) {
        words += (words.empty() ? "" : ":") + tlsdoctor::name_of(suite);
    }
    return words;
}

std::string group_words(const std::vector<NamedGroup>& groups) {
    std::string words;
    for (const NamedGroup group : groups) {
        const std::string name = group == NamedGroup::secp256r1 ? "prime256v1"
                                 : group == NamedGroup::x25519  ? "X25519"
                                                                : tlsdoctor::name_of(group);
        words += (words.empty() ? "" : ":") + name;
    }
    return words;
}

/// How a product spells a setting: what stands before its value and behind it.
struct SettingWords {
    std::string_view before{};
    std::string_view behind{};
};

struct ProductWords {
    std::string_view product{};
    SettingWords suites{};
    SettingWords tls13_suites{};
    SettingWords groups{};
    std::string_view server_order{};
};

// clang-format off
constexpr ProductWords k_product_words[] = {
    {"nginx", {"ssl_ciphers ", ";"}, {"ssl_conf_command Ciphersuites ", ";"}, {"ssl_ecdh_curve ", ";"},
     "ssl_prefer_server_ciphers on;"},
    {"Apache", {"SSLCipherSuite ", ""}, {"SSLCipherSuite TLSv1.3 ", ""}, {"SSLOpenSSLConfCmd Curves ", ""},
     "SSLHonorCipherOrder on"},
    {"HAProxy", {"ssl-default-bind-ciphers ", ""}, {"ssl-default-bind-ciphersuites ", ""},
     {"ssl-default-bind-curves ", ""}, ""},
};
// clang-format on

std::string version_line(const Policy& policy, std::string_view product) {
    const std::vector<ProtocolVersion> versions = sorted_versions(policy);
    if (versions.empty()) {
        return "";
    }
    if (product == "HAProxy") {
        return fmt::format(
            "ssl-default-bind-options ssl-min-ver {} ssl-max-ver {}",
            config_name_of(versions.front()) == "TLSv1" ? "TLSv1.0"
                                                        : config_name_of(versions.front()),
            config_name_of(versions.back())
        );
    }
    std::string line = product == "nginx" ? "ssl_protocols" : "SSLProtocol -all";
    for (const ProtocolVersion version : versions) {
        line += (product == "nginx" ? " " : " +") + config_name_of(version);
    }
    return product == "nginx" ? line + ";" : line;
}

/// The policy's groups without those that the server's library may not know: an unknown name stops
/// a server from starting.
std::vector<NamedGroup> safe_groups(const Policy& policy, const evidence::Visit& visit) {
    std::set<NamedGroup> accepted;
    for (const evidence::Endpoint& endpoint : visit.endpoints) {
        const auto inventory = evidence::inventory_of(endpoint);
        for (const auto& groups :
             inventory ? inventory->groups : std::vector<evidence::VersionGroups>{}) {
            for (const evidence::AcceptedGroup& group : groups.accepted) {
                accepted.insert(group.group);
            }
        }
    }
    std::vector<NamedGroup> groups = policy.groups.value_or(std::vector<NamedGroup>{});
    std::erase_if(groups, [&](NamedGroup group) {
        const NamedGroupInfo* const info = find(group);
        const bool classical = info != nullptr && (info->kind == GroupKind::elliptic_curve ||
                                                   info->kind == GroupKind::finite_field);
        return !classical && !accepted.contains(group);
    });
    return groups;
}

} // namespace

std::string policy_lines(
    const Policy& policy, std::string_view product, const std::vector<NamedGroup>& groups
) {
    const auto* const words = std::ranges::find(k_product_words, product, &ProductWords::product);
    if (words == std::end(k_product_words)) {
        return "";
    }
    std::string lines = version_line(policy, product);
    const auto add = [&](const SettingWords& spelling, const std::string& value) {
        if (!value.empty()) {
            lines += fmt::format(
                "{}{}{}{}", lines.empty() ? "" : "\n", spelling.before, value, spelling.behind
            );
        }
    };
    add(words->suites, suite_words(policy));
    add(words->tls13_suites, tls13_words(policy));
    add(words->groups, group_words(groups));
    if (policy.server_order && !words->server_order.empty()) {
        lines += (lines.empty() ? "" : "\n") + std::string{words->server_order};
    }
    return lines;
}

void spell_policy_out(
    std::vector<Fix>& fixes, const diagnose::PolicyResult& result, const evidence::Visit& visit
) {
    if (result.compliant.value_or(true)) {
        return;
    }
    const bool mendable =
        std::ranges::any_of(result.differences, [](const diagnose::Difference& difference) {
            return difference.by_settings && is_violation(difference.kind);
        });
    const std::vector<NamedGroup> groups = safe_groups(result.policy, visit);
    for (Fix& fix : fixes) {
        fix.text = mendable ? policy_lines(result.policy, fix.product, groups) : "";
        if (fix.product == "HAProxy") {
            fix.where = "the section global";
        } else {
            fix.where = fix.where.substr(0, fix.where.find("; name exactly"));
        }
        fix.cost = "Clients that can do no more than what goes are shut out; --what-if says which.";
    }
    std::erase_if(fixes, [](const Fix& fix) { return fix.text.empty(); });
}

} // namespace tlsdoctor::advise
