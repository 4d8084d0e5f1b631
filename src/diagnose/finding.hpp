// SPDX-License-Identifier: Apache-2.0
// What the doctor found: causes with the evidence that shows them. The worst finding is the
// verdict.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diagnose/citation.hpp"
#include "diagnose/policy.hpp"
#include "diagnose/stack.hpp"
#include "evidence/visit.hpp"
#include "registry/alert.hpp"
#include "registry/cause.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::diagnose {

/// A cause with its proof.
struct Finding {
    const CauseInfo* cause{}; ///< never null; lives as long as the program
    Status status{};
    Side side{};
    Confidence confidence{};
    std::string summary{}; ///< one sentence, with the target's own names and numbers
    std::vector<Citation> evidence{};
    std::string refuted_by{}; ///< what would prove this wrong
    std::string address{};    ///< the endpoint it is about; empty when about all
};

/// A client's range of versions, inclusive.
struct VersionRange {
    ProtocolVersion lowest{};
    ProtocolVersion highest{};
};

/// One word of `--expect`: this version must (or must not) be accepted.
struct Expectation {
    ProtocolVersion version{};
    bool accepted{true};
};

/// What the user wants to know beyond "is it healthy?".
struct Question {
    std::optional<VersionRange> client{
    }; ///< with `--client`, or what `--error` shows of the client
    std::string client_name{};
    std::optional<evidence::ClientOutcome> client_outcome{}; ///< how that client fared here
    std::vector<Expectation> expect{};
    std::optional<Policy> policy{};                ///< `--policy`
    std::optional<AlertDescription> error_alert{}; ///< the alert named in `--error`
    std::string error_text{};
    bool spoke_plain{}; ///< `--error` shows that the client spoke clear text to a TLS port
    bool judge_trust{true};
};

/// All findings of a visit, worst first; never empty: `findings.front()` is the verdict.
struct Diagnosis {
    std::vector<Finding> findings{};
    std::string error_note{};  ///< with `--error`: whether the user's error fits the verdict
    std::string client_note{}; ///< with `--client`: whether that client connects, and why
    std::string config_note{}; ///< with `--config`: whether the port does what its files say
    std::optional<PolicyResult> policy{};       ///< with `--policy`
    std::vector<std::optional<Stack>> stacks{}; ///< one for each endpoint of the visit, in order
};

} // namespace tlsdoctor::diagnose
