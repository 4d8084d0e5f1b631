// SPDX-License-Identifier: Apache-2.0
// Reads what `client` is asked to do.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "cli/options.hpp"
#include "cli/parser.hpp"

namespace tlsdoctor::cli {

/// Reads the options of `client` that are its own; the operands are the command to run.
std::optional<UsageError> read_client_options(
    const ParsedOptions& parsed, std::span<const std::string> operands, Options& options
);

} // namespace tlsdoctor::cli
