// SPDX-License-Identifier: Apache-2.0
// `--apply` and `--verify`: hands the first fix to those who write and try it.
#pragma once

#include <optional>
#include <vector>

#include "advise/config_file.hpp"
#include "cli/config_fixes.hpp"
#include "cli/config_settings.hpp"
#include "cli/config_source.hpp"

namespace tlsdoctor::cli {

/// Does what was asked for and says what came of it; nullopt where nothing was asked. Marks the fix
/// as verified where the real server showed it. Each fix was tried on the files as they are, so
/// only the first is applied.
std::optional<advise::ConfigAction> act_on_fixes(
    const ConfigSettings& settings, const config::Examination& examination,
    const ConfigSource& source, std::vector<TriedFix>& fixes
);

} // namespace tlsdoctor::cli
