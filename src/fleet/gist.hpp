// SPDX-License-Identifier: Apache-2.0
// What a lane makes of a finished visit: the gist for the statistics, and whether this machine
// itself stood in the way.
#pragma once

#include "advise/case_file.hpp"
#include "evidence/visit.hpp"
#include "fleet/lane.hpp"

namespace tlsdoctor::fleet {

/// Returns the gist of a case, its exit code included.
Gist gist_of(const advise::CaseFile& file, const LaneSettings& settings);

/// Tells whether a connection of this visit failed for want of a descriptor, a source port or
/// memory: then nothing that it shows may be held against the peer.
bool was_exhausted(const evidence::Visit& visit);

/// Writes the case in the forms that the settings want.
Judged judged(const advise::CaseFile& file, const LaneSettings& settings);

} // namespace tlsdoctor::fleet
