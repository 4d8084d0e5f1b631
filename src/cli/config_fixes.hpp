// SPDX-License-Identifier: Apache-2.0
// From findings to goals, and from goals to fixes that were tried on copies.
#pragma once

#include <vector>

#include "advise/config_file.hpp"
#include "cli/config_source.hpp"
#include "config/examine.hpp"
#include "config/mend.hpp"
#include "diagnose/config_case.hpp"

namespace tlsdoctor::cli {

/// A fix in both forms: for reports, and the bytes to write.
struct TriedFix {
    advise::ConfigFix shown{};
    config::Mended mended{};
    config::Goal goal{};
};

/// Looks for the smallest fix of every finding that is not ok, each diff once.
std::vector<TriedFix> fixes_for(
    const config::Examination& examination, const ConfigSource& source,
    const advise::ConfigFile& file, const diagnose::ConfigQuestion& question
);

} // namespace tlsdoctor::cli
