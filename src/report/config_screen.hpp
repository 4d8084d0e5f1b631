// SPDX-License-Identifier: Apache-2.0
// The report about a configuration for a terminal: the verdict first, then the lines that decide,
// the fix as a diff, and which versions each address and name accepts.
#pragma once

#include <string>

#include "advise/config_file.hpp"
#include "report/screen.hpp"

namespace tlsdoctor::report {

/// Returns the report, ending with a newline: at most 24 lines unless `verbose`. What stands in the
/// files is shown harmless.
std::string screen(const advise::ConfigFile& file, const ScreenOptions& options);

/// Returns one line: `FAIL  nginx  server_only_tls13  server  likely  one sentence`.
std::string quiet_line(const advise::ConfigFile& file, bool utf8);

} // namespace tlsdoctor::report
