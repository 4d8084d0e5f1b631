// SPDX-License-Identifier: Apache-2.0
// From names to numbers; and what no server could keep to is refused as a mistake.
#include "cli/policy_words.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "registry/lookup.hpp"

namespace tlsdoctor::cli {

namespace {

using diagnose::Policy;

constexpr std::array<std::string_view, 5> k_key_types = {"rsa", "ecdsa", "ed25519", "ed448", "dsa"};

PolicyWords::List listed(std::string_view text, char separator) {
    std::vector<std::string> words;
    for (const std::string_view word : split(text, separator)) {
        if (!word.empty()) {
            words.emplace_back(word);
        }
    }
    return words;
}

std::optional<std::uint32_t> unless_zero(std::uint32_t number) {
    return number == 0 ? std::nullopt : std::optional{number};
}

/// Looks words up one after the other; the first error sticks.
class PolicyReader {
public:
    explicit PolicyReader(const PolicyWords& words) : words_{words} {}

    std::expected<Policy, std::string> read() {
        Policy policy{
            .name = words_.name,
            .source = words_.source,
            .certificate_signatures = words_.certificate_signatures,
            .rsa_bits = words_.rsa_key_size,
            .dh_bits = words_.dh_param_size,
            .ecdh_bits = words_.ecdh_param_size,
            .certificate_days = words_.maximum_certificate_lifespan,
            .server_order = words_.server_preferred_order,
            .not_judged = words_.not_judged,
        };
        look_up("tls_versions", words_.tls_versions, "version", version_named, policy.versions);
        look_up("ciphers", words_.ciphers, "cipher suite", suite_named, policy.suites);
        look_up(
            "ciphersuites", words_.ciphersuites, "cipher suite", suite_named, policy.tls13_suites
        );
        look_up("tls_curves", words_.tls_curves, "group", group_named, policy.groups);
        look_up(
            "signature_algorithms", words_.signature_algorithms, "signature scheme", scheme_named,
            policy.signature_schemes
        );
        look_up(
            "certificate_curves", words_.certificate_curves, "curve", group_named,
            policy.certificate_curves
        );
        read_types(policy);
        check_suites(policy);
        check_sense(policy);
        if (!error_.empty()) {
            return std::unexpected{error_};
        }
        return policy;
    }

private:
    void refuse(std::string_view member, std::string_view why) {
        if (error_.empty()) {
            error_ = fmt::format("{}: {}", member, why);
        }
    }

    template <typename T>
    void look_up(
        std::string_view member, const PolicyWords::List& words, std::string_view what,
        std::optional<T> (*named)(std::string_view), std::optional<std::vector<T>>& into
    ) {
        if (!words) {
            return;
        }
        std::vector<T>& values = into.emplace();
        for (const std::string& word : *words) {
            if (const auto value = named(word)) {
                values.push_back(*value);
            } else {
                refuse(member, fmt::format("'{}' is no {} known here", harmless(word), what));
            }
        }
    }

    void read_types(Policy& policy) {
        if (!words_.certificate_types) {
            return;
        }
        auto& types = policy.certificate_types.emplace();
        for (const std::string& word : *words_.certificate_types) {
            types.push_back(lower(word));
            if (std::ranges::find(k_key_types, types.back()) == k_key_types.end()) {
                refuse(
                    "certificate_types",
                    fmt::format("'{}' is none of rsa, ecdsa, ed25519, ed448, dsa", harmless(word))
                );
            }
        }
    }

    /// TLS 1.3 has suites of its own, and lists are easily mixed up.
    void check_suites(const Policy& policy) {
        const auto check = [&](const auto& suites, bool of_1_3, std::string_view member,
                               std::string_view other) {
            for (const CipherSuite suite : suites.value_or(std::vector<CipherSuite>{})) {
                const CipherSuiteInfo* const info = find(suite);
                if ((info->first_version == ProtocolVersion::tls_1_3) != of_1_3) {
                    refuse(member, fmt::format("{} belongs into {}", info->name, other));
                }
            }
        };
        check(policy.suites, false, "ciphers", "ciphersuites");
        check(policy.tls13_suites, true, "ciphersuites", "ciphers");
    }

    /// Lists that permit nothing where something must be.
    void check_sense(const Policy& policy) {
        const bool says_anything =
            policy.versions || policy.suites || policy.tls13_suites || policy.groups ||
            policy.signature_schemes || policy.certificate_types || policy.certificate_curves ||
            policy.certificate_signatures || policy.rsa_bits || policy.dh_bits ||
            policy.ecdh_bits || policy.certificate_days || policy.server_order;
        if (!says_anything) {
            refuse("the policy", "it has no member that is judged");
        }
        if (policy.versions && policy.versions->empty()) {
            refuse("tls_versions", "no version is permitted");
        }
        for (const ProtocolVersion version :
             policy.versions.value_or(std::vector<ProtocolVersion>{})) {
            const bool is_1_3 = version == ProtocolVersion::tls_1_3;
            const auto& suites = is_1_3 ? policy.tls13_suites : policy.suites;
            if (suites && suites->empty()) {
                refuse(
                    is_1_3 ? "ciphersuites" : "ciphers",
                    fmt::format("{} is permitted, and no suite of it", name_of(version))
                );
            }
        }
    }

    const PolicyWords& words_;
    std::string error_{};
};

} // namespace

PolicyWords policy_words(const PublishedPolicy& policy) {
    return {
        .name = fmt::format("{}@{}", policy.name, policy.guideline),
        .source = std::string{policy.source},
        .tls_versions = listed(policy.versions, ' '),
        .ciphers = listed(policy.cipher_suites, ':'),
        .ciphersuites = listed(policy.tls13_suites, ':'),
        .tls_curves = listed(policy.groups, ':'),
        .certificate_types = listed(policy.certificate_types, ':'),
        .certificate_curves = listed(policy.certificate_curves, ':'),
        .certificate_signatures = listed(policy.certificate_signatures, ':'),
        .rsa_key_size = unless_zero(policy.rsa_bits),
        .dh_param_size = unless_zero(policy.dh_bits),
        .maximum_certificate_lifespan = unless_zero(policy.certificate_days),
        .server_preferred_order = policy.server_order,
        .not_judged = listed(policy.not_judged, ':').value_or(std::vector<std::string>{}),
    };
}

std::expected<Policy, std::string> policy_from(const PolicyWords& words) {
    return PolicyReader{words}.read();
}

} // namespace tlsdoctor::cli
