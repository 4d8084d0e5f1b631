// SPDX-License-Identifier: Apache-2.0
// From what a server met and how the program ended to a step of the walk. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/walk.hpp"
#include "peer/behaviour.hpp"
#include "process/run.hpp"
#include "walk/trials.hpp"

namespace tlsdoctor::walk {

/// Tells whether the client took our root: it completed the handshake and went on.
bool trusts(const std::vector<peer::Meeting>& met, const process::Result& result);

/// Judges one run. `trusts_us`: what the client says about certificates is meant; otherwise a
/// refusal for trust alone counts as accepted.
evidence::WalkStep judged(
    const Trial& trial, const std::vector<peer::Meeting>& met, const process::Result& result,
    bool trusts_us
);

/// Returns the line of a program's output that says most about a failure, safe to print and at
/// most 300 bytes; empty where it said nothing.
std::string telling_line(std::string_view output);

} // namespace tlsdoctor::walk
