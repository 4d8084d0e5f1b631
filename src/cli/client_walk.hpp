// SPDX-License-Identifier: Apache-2.0
// The walk of `tlsdoctor client -- COMMAND`: after the hello was recorded, what does it accept?
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.hpp"
#include "evidence/client_visit.hpp"
#include "process/interruption.hpp"

namespace tlsdoctor::cli {

/// Reads `versions,suites`, or `all`. The error says which word is none.
std::expected<std::vector<evidence::WalkGroup>, std::string> read_walk_groups(std::string_view text
);

/// Walks the client that was recorded and adds what was found to `visit`, unless the user does not
/// want that or no hello came. The error says why it could not begin.
std::expected<void, std::string> walk_program(
    const Options& options, const process::Interruption& interruption, evidence::ClientVisit& visit
);

} // namespace tlsdoctor::cli
