// SPDX-License-Identifier: Apache-2.0
// How known clients fare with a server: by the answer to their own hello where it was sent, else
// foretold from what is known of the server. The reason, who refuses, and the smallest change that
// would help come with it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "client/change.hpp"
#include "client/hindrance.hpp"
#include "client/profile.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::client {

/// Returns what decides for a known client.
Judge judge_for(const Profile& profile);

/// Returns how one client fares at an endpoint.
evidence::ClientOutcome outcome_for(const Profile& profile, const evidence::Endpoint& endpoint);

/// Returns how the sender of a recorded hello fares, which was replayed under the name `label`.
/// What it accepts beyond its hello is taken from a known client that sends the same one.
evidence::ClientOutcome
outcome_for(ByteView recorded, std::string_view label, const evidence::Endpoint& endpoint);

/// Returns the outcomes of all known clients, in the table's order. With `asked` a client without
/// an answer was not tested; else it is foretold.
std::vector<evidence::ClientOutcome> outcomes_at(const evidence::Endpoint& endpoint, bool asked);

/// Returns who would be lost, and who gained, by a change.
evidence::WhatIf effects_of(
    const Change& change, const evidence::Endpoint& endpoint,
    std::span<const evidence::ClientOutcome> now
);

} // namespace tlsdoctor::client
