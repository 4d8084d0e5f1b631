// SPDX-License-Identifier: Apache-2.0
// What `explain` has to say, for the screen and as JSON (schema/explain.schema.json).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "advise/case_file.hpp"
#include "advise/fix.hpp"
#include "evidence/json.hpp"
#include "explain/explain.hpp"
#include "explain/judge.hpp"
#include "report/json.hpp"
#include "report/page.hpp"

namespace tlsdoctor::report {

/// Equal messages with the fixes of their candidates.
struct Explained {
    explain::Group group{};
    std::vector<std::vector<advise::Fix>> fixes{}; ///< one list for each candidate
};

/// `--run`: what the host in the text answered, and what that makes of the candidates.
struct Asked {
    advise::CaseFile file{};
    std::vector<explain::Judged> candidates{};
};

/// A whole text.
struct Explanation {
    std::vector<Explained> groups{}; ///< worst first
    std::size_t lines{};
    std::size_t messages{};
    std::size_t unrecognised{}; ///< lines
    std::vector<Asked> asked{};
};

/// Returns the document.
json::object to_json(const Explanation& explanation, const JsonOptions& options);

/// Returns the report for a terminal: the likeliest meaning in the first line; at most 24 lines
/// unless `verbose`.
std::string explanation_screen(const Explanation& explanation, const Look& look, bool verbose);

/// Returns one line: `FAIL  no_common_cipher  server  0.47  client  peer_alert  40  one sentence`.
std::string explanation_line(const Explanation& explanation, bool utf8);

/// Returns the sentences about what the probe makes of the candidates of an error.
std::string judged_text(const std::vector<explain::Judged>& candidates);

} // namespace tlsdoctor::report
