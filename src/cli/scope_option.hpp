// SPDX-License-Identifier: Apache-2.0
// How much is asked of a target: `--versions-only`, `--suites-only`, `--full`, or the usual visit.
#pragma once

#include <optional>

#include "cli/parser.hpp"
#include "cli/usage_error.hpp"
#include "doctor/doctor.hpp"

namespace tlsdoctor::cli {

/// Reads which of them was given; two at once are an error.
std::optional<UsageError> read_scope(const ParsedOptions& parsed, doctor::Options& visit);

} // namespace tlsdoctor::cli
