// SPDX-License-Identifier: Apache-2.0
// The operands of the commands that read results, and the command line as a database keeps it.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "cli/normalise.hpp"
#include "cli/options.hpp"
#include "cli/parser.hpp"
#include "cli/usage_error.hpp"

namespace tlsdoctor::cli {

/// Reads the operands of `diff` and `report`, and refuses outputs that exclude each other.
std::optional<UsageError>
read_inputs(const ParsedOptions& parsed, std::span<const std::string> operands, Options& options);

/// Refuses outputs that would mix on standard output.
std::optional<UsageError> mixed_outputs(const OutputOptions& output);

/// Returns the command line for people, without what may hold a password: a proxy's URL. Clipped
/// where a list of targets is long.
std::string words_to_keep(const Normalised& line);

} // namespace tlsdoctor::cli
