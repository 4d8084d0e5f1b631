// SPDX-License-Identifier: Apache-2.0
// The report about a client for a terminal: the verdict first, then why and the fix, then what its
// hello offers, its fingerprints, whom it looks like, and how the program ended.
#pragma once

#include <string>

#include "advise/client_file.hpp"
#include "report/screen.hpp"

namespace tlsdoctor::report {

/// Returns the report, ending with a newline; whatever the client sent is shown harmless.
std::string screen(const advise::ClientFile& file, const ScreenOptions& options);

/// Returns the report as one line.
std::string quiet_line(const advise::ClientFile& file, bool utf8);

} // namespace tlsdoctor::report
