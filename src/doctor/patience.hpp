// SPDX-License-Identifier: Apache-2.0
// How long to wait for an answer of this server, from how long it took for others.
#pragma once

#include "base/clock.hpp"
#include "evidence/visit.hpp"
#include "probe/patience.hpp"

namespace tlsdoctor::doctor {

/// Returns the longest time that an accepted hello took; zero where none was accepted.
milliseconds usual_answer_time(const evidence::Endpoint& endpoint);

/// Returns the patience for a question of the search or of a known client. Many of these get no
/// answer, and a server that is known to answer within `usual` need not be waited for as long as an
/// unknown one.
probe::Patience patience_for_one_of_many(probe::Patience patience, milliseconds usual);

} // namespace tlsdoctor::doctor
