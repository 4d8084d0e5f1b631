// SPDX-License-Identifier: Apache-2.0
// The report of `-q`: one line for each target, for people with lists and for grep.
#pragma once

#include <string>

#include "advise/case_file.hpp"

namespace tlsdoctor::report {

/// Returns `FAIL  host:port  server_only_tls13  server  proven  one sentence` with a newline. The
/// first five fields have no spaces in them, so `awk` can take them. Text of a peer is shown
/// harmless, and in ASCII unless `utf8`.
std::string quiet_line(const advise::CaseFile& file, bool utf8);

} // namespace tlsdoctor::report
