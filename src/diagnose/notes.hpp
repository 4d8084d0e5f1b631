// SPDX-License-Identifier: Apache-2.0
// Sentences that connect the verdict with what the user brought: an error text, a client.
#pragma once

#include <string>

#include "diagnose/finding.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::diagnose {

/// Says whether the alert in the user's error was met here too; empty without one.
std::string
error_note(const evidence::Visit& visit, const Question& question, const Finding& verdict);

/// Says whether the user's client has a version in common with the server; empty without one.
std::string client_note(const evidence::Visit& visit, const Question& question);

} // namespace tlsdoctor::diagnose
