// SPDX-License-Identifier: Apache-2.0
// Second opinions as remarks; see the header.
#include "cli/config_opinion.hpp"

#include <fmt/core.h>

#include "config/opinion.hpp"

namespace tlsdoctor::cli {

namespace {

evidence::ConfigRemark remark_of(const config::Opinion& opinion) {
    return {
        .line = {.file = opinion.file, .line = opinion.line},
        .what =
            opinion.asked
                ? fmt::format("the server itself differs ({}): {}", opinion.command, opinion.words)
                : fmt::format("{} could not answer: {}", opinion.command, opinion.words)
    };
}

} // namespace

void add_opinions(
    const ConfigSource& source, const config::Examination& examination,
    evidence::Configuration& configuration
) {
    if (!source.installed || !source.on_disk) {
        return;
    }
    config::Sources scratch;
    const config::StartCommand start = config::read_start_command(
        scratch, source.command_path, source.command, config::folder_of(source.main)
    );
    for (const config::Opinion& opinion :
         config::opinions(*source.server, examination.reading, source.main, start)) {
        if (!opinion.agrees) {
            configuration.warnings.push_back(remark_of(opinion));
        }
    }
}

} // namespace tlsdoctor::cli
