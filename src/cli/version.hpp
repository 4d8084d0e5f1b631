// SPDX-License-Identifier: Apache-2.0
// Which tlsdoctor this is, as results and `--version` say it.
#pragma once

#include <string_view>

namespace tlsdoctor::cli {

/// Returns the program's version: `0.1.0`.
std::string_view version();

/// Returns the newest date in the heads of the tables under data/: `2026-11-23`.
std::string_view data_date();

} // namespace tlsdoctor::cli
