// SPDX-License-Identifier: Apache-2.0
// Exit codes: what scripts rely on (docs/manual/exit-codes.md). They never change their meaning.
#pragma once

#include <cstdint>

#include "diagnose/finding.hpp"

namespace tlsdoctor::cli {

/// What the program ends with.
enum class ExitCode : std::uint8_t {
    healthy = 0,      ///< for the question asked; warnings too, unless `--fail-on warn`
    problem = 1,      ///< a TLS problem was found
    usage = 2,        ///< the command line, or a line of a list, is wrong
    unreachable = 3,  ///< DNS, refused, filtered
    inconclusive = 4, ///< nothing can be said, or the run was cut
    internal = 5,     ///< a bug, or results that could not be written
};

/// What `--fail-on` adds to the problems, which always count.
struct FailOn {
    bool warn{};        ///< a warning exits with 1
    bool unreachable{}; ///< a target that is not reachable exits with 1
};

/// Returns the more severe one: 5, 1, 4, 3, then 2 (a bad line in a list hides nothing and is not
/// hidden by what is healthy), then 0.
ExitCode worse(ExitCode a, ExitCode b);

/// Returns the code of one target: its verdict's, or `inconclusive` where its visit was cut.
ExitCode exit_code_for(const diagnose::Diagnosis& diagnosis, bool interrupted, FailOn fail_on);

} // namespace tlsdoctor::cli
