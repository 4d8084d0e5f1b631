// SPDX-License-Identifier: Apache-2.0
// What would be known of a server after a change of its settings. What the change does not touch
// stays as it was seen; a version that is switched on anew comes with what its library has by
// default.
#include <algorithm>
#include <array>

#include "client/foretell.hpp"

namespace tlsdoctor::client {

namespace {

constexpr CipherSuite k_usual_1_3[] = {
    CipherSuite::TLS_AES_256_GCM_SHA384,
    CipherSuite::TLS_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_AES_128_GCM_SHA256,
};

/// ECDHE with AES-GCM and ChaCha20, which every library enables for TLS 1.2 by itself.
constexpr CipherSuite k_usual_1_2[] = {
    CipherSuite{0xc02b}, CipherSuite{0xc02f}, CipherSuite{0xc02c},
    CipherSuite{0xc030}, CipherSuite{0xcca9}, CipherSuite{0xcca8},
};

constexpr NamedGroup k_usual_groups[] = {
    NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1
};

template <typename T, std::size_t N>
void add_all(std::vector<T>& list, const T (&values)[N]) {
    for (const T value : values) {
        if (std::ranges::find(list, value) == list.end()) {
            list.push_back(value);
        }
    }
}

/// Suites that a newer version was seen to use and this one can use too.
void inherit(SeenVersion& at, const SeenServer& from) {
    for (const SeenVersion& other : from.versions) {
        for (const CipherSuite suite : other.suites) {
            const CipherSuiteInfo* const info = tlsdoctor::find(suite);
            const bool fits = info != nullptr && info->first_version <= at.version &&
                              info->last_version >= at.version;
            if (fits && std::ranges::find(at.suites, suite) == at.suites.end()) {
                at.suites.push_back(suite);
            }
        }
    }
}

SeenVersion facts_for(const SeenServer& before, ProtocolVersion version) {
    if (const SeenVersion* const seen = find(before, version); seen != nullptr) {
        return *seen;
    }
    SeenVersion at{.version = version};
    inherit(at, before);
    if (version == ProtocolVersion::tls_1_3) {
        add_all(at.suites, k_usual_1_3);
    } else if (version == ProtocolVersion::tls_1_2) {
        add_all(at.suites, k_usual_1_2);
    }
    add_all(at.groups, k_usual_groups);
    return at;
}

bool speaks(const std::vector<ProtocolVersion>& versions, ProtocolVersion version) {
    return std::ranges::find(versions, version) != versions.end();
}

/// Of DHE only what was seen counts: without parameters of its own a server has none.
std::vector<CipherSuite>
usable(const SeenServer& facts, const std::vector<CipherSuite>& suites, ProtocolVersion version) {
    std::vector<CipherSuite> out;
    std::ranges::copy_if(suites, std::back_inserter(out), [&](CipherSuite suite) {
        const CipherSuiteInfo* const info = tlsdoctor::find(suite);
        const bool dhe = info != nullptr && info->key_exchange == KeyExchange::dhe;
        return info != nullptr && info->first_version <= version && info->last_version >= version &&
               (!dhe || facts.dh_bits > 0);
    });
    return out;
}

} // namespace

SeenServer changed(const SeenServer& facts, const Change& change) {
    SeenServer after = facts;
    after.accepted = versions_after(change, facts.accepted);
    after.versions.clear();
    for (const ProtocolVersion version : after.accepted) {
        SeenVersion at = facts_for(facts, version);
        const bool newest = version == ProtocolVersion::tls_1_3;
        const auto& suites = newest ? change.tls13_suites : change.suites;
        if (suites) {
            at.suites = usable(facts, *suites, version);
            at.refused.clear();
            at.suites_are_all = true;
        }
        if (change.groups) {
            at.groups = *change.groups;
            at.groups_are_all = true;
        }
        after.versions.push_back(std::move(at));
    }
    if (!speaks(facts.accepted, ProtocolVersion::tls_1_2) && !after.renegotiation_info) {
        after.renegotiation_info = true; // what has TLS 1.3 has RFC 5746 as well
    }
    return after;
}

} // namespace tlsdoctor::client
