// SPDX-License-Identifier: Apache-2.0
// One address and name of a configuration as the rules see it, and what they find. The causes are
// those of `check`; what shows them are lines of files instead of exchanges.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/finding.hpp"
#include "diagnose/policy.hpp"
#include "evidence/configuration.hpp"

namespace tlsdoctor::diagnose {

/// What the user wants to know beyond "is it healthy?".
struct ConfigQuestion {
    std::vector<Expectation> expect{};
    std::optional<Policy> target{}; ///< `--target`: its versions, all of them and no others
    /// The endpoints that are asked about, by number; nullopt: all.
    std::optional<std::vector<std::size_t>> endpoints{};
};

/// A cause, the endpoints that have it, and the lines that show it.
struct ConfigFinding {
    Finding finding{};                                 ///< its `address` is the first endpoint's
    std::vector<std::size_t> endpoints{};              ///< by number; empty where it is about all
    std::vector<evidence::ConfigLine> lines{};         ///< the guilty first, each once
    std::vector<evidence::ClientOutcome> locked_out{}; ///< known clients that fail there
};

/// All findings, worst first; never empty: the first is the verdict.
struct ConfigDiagnosis {
    std::vector<ConfigFinding> findings{};
};

/// What a rule may look at. Borrows.
struct ConfigCase {
    const evidence::Configuration& configuration;
    const evidence::ConfiguredEndpoint& endpoint;
    const ConfigQuestion& question;
    std::vector<ProtocolVersion> accepted{}; ///< oldest first
};

/// A row of the table.
struct ConfigRule {
    std::string_view cause{};
    bool (*holds)(const ConfigCase&){};
    std::string (*summary)(const ConfigCase&){};
    std::string_view refuted_by{};
    std::optional<Status> status{}; ///< where it is not the cause's own
    std::optional<Side> side{};     ///< the same
};

/// The table, in the order of the questions that a doctor asks.
std::span<const ConfigRule> config_rules();

/// Tells whether a version is accepted; what keeps it from being so.
bool accepts(const ConfigCase& open, ProtocolVersion version);
evidence::ConfigObstacle obstacle_to(const ConfigCase& open, ProtocolVersion version);

/// Returns what differs from the versions that were expected: `TLS 1.0 is accepted`; empty where
/// nothing does, or nothing was expected.
std::string unexpected_in(const ConfigCase& open);

/// Judges a configuration. Cannot fail: without a finding the verdict is `unknown` (unsure).
ConfigDiagnosis
diagnose(const evidence::Configuration& configuration, const ConfigQuestion& question);

} // namespace tlsdoctor::diagnose
