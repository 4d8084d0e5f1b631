// SPDX-License-Identifier: Apache-2.0
// Primes of Diffie-Hellman and certificates against a policy.
#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/judgement.hpp"
#include "diagnose/policy_parts.hpp"

namespace tlsdoctor::diagnose {

namespace {

using std::chrono::sys_seconds;

/// The curves that EC keys are on, by the words that evidence has for them.
constexpr std::pair<std::string_view, std::string_view> k_nist_curves[] = {
    {"P-192", "secp192r1"}, {"P-224", "secp224r1"}, {"P-256", "secp256r1"},
    {"P-384", "secp384r1"}, {"P-521", "secp521r1"},
};

std::optional<std::uint32_t> digits_at(std::string_view text, std::size_t at, std::size_t count) {
    return at + count <= text.size() ? number_in(text.substr(at, count), 9999) : std::nullopt;
}

/// Reads `2026-11-23T10:00:00Z`, as certificates' dates are kept.
std::optional<sys_seconds> time_in(std::string_view text) {
    const auto year = digits_at(text, 0, 4);
    const auto month = digits_at(text, 5, 2);
    const auto day = digits_at(text, 8, 2);
    const auto hour = digits_at(text, 11, 2);
    const auto minute = digits_at(text, 14, 2);
    const auto second = digits_at(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{
        std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
        std::chrono::day(*day)
    };
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second};
}

/// Each size of a prime once, with what shows it.
std::map<std::uint32_t, std::string> primes_of(const PolicyCase& held) {
    std::map<std::uint32_t, std::string> primes;
    for (const evidence::DhParameters& parameters : held.inventory.dh_parameters) {
        primes.try_emplace(parameters.bits, parameters.exchange);
    }
    for (const evidence::AcceptedSuite& suite : held.accepted_suites()) {
        if (suite.dh_bits > 0) {
            primes.try_emplace(suite.dh_bits, suite.exchange);
        }
    }
    for (const evidence::VersionGroups& groups : held.inventory.groups) {
        for (const evidence::AcceptedGroup& group : groups.accepted) {
            const NamedGroupInfo* const info = find(group.group);
            if (info != nullptr && info->kind == GroupKind::finite_field) {
                primes.try_emplace(info->bits, group.exchange);
            }
        }
    }
    return primes;
}

void hold_primes(PolicyCase& held) {
    if (!held.policy.dh_bits) {
        return;
    }
    const auto primes = primes_of(held);
    for (const auto& [bits, exchange] : primes) {
        if (bits < *held.policy.dh_bits) {
            held.add(
                DifferenceKind::must_go,
                fmt::format(
                    "a Diffie-Hellman prime of {} bits is in use, {} are the least", bits,
                    *held.policy.dh_bits
                ),
                {held.cite_id(exchange)}
            );
        }
    }
    const bool has_dhe =
        std::ranges::any_of(held.accepted_suites(), [](const evidence::AcceptedSuite& suite) {
            const CipherSuiteInfo* const info = find(suite.suite);
            return info != nullptr && info->key_exchange == KeyExchange::dhe;
        });
    if (has_dhe && primes.empty()) {
        held.add(
            DifferenceKind::undecided, "the size of the Diffie-Hellman prime was not seen", {}
        );
    }
}

/// Returns a certificate's key type as policies call it: `rsa`, `ecdsa`, `ed25519` ...
std::string type_of(std::string_view key) {
    const std::string type = lower(read_key(key).type);
    return type == "ec" ? "ecdsa" : type == "rsa-pss" ? "rsa" : type;
}

/// The kinds of key that the accepted suites and signatures show the server to have.
std::set<std::string> types_in_use(const PolicyCase& held) {
    std::set<std::string> types;
    for (const evidence::AcceptedSuite& suite : held.accepted_suites()) {
        const CipherSuiteInfo* const info = find(suite.suite);
        if (info != nullptr && info->authentication == Authentication::rsa) {
            types.insert("rsa");
        } else if (info != nullptr && info->authentication == Authentication::dss) {
            types.insert("dsa");
        }
    }
    for (const evidence::VersionSchemes& schemes : held.inventory.signature_schemes) {
        for (const SignatureScheme scheme : schemes.accepted) {
            const std::string name = tlsdoctor::name_of(scheme);
            const std::string family = name.substr(0, name.find('_'));
            if (family == "rsa" || family == "ecdsa" || family == "ed25519" || family == "ed448") {
                types.insert(family);
            }
        }
    }
    return types;
}

bool wants_certificates(const Policy& policy) {
    return policy.certificate_types || policy.certificate_curves || policy.certificate_signatures ||
           policy.rsa_bits || policy.certificate_days;
}

/// A certificate in the words of a difference: `the RSA 2048 certificate`.
std::string called(const evidence::SeenCertificate& seen) {
    return fmt::format("the {} certificate", harmless(seen.key));
}

void hold_key(PolicyCase& held, const evidence::SeenCertificate& seen) {
    const Policy& policy = held.policy;
    const KeyWords key = read_key(seen.key);
    const std::string type = type_of(seen.key);
    const std::vector<Citation> shown{held.cite_id(seen.exchange)};
    if (policy.certificate_types && !contains(*policy.certificate_types, type)) {
        held.add(
            DifferenceKind::must_go,
            fmt::format(
                "{} is in use, only {} may be", called(seen),
                joined(*policy.certificate_types, " and ")
            ),
            shown
        );
        return; // its size does not matter any more
    }
    if (policy.rsa_bits && type == "rsa" && key.bits < *policy.rsa_bits) {
        held.add(
            DifferenceKind::must_go,
            fmt::format("{} is in use, {} bits are the least", called(seen), *policy.rsa_bits),
            shown
        );
    }
    if (policy.certificate_curves && type == "ecdsa") {
        const auto* const nist = std::ranges::find(
            k_nist_curves, key.curve, &std::pair<std::string_view, std::string_view>::first
        );
        const std::string_view curve = nist == std::end(k_nist_curves) ? key.curve : nist->second;
        const bool permitted =
            std::ranges::any_of(*policy.certificate_curves, [&](NamedGroup group) {
                return same_ignoring_case(tlsdoctor::name_of(group), curve);
            });
        if (!permitted) {
            held.add(
                DifferenceKind::must_go,
                fmt::format("{} is on a curve that is not permitted", called(seen)), shown
            );
        }
    }
}

void hold_signature(PolicyCase& held, const evidence::SeenCertificate& seen) {
    const auto& permitted = held.policy.certificate_signatures;
    if (!permitted) {
        return;
    }
    const bool is_permitted = std::ranges::any_of(*permitted, [&](const std::string& name) {
        return same_ignoring_case(name, seen.leaf.signature);
    });
    if (seen.leaf.signature.empty()) {
        held.add(
            DifferenceKind::undecided, "the signature of " + called(seen) + " was not read", {}
        );
    } else if (!is_permitted) {
        held.add(
            DifferenceKind::must_go,
            fmt::format("{} is signed with {}", called(seen), harmless(seen.leaf.signature)),
            {held.cite_id(seen.exchange)}
        );
    }
}

void hold_lifespan(PolicyCase& held, const evidence::SeenCertificate& seen) {
    if (!held.policy.certificate_days) {
        return;
    }
    const auto begin = time_in(seen.leaf.not_before);
    const auto end = time_in(seen.leaf.not_after);
    if (!begin || !end) {
        held.add(DifferenceKind::undecided, "the dates of " + called(seen) + " were not read", {});
        return;
    }
    const auto days = std::chrono::ceil<std::chrono::days>(*end - *begin).count();
    if (days > *held.policy.certificate_days) {
        held.add(
            DifferenceKind::must_go,
            fmt::format(
                "{} is valid for {} days, {} are the most", called(seen), days,
                *held.policy.certificate_days
            ),
            {held.cite_id(seen.exchange)}
        );
    }
}

} // namespace

void hold_keys(PolicyCase& held) {
    hold_primes(held);
    if (!wants_certificates(held.policy)) {
        return;
    }
    std::set<std::string> seen_types;
    for (const evidence::SeenCertificate& seen : held.inventory.certificates) {
        seen_types.insert(type_of(seen.key));
        hold_key(held, seen);
        hold_signature(held, seen);
        hold_lifespan(held, seen);
    }
    if (seen_types.empty()) {
        held.add(DifferenceKind::undecided, "no certificate was seen", {});
        return;
    }
    for (const std::string& type : types_in_use(held)) {
        if (!seen_types.contains(type)) {
            held.add(
                DifferenceKind::undecided,
                fmt::format("a certificate for {} is in use and was not seen", type), {}
            );
        }
    }
}

} // namespace tlsdoctor::diagnose
