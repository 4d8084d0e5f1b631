// SPDX-License-Identifier: Apache-2.0
// Chooses the command.
#include "cli/run.hpp"

#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/demo.hpp"
#include "cli/help_text.hpp"
#include "cli/options.hpp"

namespace tlsdoctor::cli {

ExitCode run(std::span<const std::string> words) {
    const auto options = read_options(words);
    if (!options) {
        return complain(options.error());
    }
    if (options->help) {
        return print(options->command_given ? help_text(options->command) : front_page());
    }
    if (options->version) {
        return run_version();
    }
    switch (options->command) {
    case Command::check:
        return run_check(*options);
    case Command::demo:
        return static_cast<ExitCode>(run_demo(*options));
    case Command::lab:
        return run_lab(*options);
    case Command::scan:
        return run_scan(*options);
    case Command::client:
        return run_client(*options);
    case Command::explain:
        return run_explain(*options);
    case Command::diff:
        return run_diff(*options);
    case Command::report:
        return run_report(*options);
    case Command::config:
        return run_config(*options);
    case Command::help:
        return run_help(*options);
    case Command::version:
        return run_version();
    }
    std::unreachable();
}

} // namespace tlsdoctor::cli
