// SPDX-License-Identifier: Apache-2.0
// Carries out the rounds of an enumeration (probe/inventory.hpp) at one endpoint.
#pragma once

#include "doctor/door.hpp"
#include "net/awaitable.hpp"

namespace tlsdoctor::doctor {

/// Tells whether an endpoint is to be enumerated: somebody asked for it, and TLS is spoken there.
bool wants_inventory(const Options& options, const evidence::Endpoint& endpoint);

/// Asks round by round, at most until the target's deadline, and puts the answers into
/// `endpoint.inventory`. What is not asked by then stays untested, and the visit is `interrupted`.
asio::awaitable<void> take_inventory(const AtDoor& context, evidence::Endpoint& endpoint);

} // namespace tlsdoctor::doctor
