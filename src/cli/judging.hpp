// SPDX-License-Identifier: Apache-2.0
// A pasted error and a visit of the server it came from, held against each other.
#pragma once

#include <string>

#include "advise/case_file.hpp"
#include "cli/options.hpp"
#include "explain/explain.hpp"
#include "explain/judge.hpp"

namespace tlsdoctor::cli {

/// Returns what a visit shows, as far as the candidates of an error care; borrows from `file`.
explain::Probed probed_by(const advise::CaseFile& file);

/// Returns the case with what it makes of the error's candidates added to its note on the error.
advise::CaseFile with_error_judged(advise::CaseFile file, const explain::Reading& error);

/// Makes a visit's question of an error: its alert, and whether the client met or spoke clear text.
void ask_about(const explain::Group& group, Options& options);

} // namespace tlsdoctor::cli
