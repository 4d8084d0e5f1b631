// SPDX-License-Identifier: Apache-2.0
// Sends the hellos of known clients, or a recorded one, to a server: each as its client sends it,
// equal ones once. What comes of it for each client is judged elsewhere (client/outcome.hpp).
#pragma once

#include "doctor/door.hpp"
#include "net/awaitable.hpp"
#include "net/limiter.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::doctor {

/// What the replays of one endpoint need; borrows all.
struct ReplayContext {
    net::Loop& loop;
    net::Limiter& places; ///< for connections to the host
    const Options& options;
    evidence::Visit& visit;
    const Door& door;
    probe::Patience patience{};
    RandomSource random{};
};

/// Tells whether clients are to be simulated at this endpoint: somebody asked for it, and TLS may
/// be spoken there.
bool wants_replays(const Options& options, const evidence::Endpoint& endpoint);

/// Sends them side by side, at most until the target's deadline, and puts what came back into
/// `endpoint.replays` in the order of the clients. After a refusal follow the hellos with which a
/// client tries again; a connection that ended without a word is tried once more.
asio::awaitable<void> replay_clients(const ReplayContext& context, evidence::Endpoint& endpoint);

} // namespace tlsdoctor::doctor
