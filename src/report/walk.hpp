// SPDX-License-Identifier: Apache-2.0
// What a walked client accepts: the member `accepts` of the JSON, and the lines of the screen.
#pragma once

#include <optional>
#include <string>

#include "evidence/json.hpp"
#include "evidence/walk.hpp"
#include "report/page.hpp"

namespace tlsdoctor::report {

/// Returns what was tried: `TLS 1.2`, `TLS 1.0 with static RSA only`.
std::string words_for(const evidence::WalkStep& step);

/// Returns `{versions: {"TLS 1.2": {...}}, ..., failures: {...}, ...}`; empty without a walk.
json::object accepts_json(const std::optional<evidence::Walk>& walk);

/// Writes what it accepts and refuses, and how it takes failures: the ones that it does not notice
/// first, and with `all` each of them with the program's words.
void write_walk(Page& page, const evidence::Walk& walk, bool all);

} // namespace tlsdoctor::report
