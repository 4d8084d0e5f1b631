// SPDX-License-Identifier: Apache-2.0
// From what a client did to findings: pure, like the diagnosis of servers.
#pragma once

#include "diagnose/finding.hpp"
#include "evidence/client_visit.hpp"

namespace tlsdoctor::diagnose {

/// Judges a client by what it offers and prints. Cannot fail: where nothing shows a cause the
/// verdict is `unknown` (unsure) and says what to do.
Diagnosis diagnose(const evidence::ClientVisit& visit);

} // namespace tlsdoctor::diagnose
