// SPDX-License-Identifier: Apache-2.0
// What the parts of a policy's judgement share.
#include "diagnose/policy_parts.hpp"

#include <utility>

#include <fmt/core.h>

namespace tlsdoctor::diagnose {

namespace {

bool has_group(const evidence::AcceptedSuite& suite) {
    const CipherSuiteInfo* const info = find(suite.suite);
    return info != nullptr && (info->key_exchange == KeyExchange::ecdhe ||
                               info->key_exchange == KeyExchange::ecdhe_psk ||
                               info->key_exchange == KeyExchange::tls13);
}

/// The server signs its key exchange: with (EC)DHE and a certificate, and always in TLS 1.3.
bool signs_its_exchange(const evidence::AcceptedSuite& suite) {
    const CipherSuiteInfo* const info = find(suite.suite);
    if (info == nullptr) {
        return false;
    }
    const bool with_certificate = info->authentication == Authentication::rsa ||
                                  info->authentication == Authentication::ecdsa ||
                                  info->authentication == Authentication::dss;
    const bool ephemeral =
        info->key_exchange == KeyExchange::ecdhe || info->key_exchange == KeyExchange::dhe;
    return info->key_exchange == KeyExchange::tls13 || (with_certificate && ephemeral);
}

} // namespace

PolicyCase::PolicyCase(const Policy& of, const evidence::Endpoint& at, evidence::Inventory seen)
    : policy{of}, endpoint{at}, inventory{std::move(seen)},
      visit{open_case(target_, at, question_)} {}

void PolicyCase::add(DifferenceKind kind, std::string what, std::vector<Citation> shown) {
    found.push_back(
        {.kind = kind,
         .what = std::move(what),
         .evidence = std::move(shown),
         .address = endpoint.address}
    );
}

void PolicyCase::add_not_enumerated(std::string_view things, ProtocolVersion version) {
    add(DifferenceKind::undecided,
        fmt::format("the {} of {} were not enumerated", things, tlsdoctor::name_of(version)), {});
}

bool PolicyCase::permits(ProtocolVersion version) const {
    return !policy.versions || contains(*policy.versions, version);
}

std::vector<ProtocolVersion> PolicyCase::permitted_and_accepted() const {
    std::vector<ProtocolVersion> versions = visit.accepted;
    std::erase_if(versions, [&](ProtocolVersion version) {
        return !permits(version) || version == ProtocolVersion::ssl_2_0;
    });
    return versions;
}

const evidence::VersionSuites* PolicyCase::suites_of(ProtocolVersion version) const {
    const auto at = std::ranges::find(inventory.suites, version, &evidence::VersionSuites::version);
    return at == inventory.suites.end() ? nullptr : &*at;
}

std::vector<evidence::AcceptedSuite> PolicyCase::accepted_suites() const {
    std::vector<evidence::AcceptedSuite> suites;
    for (const ProtocolVersion version : permitted_and_accepted()) {
        if (const evidence::VersionSuites* const seen = suites_of(version)) {
            suites.insert(suites.end(), seen->accepted.begin(), seen->accepted.end());
        }
    }
    return suites;
}

void PolicyCase::require_groups_seen() {
    // Versions before TLS 1.3 choose by one rule, so that one of them speaks for all.
    const auto newest_first = {ProtocolVersion::tls_1_3, ProtocolVersion::tls_1_2};
    for (const ProtocolVersion family : newest_first) {
        const bool is_1_3 = family == ProtocolVersion::tls_1_3;
        const auto in_family = [&](ProtocolVersion version) {
            return (version == ProtocolVersion::tls_1_3) == is_1_3;
        };
        bool needed = false;
        for (const ProtocolVersion version : permitted_and_accepted()) {
            const evidence::VersionSuites* const seen = suites_of(version);
            needed =
                needed || (in_family(version) &&
                           (seen == nullptr || std::ranges::any_of(seen->accepted, has_group)));
        }
        const bool known = std::ranges::any_of(inventory.groups, [&](const auto& groups) {
            return in_family(groups.version) &&
                   !(groups.accepted.empty() && groups.undecided.empty());
        });
        if (needed && !known) {
            add_not_enumerated("groups", family);
        }
    }
}

void PolicyCase::require_schemes_seen() {
    for (const ProtocolVersion version : permitted_and_accepted()) {
        if (version < ProtocolVersion::tls_1_2) {
            continue; // nothing to choose there
        }
        const evidence::VersionSuites* const seen = suites_of(version);
        const bool needed =
            seen == nullptr || std::ranges::any_of(seen->accepted, signs_its_exchange);
        const bool known =
            std::ranges::any_of(inventory.signature_schemes, [&](const auto& schemes) {
                return schemes.version == version &&
                       !(schemes.accepted.empty() && schemes.undecided.empty());
            });
        if (needed && !known) {
            add_not_enumerated("signature schemes", version);
        }
    }
}

Citation PolicyCase::cite_id(const std::string& id) const {
    for (const auto* list : {&endpoint.inventory, &endpoint.exchanges}) {
        const auto at = std::ranges::find(*list, id, &evidence::Exchange::id);
        if (at != list->end() && !id.empty()) {
            return cite(*at);
        }
    }
    return {.exchange = id, .text = id.empty() ? "" : "a whole handshake -> what it showed"};
}

std::string spelled(CipherSuite suite) {
    const CipherSuiteInfo* const info = find(suite);
    const bool has_another =
        info != nullptr && !info->openssl_name.empty() && info->openssl_name != info->name;
    return tlsdoctor::name_of(suite) +
           (has_another ? fmt::format(" ({})", info->openssl_name) : std::string{});
}

std::string spelled(NamedGroup group) {
    return "the group " + tlsdoctor::name_of(group);
}

std::string spelled(SignatureScheme scheme) {
    return "the signature scheme " + tlsdoctor::name_of(scheme);
}

} // namespace tlsdoctor::diagnose
