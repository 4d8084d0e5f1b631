// SPDX-License-Identifier: Apache-2.0
// What a server accepts that stands on GnuTLS: its priority string, then the system's
// configuration, then whether suites, groups, signatures and the certificate's key fit together.
// Which of them matter for which version was measured with gnutls-serv 3.7.9.
#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "config/gnutls_policy.hpp"
#include "config/judge_parts.hpp"

namespace tlsdoctor::config {

namespace {

constexpr VersionSet k_gnutls_spoken =
    VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);

/// The system's configuration as it is, and which of its lines count.
struct GnutlsGround {
    GnutlsSystem system{};
    std::optional<std::string> default_string{};
    const GnutlsSetting* keyword{}; ///< what `@SYSTEM` stands for
    std::vector<Line> lines{};
};

/// The kinds of key that the certificates have; both where nothing is known.
struct GnutlsKeys {
    bool rsa{};
    bool ecdsa{};
    std::string curve{};
    std::string names{};
};

std::string exchange_name(const CipherSuiteInfo& suite) {
    const bool rsa = suite.authentication == Authentication::rsa;
    const bool ecdsa = suite.authentication == Authentication::ecdsa;
    switch (suite.key_exchange) {
    case KeyExchange::rsa:
        return rsa ? "RSA" : "";
    case KeyExchange::dhe:
        return rsa ? "DHE-RSA" : "";
    case KeyExchange::ecdhe:
        return rsa ? "ECDHE-RSA" : ecdsa ? "ECDHE-ECDSA" : "";
    default:
        return "";
    }
}

std::string encryption_name(const CipherSuiteInfo& suite) {
    if (suite.encryption == "3DES_EDE_CBC") {
        return "3DES-CBC";
    }
    if (suite.encryption == "RC4_128") {
        return "ARCFOUR-128";
    }
    std::string name{suite.encryption};
    std::ranges::replace(name, '_', '-');
    return name;
}

bool contains(const std::vector<std::string_view>& list, std::string_view name) {
    return std::ranges::find(list, name) != list.end();
}

bool enables(const GnutlsPolicy& policy, const CipherSuiteInfo& suite) {
    const std::string mac = suite.mac == "SHA" ? "SHA1" : std::string{suite.mac};
    return contains(policy.ciphers, encryption_name(suite)) && contains(policy.macs, mac);
}

GnutlsKeys keys_of(const Hearing& hearing) {
    GnutlsKeys keys;
    for (const std::string& path : hearing.service.certificates) {
        const auto pem = hearing.input.files.read(path);
        const auto info = pem && hearing.input.knowledge.certificate
                              ? hearing.input.knowledge.certificate(*pem)
                              : std::nullopt;
        if (info) {
            keys.rsa = keys.rsa || info->key == "rsa";
            keys.ecdsa = keys.ecdsa || info->key == "ecdsa";
            keys.curve = info->curve;
            keys.names += (keys.names.empty() ? "" : " ") + info->key;
        }
    }
    if (keys.names.empty()) {
        keys.rsa = keys.ecdsa = true;
    }
    return keys;
}

bool any_of(const std::vector<std::string_view>& list, std::string_view beginning) {
    return std::ranges::any_of(list, [&](std::string_view name) {
        return name.starts_with(beginning);
    });
}

/// Signatures count from TLS 1.2 on: older versions sign with MD5 and SHA-1 whatever is listed.
bool signs(
    const GnutlsPolicy& policy, const GnutlsKeys& keys, ProtocolVersion version, bool with_rsa
) {
    const auto& list = policy.signatures;
    if (version < ProtocolVersion::tls_1_2) {
        return true;
    }
    if (with_rsa) {
        return any_of(list, "RSA-PSS-RSAE") ||
               (version == ProtocolVersion::tls_1_2 && any_of(list, "RSA-SHA"));
    }
    if (version == ProtocolVersion::tls_1_2 || keys.curve.empty()) {
        return any_of(list, "ECDSA-");
    }
    // TLS 1.3 binds the hash to the curve.
    const bool p256 = keys.curve == "P-256";
    const bool p384 = keys.curve == "P-384";
    return contains(list, p256 ? "ECDSA-SHA256" : p384 ? "ECDSA-SHA384" : "ECDSA-SHA512");
}

bool has_groups(const GnutlsPolicy& policy, bool finite) {
    return std::ranges::any_of(policy.groups, [&](std::string_view name) {
        return name.starts_with("FFDHE") == finite;
    });
}

/// Why a suite of TLS 1.2 and older cannot be used with a version; `none` where it can.
Obstacle obstacle_of(
    const GnutlsPolicy& policy, const GnutlsKeys& keys, const CipherSuiteInfo& suite,
    ProtocolVersion version
) {
    const bool with_rsa = suite.authentication == Authentication::rsa;
    if (with_rsa ? !keys.rsa : !keys.ecdsa) {
        return Obstacle::key_mismatch;
    }
    if (suite.key_exchange == KeyExchange::rsa) {
        return Obstacle::none;
    }
    if (!signs(policy, keys, version, with_rsa)) {
        return Obstacle::security_level;
    }
    const bool group = suite.key_exchange != KeyExchange::ecdhe || has_groups(policy, false);
    return group ? Obstacle::none : Obstacle::no_group;
}

/// The suites of the policy that can be used with a version; the best reason where there is none.
Obstacle suites_with(
    const GnutlsPolicy& policy, const GnutlsKeys& keys, ProtocolVersion version,
    std::vector<CipherSuite>& usable
) {
    Obstacle reason = Obstacle::no_suite;
    for (const CipherSuiteInfo& suite : cipher_suites()) {
        const std::string exchange = exchange_name(suite);
        if (exchange.empty() || suite.first_version > version || suite.last_version < version ||
            !contains(policy.exchanges, exchange) || !enables(policy, suite)) {
            continue;
        }
        const Obstacle obstacle = obstacle_of(policy, keys, suite, version);
        if (obstacle == Obstacle::none) {
            usable.push_back(suite.id);
        } else {
            reason = obstacle;
        }
    }
    return usable.empty() ? reason : Obstacle::none;
}

Obstacle suites_of_tls13(
    const GnutlsPolicy& policy, const GnutlsKeys& keys, std::vector<CipherSuite>& usable
) {
    for (const CipherSuiteInfo& suite : cipher_suites()) {
        if (suite.key_exchange == KeyExchange::tls13 && enables(policy, suite)) {
            usable.push_back(suite.id);
        }
    }
    const auto version = ProtocolVersion::tls_1_3;
    const bool key = (keys.rsa && signs(policy, keys, version, true)) ||
                     (keys.ecdsa && signs(policy, keys, version, false));
    return usable.empty()          ? Obstacle::no_suite
           : policy.groups.empty() ? Obstacle::no_group
           : !key                  ? Obstacle::security_level
                                   : Obstacle::none;
}

GnutlsGround ground_of(const Hearing& hearing) {
    GnutlsGround ground{.system = gnutls_system_beneath(hearing.input, hearing.reading)};
    for (const GnutlsSetting& one : ground.system.settings) {
        if (one.section == "overrides" && one.key == "default-priority-string") {
            ground.default_string = one.value;
        }
    }
    return ground;
}

/// Takes the system's lines into account, one after the other.
void restrict_policy(GnutlsPolicy& policy, GnutlsGround& ground, bool default_string) {
    for (const GnutlsSetting& one : ground.system.settings) {
        const GnutlsPolicy before = policy;
        Line line{
            .statement = one.statement,
            .value = one.value_place,
            .aspect = one.key == "disabled-version" ? Aspect::versions : Aspect::other,
            .role = Role::effective
        };
        if (&one == ground.keyword) {
            line.aspect = Aspect::versions;
            line.rewrite = rewritten_priority;
            ground.lines.push_back(std::move(line));
            continue;
        }
        if (one.key == "default-priority-string") {
            line.role = default_string ? Role::effective : Role::inert;
            line.why = default_string ? "" : "the server sets a priority string of its own";
            line.rewrite = rewritten_priority;
            line.aspect = Aspect::versions;
            ground.lines.push_back(std::move(line));
            continue;
        }
        if (!restrict_by(policy, ground.system, one)) {
            continue;
        }
        const bool changed =
            before.versions != policy.versions || before.ciphers != policy.ciphers ||
            before.macs != policy.macs || before.exchanges != policy.exchanges ||
            before.groups != policy.groups || before.signatures != policy.signatures;
        if (!changed) {
            line.role = Role::inert;
            line.why = "the server does not enable it anyway";
        }
        ground.lines.push_back(std::move(line));
    }
}

/// In an allow list, a string of the server's own is bound by the curves alone (measured).
void restrict_curves(GnutlsPolicy& policy, const GnutlsSystem& system) {
    std::erase_if(policy.groups, [&](std::string_view group) {
        return !group.starts_with("FFDHE") &&
               std::ranges::none_of(system.settings, [&](const GnutlsSetting& one) {
                   return one.key == "enabled-curve" && same_ignoring_case(one.value, group);
               });
    });
}

std::vector<NamedGroup> groups_of(const GnutlsPolicy& policy) {
    std::vector<NamedGroup> groups;
    for (const std::string_view name : policy.groups) {
        for (const NamedGroupInfo& info : named_groups()) {
            if (same_ignoring_case(info.name, name)) {
                groups.push_back(info.id);
            }
        }
    }
    return groups;
}

/// Says of each line what it has to do with what is missing.
void assign_roles(Effective& effective, const GnutlsGround& ground, VersionSet by_string) {
    const VersionSet missing = k_gnutls_spoken - effective.accepted();
    const bool all_by_system =
        by_string == k_gnutls_spoken &&
        std::ranges::all_of(missing.members(), [&](ProtocolVersion version) {
            return std::ranges::any_of(effective.versions, [&](const VersionState& state) {
                return state.version == version && state.obstacle == Obstacle::system_policy;
            });
        });
    for (Line& line : effective.lines) {
        const bool decides = line.role == Role::effective && line.aspect == Aspect::ciphers;
        if (decides && !missing.empty() && all_by_system) {
            line.role = Role::inert;
            line.why =
                "it enables every version; the system's configuration of GnuTLS takes some away";
        } else if (decides && !(k_modern_versions & missing).empty()) {
            line.role = Role::guilty;
        }
    }
    effective.lines.insert(effective.lines.end(), ground.lines.begin(), ground.lines.end());
}

} // namespace

