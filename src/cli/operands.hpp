// SPDX-License-Identifier: Apache-2.0
// What stands on the command line beside options, for commands whose operands are no targets.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/normalise.hpp"
#include "cli/options.hpp"
#include "cli/parser.hpp"
#include "cli/usage_error.hpp"

namespace tlsdoctor::cli {

/// Refuses operands of a command that takes none.
std::optional<UsageError> refused_operands(const Normalised& line);

/// Says why an operand is no target.
UsageError refused_target(std::string_view typed, const TargetError& error);

/// Reads the text of `explain`, or the file that it is in, and `--run`.
std::optional<UsageError>
read_text(const ParsedOptions& parsed, std::span<const std::string> operands, Options& options);

} // namespace tlsdoctor::cli
