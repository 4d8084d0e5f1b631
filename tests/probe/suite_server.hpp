// SPDX-License-Identifier: Apache-2.0
// A server that is nothing but its lists of suites, for the tests of the enumeration: a function
// from an offer to an answer, asked until the plan has nothing more to ask.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "evidence/inventory.hpp"
#include "probe/inventory.hpp"

namespace tlsdoctor::probe::testing {

/// What a server accepts, and how it refuses.
struct ModelServer {
    std::map<ProtocolVersion, std::vector<CipherSuite>> suites{}; ///< in its own order
    bool server_order{};
    bool favours_chacha{}; ///< where the client lists ChaCha20 first
    evidence::Outcome refusal{evidence::Outcome::refused};
    AlertDescription alert{AlertDescription::handshake_failure};
    std::size_t most_suites{10'000};  ///< a longer list is a decode_error
    std::set<CipherSuite> failing{};  ///< chosen, and then internal_error
    std::set<std::size_t> unlucky{};  ///< connections that are reset, by their number
    std::size_t banned_after{10'000}; ///< connections; the others are reset
};

/// What an enumeration came to.
struct Enumerated {
    evidence::Endpoint endpoint{};
    evidence::Inventory inventory{};
    std::size_t connections{}; ///< with those for the versions, SSL 2.0's and SSL 3.0's second
    std::size_t rounds{};      ///< of the enumeration alone
    bool ended{};
};

/// Returns the answer to the connection with this number.
evidence::Exchange
answer_of(const ModelServer& server, const evidence::Offer& offer, std::size_t number);

/// Asks for the versions and then for all suites.
Enumerated enumerate(const ModelServer& server);

/// Returns what was found out about a version; an empty one where nothing was.
evidence::VersionSuites suites_of(const Enumerated& enumerated, ProtocolVersion version);

/// Returns the suites by name as OpenSSL's numbers go: `c02b c02f`.
std::vector<CipherSuite> suites_from(std::string_view numbers);

} // namespace tlsdoctor::probe::testing
