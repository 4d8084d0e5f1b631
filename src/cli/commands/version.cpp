// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor version`.
#include "cli/commands/commands.hpp"

#include <fmt/core.h>

#include "cli/version.hpp"

namespace tlsdoctor::cli {

ExitCode run_version() {
    return print(fmt::format("tlsdoctor {} (data of {})\n", version(), data_date()));
}

} // namespace tlsdoctor::cli
