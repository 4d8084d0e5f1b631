// SPDX-License-Identifier: Apache-2.0
// How much is asked of a target: `--versions-only`, `--suites-only`, `--full`, or the usual visit;
// and `--policy`, which needs an enumeration.
#pragma once

#include <optional>

#include "cli/options.hpp"
#include "cli/parser.hpp"
#include "cli/usage_error.hpp"

namespace tlsdoctor::cli {

/// Reads which of them was given; two at once are an error. `--policy` needs all that `--full`
/// asks, and shows its tables only beside that.
std::optional<UsageError> read_scope(const ParsedOptions& parsed, Options& options);

} // namespace tlsdoctor::cli
