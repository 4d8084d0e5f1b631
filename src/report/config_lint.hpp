// SPDX-License-Identifier: Apache-2.0
// A configuration's findings for CI: lines like a compiler's, GitHub's workflow annotations, and
// SARIF 2.1.0, which code hosts show beside the lines.
#pragma once

#include <string>

#include "advise/config_file.hpp"
#include "report/json.hpp"

namespace tlsdoctor::report {

/// What the forms need beside the file.
struct LintOptions {
    std::string folder{};  ///< absolute; files below it are named relative to it, as CI wants them
    std::string version{}; ///< of tlsdoctor
};

/// Returns `sites/a.conf:7: FAIL server_only_tls13: one sentence`, a line for each finding that is
/// not ok, and for what was not understood; one line that says so where all is well.
std::string lint_lines(const advise::ConfigFile& file, const LintOptions& options);

/// Returns `::error file=sites/a.conf,line=7,title=server_only_tls13::one sentence`, a line each.
std::string github_annotations(const advise::ConfigFile& file, const LintOptions& options);

/// Returns the document of SARIF 2.1.0; rules are causes.
json::object sarif(const advise::ConfigFile& file, const LintOptions& options);

} // namespace tlsdoctor::report
