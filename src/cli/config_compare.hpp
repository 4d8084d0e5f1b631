// SPDX-License-Identifier: Apache-2.0
// `check HOST --config PATH`: what the files promise beside what the port does.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "cli/config_settings.hpp"
#include "cli/usage_error.hpp"
#include "evidence/configuration.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::cli {

/// Reads the files that `--config` names; nullopt where it is not given.
std::expected<std::optional<evidence::Configuration>, UsageError>
files_to_compare(const ConfigSettings& settings);

/// Says in one or more sentences where the port differs from the files, and what that means; that
/// they agree where they do.
std::string
note_on_files(const evidence::Visit& visit, const evidence::Configuration& configuration);

} // namespace tlsdoctor::cli
