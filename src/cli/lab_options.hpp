// SPDX-License-Identifier: Apache-2.0
// The options of `tlsdoctor lab`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "cli/parser.hpp"
#include "cli/usage_error.hpp"

namespace tlsdoctor::cli {

/// What `lab` was asked for.
struct LabOptions {
    std::vector<std::string> cases{}; ///< their names; empty: all
    bool list{};
    std::uint16_t port{};    ///< the first server's, the others follow; 0: any
    milliseconds deadline{}; ///< 0: until it is interrupted
    std::string ca_file{};   ///< where the root is written; empty for none
};

/// Reads the options that `lab` does not share with `check`; the names of cases are not looked up.
std::optional<UsageError>
read_lab(const ParsedOptions& parsed, std::span<const std::string> operands, LabOptions& options);

} // namespace tlsdoctor::cli
