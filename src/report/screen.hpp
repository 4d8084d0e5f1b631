// SPDX-License-Identifier: Apache-2.0
// The report for a terminal: the verdict in the first line, then who must act, why, who is locked
// out, the fix and the check; facts below, and by default only the ones that differ from what is
// usual.
#pragma once

#include <cstddef>
#include <string>

#include "advise/case_file.hpp"

namespace tlsdoctor::report {

/// What the terminal can show and how much of it the user wants.
struct ScreenOptions {
    bool color{};
    bool utf8{true};
    std::size_t columns{100};  ///< prose is wrapped here; taken as at least 40
    bool verbose{};            ///< `-v`: all facts; otherwise at most 24 lines for one address
    bool evidence_hex{};       ///< `--evidence`: the bytes of every exchange
    bool show_clients{};       ///< `--clients`: every known client by name
    bool show_inventory{true}; ///< the tables of an enumeration, below the lines that are counted
};

/// Returns the report, ending with a newline. Whatever a peer sent is shown harmless; lines that
/// are there to be copied (configuration, commands) are never wrapped.
std::string screen(const advise::CaseFile& file, const ScreenOptions& options);

} // namespace tlsdoctor::report
