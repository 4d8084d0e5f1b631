// SPDX-License-Identifier: Apache-2.0
// One connection of a server, from its greeting to its end; private to this module.
#pragma once

#include <memory>
#include <optional>

#include "crypto/server_session.hpp"
#include "net/awaitable.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"
#include "peer/behaviour.hpp"

namespace tlsdoctor::peer {

/// A behaviour, ready to serve.
struct Prepared {
    Behaviour behaviour{};
    std::optional<crypto::ServerContext> context{}; ///< where it has `tls`
    Limits limits{};
};

/// Serves one client and writes down what it met. `met` must outlive the call.
asio::awaitable<void> serve(
    net::Loop& loop, net::Stream stream, std::shared_ptr<const Prepared> server, bool silent,
    Meeting& met
);

} // namespace tlsdoctor::peer
