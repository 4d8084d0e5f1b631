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
/// refusal for trust alone counts as accepted. `cut`: the walk's end ended the program, so that
/// what it did not say yet is not known.
evidence::WalkStep judged(
    const Trial& trial, const std::vector<peer::Meeting>& met, const process::Result& result,
    bool trusts_us, bool cut = false
);

/// Tells whether the client took the ServerHello and then minded something else than the version:
/// another key exchange may suit it.
bool minds_the_rest(const evidence::WalkStep& step, const std::vector<peer::Meeting>& met);

/// Joins the two answers to one question: a client refuses only what it refuses both times.
/// `name` says what was served the second time.
evidence::WalkStep
joined(evidence::WalkStep first, evidence::WalkStep second, const std::string& name);

/// Returns the line of a program's output that says most about a failure, safe to print and at
/// most 300 bytes; empty where it said nothing.
std::string telling_line(std::string_view output);

} // namespace tlsdoctor::walk
