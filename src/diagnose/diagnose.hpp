// SPDX-License-Identifier: Apache-2.0
// From evidence to findings: pure, so that any diagnosis can be repeated from a recording.
#pragma once

#include "diagnose/finding.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::diagnose {

/// Judges a visit. Cannot fail: where the evidence shows nothing the verdict is `unknown` (unsure).
Diagnosis diagnose(const evidence::Visit& visit, const Question& question);

/// Orders findings: worst status first, then by rank.
bool worse(const Finding& a, const Finding& b);

} // namespace tlsdoctor::diagnose
