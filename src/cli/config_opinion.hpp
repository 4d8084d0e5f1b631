// SPDX-License-Identifier: Apache-2.0
// What the installed server says of its own configuration, beside what we read.
#pragma once

#include "cli/config_source.hpp"
#include "evidence/configuration.hpp"

namespace tlsdoctor::cli {

/// Asks the server whose files are the machine's own, and adds what differs to the warnings. Files
/// elsewhere are not handed to it: a test of a configuration may create logs and folders.
void add_opinions(
    const ConfigSource& source, const config::Examination& examination,
    evidence::Configuration& configuration
);

} // namespace tlsdoctor::cli
