// SPDX-License-Identifier: Apache-2.0
// Sends the hellos of known clients, or a recorded one, to a server: each as its client sends it,
// equal ones once. What comes of it for each client is judged elsewhere (client/outcome.hpp).
#pragma once

#include "doctor/door.hpp"
#include "net/awaitable.hpp"

namespace tlsdoctor::doctor {

/// Tells whether clients are to be simulated at this endpoint: somebody asked for it, and TLS may
/// be spoken there.
bool wants_replays(const Options& options, const evidence::Endpoint& endpoint);

/// Sends them side by side, at most until the target's deadline, and puts what came back into
/// `endpoint.replays` in the order of the clients. After a refusal follow the hellos with which a
/// client tries again; a connection that ended without a word is tried once more.
asio::awaitable<void> replay_clients(const AtDoor& context, evidence::Endpoint& endpoint);

} // namespace tlsdoctor::doctor
