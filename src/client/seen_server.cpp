// SPDX-License-Identifier: Apache-2.0
// From answers to lists.
#include "client/seen_server.hpp"

#include <algorithm>

#include "client/choice.hpp"
#include "evidence/facts.hpp"
#include "evidence/inventory.hpp"

namespace tlsdoctor::client {

namespace {

using evidence::Exchange;
using evidence::Outcome;

template <typename T>
void add_once(std::vector<T>& list, const T& value) {
    if (std::ranges::find(list, value) == list.end()) {
        list.push_back(value);
    }
}

SeenVersion& at_version(SeenServer& facts, ProtocolVersion version) {
    const auto at = std::ranges::find(facts.versions, version, &SeenVersion::version);
    if (at != facts.versions.end()) {
        return *at;
    }
    facts.versions.push_back({.version = version});
    return facts.versions.back();
}

void note_choice(SeenServer& facts, const Exchange& exchange) {
    SeenVersion& at = at_version(facts, exchange.selection->version);
    add_once(at.suites, exchange.selection->cipher_suite);
    if (exchange.selection->group) {
        add_once(at.groups, *exchange.selection->group);
    }
    if (!exchange.flight) {
        return;
    }
    if (!exchange.flight->certificate_key.empty()) {
        add_once(facts.keys, exchange.flight->certificate_key);
        facts.certificate_signature = exchange.flight->certificate_signature;
    }
    if (exchange.selection->version < ProtocolVersion::tls_1_3 &&
        exchange.offer.renegotiation != evidence::Renegotiation::none) {
        facts.renegotiation_info = exchange.flight->renegotiation_info;
    }
    const auto& scheme = exchange.flight->signature_scheme;
    if (scheme && exchange.selection->version == ProtocolVersion::tls_1_2) {
        add_once(facts.signatures, *scheme);
    }
    const std::uint16_t bits = exchange.flight->dh_bits;
    if (bits > 0 && (facts.dh_bits == 0 || bits < facts.dh_bits)) {
        facts.dh_bits = bits;
    }
}

/// A hello that was refused although its version is spoken: none of its suites will do, or none of
/// its groups.
void note_refusal(SeenServer& facts, const Exchange& exchange) {
    const auto common = std::ranges::find_if(exchange.offer.versions, [&](ProtocolVersion version) {
        return std::ranges::find(facts.accepted, version) != facts.accepted.end();
    });
    const bool by_parameters = exchange.outcome == Outcome::refused && exchange.alert &&
                               exchange.alert->description == AlertDescription::handshake_failure &&
                               common != exchange.offer.versions.end() &&
                               *common < ProtocolVersion::tls_1_3;
    if (!by_parameters || exchange.purpose == evidence::Purpose::name) {
        return;
    }
    SeenVersion& at = at_version(facts, *common);
    for (const CipherSuite suite : exchange.offer.cipher_suites) {
        if (std::ranges::find(at.suites, suite) == at.suites.end()) {
            add_once(at.refused, suite);
        }
    }
}

bool wants_a_name(const evidence::Endpoint& endpoint) {
    const bool named = std::ranges::any_of(endpoint.exchanges, [](const Exchange& exchange) {
        return exchange.offer.sni && exchange.outcome == Outcome::accepted;
    });
    const auto nameless = [](const Exchange& exchange) {
        return exchange.purpose == evidence::Purpose::name && !exchange.offer.sni &&
               exchange.outcome == Outcome::refused;
    };
    return named && std::ranges::any_of(endpoint.exchanges, nameless);
}

/// Calls `take` with everything that was asked.
template <typename Take>
void for_each(const evidence::Endpoint& endpoint, Take take) {
    std::ranges::for_each(endpoint.exchanges, take);
    for (const evidence::Replay& replay : endpoint.replays) {
        take(replay.exchange);
    }
}

/// An enumeration says all suites of a version, in the server's order where it has one.
void note_inventory(SeenServer& facts, const evidence::Endpoint& endpoint) {
    const auto inventory = inventory_of(endpoint);
    for (const auto& suites : inventory ? inventory->suites : decltype(inventory->suites){}) {
        if (!suites.complete || suites.accepted.empty()) {
            continue;
        }
        SeenVersion& at = at_version(facts, suites.version);
        at.suites.clear();
        for (const evidence::AcceptedSuite& accepted : suites.accepted) {
            at.suites.push_back(accepted.suite);
        }
        at.suites_are_all = true;
    }
}

} // namespace

SeenServer facts_of(const evidence::Endpoint& endpoint) {
    SeenServer facts{.accepted = accepted_versions(endpoint)};
    for_each(endpoint, [&](const Exchange& exchange) {
        const bool chose = exchange.selection && !exchange.selection->hello_retry_request;
        if (chose) {
            note_choice(facts, exchange);
            if (is_version(exchange.selection->version)) {
                add_once(facts.accepted, exchange.selection->version);
            }
        }
    });
    std::ranges::sort(facts.accepted);
    for_each(endpoint, [&](const Exchange& exchange) { note_refusal(facts, exchange); });
    note_inventory(facts, endpoint);
    facts.needs_name = wants_a_name(endpoint);
    return facts;
}

const SeenVersion* find(const SeenServer& facts, ProtocolVersion version) {
    const auto at = std::ranges::find(facts.versions, version, &SeenVersion::version);
    return at == facts.versions.end() ? nullptr : &*at;
}

bool has_key_for(const SeenServer& facts, CipherSuite suite) {
    const CipherSuiteInfo* const info = tlsdoctor::find(suite);
    if (facts.keys.empty() || info == nullptr) {
        return true;
    }
    const bool rsa = info->authentication == Authentication::rsa;
    const bool ecdsa = info->authentication == Authentication::ecdsa;
    return (!rsa && !ecdsa && info->authentication == Authentication::tls13) ||
           std::ranges::any_of(facts.keys, [&](const std::string& key) {
               return (rsa && key.starts_with("RSA")) || (ecdsa && !key.starts_with("RSA"));
           });
}

} // namespace tlsdoctor::client
