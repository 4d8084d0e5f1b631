// SPDX-License-Identifier: Apache-2.0
// Which endpoints of a configuration the user asks about: by address, and by the name that a client
// sends.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "diagnose/config_case.hpp"
#include "evidence/configuration.hpp"

namespace tlsdoctor::cli {

/// Returns the question of the command line.
diagnose::ConfigQuestion
config_question(const Options& options, const evidence::Configuration& configuration);

/// Returns the endpoints, by number, that answer a client which connects to `address` (empty: to
/// any; a port alone: to any of that port) and sends `sni`; `any_name`: whatever it sends. Of one
/// address the exact name answers, else the longest pattern, else `*`.
std::vector<std::size_t> endpoints_for(
    const evidence::Configuration& configuration, const std::string& address, bool any_name,
    const std::optional<std::string>& sni
);

} // namespace tlsdoctor::cli
