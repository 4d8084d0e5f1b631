// SPDX-License-Identifier: Apache-2.0
// The options of `tlsdoctor config`.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "cli/options.hpp"
#include "cli/parser.hpp"
#include "cli/usage_error.hpp"

namespace tlsdoctor::cli {

/// Reads the operand and the options that `config` does not share with others.
std::optional<UsageError>
read_config(const ParsedOptions& parsed, std::span<const std::string> operands, Options& options);

/// Reads those that say whose files they are, which `check --config` takes too.
std::optional<UsageError> read_config_source(const ParsedOptions& parsed, Options& options);

} // namespace tlsdoctor::cli