std::string gnutls_conf_beneath(const Input& input) {
    if (const CommandWord* const file = input.start.variable("GNUTLS_SYSTEM_PRIORITY_FILE")) {
        return joined_path(input.start.folder, file->text);
    }
    constexpr const char* k_debian_file = "/etc/gnutls/config";
    return input.files.kind_of(k_debian_file) == FileKind::file ? k_debian_file : "";
}

Effective judge_gnutls(const Hearing& hearing) {
    const Service& service = hearing.service;
    GnutlsGround ground = ground_of(hearing);
    const bool by_system =
        service.default_ciphers && service.ciphers.empty() && ground.default_string;
    const std::string text = by_system                 ? *ground.default_string
                             : service.ciphers.empty() ? "NORMAL"
                                                       : service.ciphers;
    auto policy = read_priority(text, ground.system).value_or(GnutlsPolicy{});
    const VersionSet by_string = policy.versions;
    ground.keyword = system_keyword(text, ground.system);
    restrict_policy(policy, ground, by_system);
    if (ground.system.allow_list) {
        restrict_curves(policy, ground.system);
    }
    const GnutlsKeys keys = keys_of(hearing);
    Effective effective{
        .groups = groups_of(policy), .certificate_key = keys.names, .lines = service.lines
    };
    for (const ProtocolVersion version : k_versions) {
        VersionState state{version, false, Obstacle::not_built};
        if (k_gnutls_spoken.has(version)) {
            std::vector<CipherSuite> usable;
            const Obstacle fits = version == ProtocolVersion::tls_1_3
                                      ? suites_of_tls13(policy, keys, usable)
                                      : suites_with(policy, keys, version, usable);
            state.obstacle = policy.versions.has(version) ? fits
                             : by_string.has(version)     ? Obstacle::system_policy
                                                          : Obstacle::not_enabled;
            state.accepted = state.obstacle == Obstacle::none;
            if (state.accepted && version == ProtocolVersion::tls_1_3) {
                effective.tls13_suites = usable;
            } else if (state.accepted && usable.size() > effective.suites.size()) {
                effective.suites = usable;
            }
        }
        effective.versions.push_back(state);
    }
    assign_roles(effective, ground, by_string);
    return effective;
}

} // namespace tlsdoctor::config
