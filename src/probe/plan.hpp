// SPDX-License-Identifier: Apache-2.0
// What to ask next, from what was answered so far: a pure function, so that every plan can be
// replayed from a recording. A version diagnosis takes one round for a server that says what it
// means, two where a "no" needs confirming, and a control probe where an answer could be somebody's
// filter. A full visit goes on with the hellos of today's clients and the search for what makes the
// difference between a hello that was accepted and one that was not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evidence/visit.hpp"

namespace tlsdoctor::probe {

/// A question that was not asked yet.
struct Ask {
    evidence::Purpose purpose{};
    ProtocolVersion version{}; ///< offered alone; `none` where the offer is composed, or nothing
    evidence::Shape shape{};
    std::optional<std::string> sni{};
    evidence::Offer composed{}; ///< for `Shape::composed`: the whole offer
    bool after_back_off{};      ///< wait for a while first: somebody may be filtering us

    bool operator==(const Ask&) const = default;
};

/// How much to ask.
struct Scope {
    bool versions_only{true}; ///< the versions alone: no search for the cause of a difference
    bool cheaply{};           ///< begin with hellos that cost the server no signature
    std::size_t repeat{1};    ///< how often to ask the same, for answers that vary (`--repeat`)
};

/// Returns the questions of the next round, all of which may be asked at once; none when there is
/// nothing left that could change the diagnosis.
std::vector<Ask>
next_round(const evidence::Target& target, const evidence::Endpoint& seen, const Scope& scope = {});

} // namespace tlsdoctor::probe
