// SPDX-License-Identifier: Apache-2.0
// Lists of targets, one a line, as people and other tools write them. A line that cannot be read is
// reported with its number and the rest goes on: one typing error must not stop a run over a fleet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/target.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::cli {

/// A line that is no target.
struct ListProblem {
    std::size_t line{}; ///< from 1
    TargetError error{};
};

/// What a list holds, in its order.
struct TargetList {
    std::vector<evidence::Target> targets{};
    std::vector<ListProblem> problems{};
};

/// Reads a whole list: a target a line, or zgrab2's `ip,name,tag,port`. Blank lines and `#`
/// comments are skipped; a byte order mark and CRLF do not matter.
TargetList read_target_list(std::string_view text, const TargetRules& rules);

} // namespace tlsdoctor::cli
