// SPDX-License-Identifier: Apache-2.0
// What a visit showed of a server's settings, as far as known clients depend on it: what it was
// seen to choose, and what it refused. Never more than was seen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/visit.hpp"

namespace tlsdoctor::client {

/// What is known of one version.
struct SeenVersion {
    ProtocolVersion version{};
    std::vector<CipherSuite> suites{};  ///< that were chosen
    std::vector<CipherSuite> refused{}; ///< all of which a hello offered that was refused
    std::vector<NamedGroup> groups{};   ///< that were chosen
    std::vector<NamedGroup> refused_groups{};
    bool suites_are_all{}; ///< no other suite is there (a change or an enumeration said so)
    bool groups_are_all{};
};

/// One endpoint's settings.
struct SeenServer {
    std::vector<ProtocolVersion> accepted{}; ///< oldest first
    std::vector<SeenVersion> versions{};     ///< of those
    std::vector<std::string> keys{};         ///< of its certificates: `RSA 2048`
    std::string certificate_signature{};
    std::optional<bool> renegotiation_info{};  ///< nullopt: never seen below TLS 1.3
    std::vector<SignatureScheme> signatures{}; ///< with which it signed in TLS 1.2
    std::uint16_t dh_bits{};                   ///< of the smallest prime seen; 0: none seen
    bool needs_name{};                         ///< without a server name it refuses
};

/// Returns what the exchanges and replays of an endpoint show.
SeenServer facts_of(const evidence::Endpoint& endpoint);

/// Returns what is known of a version; null where nothing is.
const SeenVersion* find(const SeenServer& facts, ProtocolVersion version);

/// Tells whether one of the certificates has a key for a suite's authentication; true where no
/// certificate was seen.
bool has_key_for(const SeenServer& facts, CipherSuite suite);

} // namespace tlsdoctor::client
