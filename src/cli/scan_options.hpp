// SPDX-License-Identifier: Apache-2.0
// The options of `tlsdoctor scan` that are its own.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "cli/options.hpp"
#include "cli/parser.hpp"

namespace tlsdoctor::cli {

/// Reads them; the operands are words of a list.
std::optional<UsageError>
read_scan(const ParsedOptions& parsed, std::span<const std::string> operands, Options& options);

} // namespace tlsdoctor::cli
