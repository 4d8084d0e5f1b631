// SPDX-License-Identifier: Apache-2.0
// Questions that rules and reports ask of an endpoint's exchanges. They select and compare; they do
// not judge.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "evidence/visit.hpp"

namespace tlsdoctor::evidence {

/// The answer to one version, summed over the hellos that offered it alone.
struct VersionAnswer {
    ProtocolVersion version{};
    Outcome outcome{}; ///< `accepted` where any hello was, else that of the most telling exchange
    const Exchange* shown_by{}; ///< the exchange that shows it; null for `not_tested`; borrows
    std::vector<const Exchange*> all{}; ///< every hello that offered it; borrows
};

/// Returns the answers to all six versions, oldest first; borrows from `endpoint`, which must
/// outlive it.
std::vector<VersionAnswer> version_answers(const Endpoint& endpoint);
std::vector<VersionAnswer> version_answers(Endpoint&&) = delete;

/// Returns the accepted versions, oldest first.
std::vector<ProtocolVersion> accepted_versions(const Endpoint& endpoint);

/// Tells whether an answer is a "no": the hello arrived and its version was not agreed on.
bool is_no(Outcome outcome);

/// Tells whether a "no" to this version is settled: two hellos of different shape agree, or one
/// alert 70 came from a server that accepted another version, or a ServerHello of another version
/// answered, or the version is SSL 2.0 (one hello suffices there).
bool settled(const VersionAnswer& answer, bool accepted_another);

/// Says why an exchange cannot have happened (a refusal without its alert, a question for no known
/// version), empty where it can: recordings come from files, and the rules rely on it.
std::string_view contradiction_in(const Exchange& exchange);

/// Returns the protocol met instead of TLS at this endpoint (`http` ...), empty where none was
/// seen. Text in answer to SSL 2.0 and 3.0 alone does not count: servers of TLS answer those oddly.
std::string_view foreign_protocol(const Endpoint& endpoint);

} // namespace tlsdoctor::evidence
