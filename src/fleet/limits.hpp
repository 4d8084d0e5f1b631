// SPDX-License-Identifier: Apache-2.0
// What a run may do at once beside its connections, and what a result says about a host's patience.
#pragma once

#include <cstddef>
#include <optional>

#include "fleet/back_off.hpp"
#include "fleet/engine.hpp"
#include "fleet/host_book.hpp"

namespace tlsdoctor::fleet {

/// Returns how many targets of one host may be under way: together they keep to its limit of
/// connections.
std::size_t targets_of_a_host(const LaneSettings& lane);

/// Returns how many visits may be under way in all: with a rate, no more than it can finish in
/// their time.
std::size_t most_under_way(const EngineOptions& options);

/// Returns what a result says about the host's patience; nullopt where its name was not even found.
std::optional<Sign> sign_of(const Flight& flight, const Judged& result);

} // namespace tlsdoctor::fleet
