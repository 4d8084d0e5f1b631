// SPDX-License-Identifier: Apache-2.0
// A server that is a table: it answers the hellos of an enumeration as servers of its kind do, so
// that a plan can be held against what is true of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evidence/visit.hpp"
#include "probe/plan.hpp"

namespace tlsdoctor::probe::test {

/// What is true of the server.
struct FeatureServer {
    std::vector<ProtocolVersion> versions{};
    std::vector<NamedGroup> groups_13{}; ///< the most wanted first
    std::vector<NamedGroup> groups_12{};
    bool own_order{};   ///< its order of groups decides, not the client's
    bool wants_share{}; ///< refuses a hello of TLS 1.3 without a key share
    std::vector<SignatureScheme> schemes_13{};
    std::vector<SignatureScheme> schemes_12{};
    std::optional<SignatureScheme> always_signs{}; ///< whatever the client accepts (TLS 1.2)
    bool cbc{true};
    bool dhe{};
    std::vector<std::string> alpn{};
    bool strict_alpn{};
    std::vector<ExtensionType> extensions{}; ///< that it takes up
    bool compresses{};
    bool hangs_up{}; ///< where others send an alert
    bool silent{};   ///< where others send an alert
};

/// Returns the server's answer to a question.
evidence::Exchange answer_of(const FeatureServer& server, const Ask& ask);

/// Returns an endpoint as a visit leaves it: the versions are known.
evidence::Endpoint visited(const FeatureServer& server);

/// What an enumeration cost.
struct Cost {
    std::size_t rounds{};
    std::size_t connections{};
};

/// Asks everything but suites until nothing is left, at most 60 rounds.
Cost enumerate(const FeatureServer& server, evidence::Endpoint& endpoint);

} // namespace tlsdoctor::probe::test
