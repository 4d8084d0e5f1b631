// SPDX-License-Identifier: Apache-2.0
// One endpoint as the rules see it: the answers to the six versions, computed once, and small
// questions about them. A question that holds comes back with the exchanges that show it, never as
// a bare `bool`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "diagnose/finding.hpp"
#include "evidence/facts.hpp"
#include "evidence/pairs.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::diagnose {

/// The exchanges that show a condition; nullopt where it does not hold.
using Proof = std::optional<std::vector<Citation>>;

/// What a rule may look at. Borrows from the visit and the question.
struct Case {
    const evidence::Target& target;
    const evidence::Endpoint& endpoint;
    const Question& question;
    std::vector<evidence::VersionAnswer> answers{}; ///< the six versions, oldest first
    std::vector<ProtocolVersion> accepted{};        ///< oldest first
    std::vector<evidence::Pair> pairs{};            ///< minimal ones, the repeated first
    bool banned{};                                  ///< the control probe failed
    bool doubtful{}; ///< something was accepted, and nothing shows that it still is: a "no" without
                     ///< a word proves nothing here
};

/// Looks at one endpoint.
Case open_case(
    const evidence::Target& target, const evidence::Endpoint& endpoint, const Question& question
);

/// Returns the answer to one version; `version` is one of `k_versions`.
const evidence::VersionAnswer& answer_to(const Case& visit, ProtocolVersion version);

/// Tells whether a version is accepted.
bool accepts(const Case& visit, ProtocolVersion version);

/// Tells whether the answer to a version is a "no" that can be relied on: it is settled
/// (evidence/facts.hpp), and not wordless from a server that has begun to filter us.
bool denies(const Case& visit, ProtocolVersion version);

/// Tells whether this is a control probe that found what was accepted before refused.
bool is_failed_control(const evidence::Exchange& exchange);

/// Returns the alert that answered a version.
std::optional<AlertDescription> alert_to(const Case& visit, ProtocolVersion version);

/// Cites one exchange: `TLS 1.2 hello -> alert 70 protocol_version, then FIN`.
Citation cite(const evidence::Exchange& exchange);

/// Cites one exchange by what it has of a factor: `hello with GREASE -> connection reset (RST)`.
Citation cite(const evidence::Exchange& exchange, evidence::Factor factor);

/// Cites the exchange that shows the answer to a version.
Citation cite(const evidence::VersionAnswer& answer);

/// Cites the answer to each version named.
std::vector<Citation> cite_versions(const Case& visit, std::span<const ProtocolVersion> versions);

/// Returns `TLS 1.0, TLS 1.1 and TLS 1.2`.
std::string list_of(std::span<const ProtocolVersion> versions);

/// Returns `host:port`, with the brackets that an IPv6 address needs.
std::string name_of(const evidence::Target& target);

} // namespace tlsdoctor::diagnose
