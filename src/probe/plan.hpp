// SPDX-License-Identifier: Apache-2.0
// What to ask next, from what was answered so far: a pure function, so that every plan can be
// replayed from a recording. A version diagnosis takes one round for a server that says what it
// means, two where a "no" needs confirming, and a control probe where an answer could be somebody's
// filter.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evidence/visit.hpp"

namespace tlsdoctor::probe {

/// A question that was not asked yet.
struct Ask {
    evidence::Purpose purpose{};
    ProtocolVersion version{}; ///< offered alone; `none` for `Purpose::banner`
    evidence::Shape shape{};
    std::optional<std::string> sni{};

    bool operator==(const Ask&) const = default;
};

/// Returns the questions of the next round, all of which may be asked at once; none when there is
/// nothing left that could change the diagnosis.
std::vector<Ask> next_round(const evidence::Target& target, const evidence::Endpoint& seen);

} // namespace tlsdoctor::probe
