// SPDX-License-Identifier: Apache-2.0
// The whole way from files to evidence: read, judge each service, mark what is guilty.
#pragma once

#include <vector>

#include "config/judge.hpp"
#include "config/server.hpp"
#include "evidence/configuration.hpp"

namespace tlsdoctor::config {

/// A configuration that was read and judged.
struct Examination {
    const Server* server{}; ///< never null
    Reading reading{};
    Beneath beneath{};
    std::vector<Effective> effective{}; ///< one for each service of the reading, in order
};

/// Reads and judges; cannot fail: what is wrong stands in the reading. `command` is the text of the
/// start command or script, `command_path` what to call it; both may be empty. `input.start` is
/// filled in here.
Examination examine(
    const Server& server, Input input, const std::string& command, const std::string& command_path
);

/// Returns it as evidence.
evidence::Configuration evidence_of(const Examination& examination);

} // namespace tlsdoctor::config
