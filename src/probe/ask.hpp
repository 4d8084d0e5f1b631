// SPDX-License-Identifier: Apache-2.0
// Asks one question on a connection of its own. Cannot fail: whatever the network or the server
// does is an outcome. All judgement of bytes is in ReplyReader, which never saw a socket.
#pragma once

#include "evidence/exchange.hpp"
#include "net/address.hpp"
#include "net/awaitable.hpp"
#include "net/loop.hpp"
#include "probe/hello.hpp"
#include "probe/patience.hpp"
#include "probe/way.hpp"

namespace tlsdoctor::probe {

/// Asks and waits for the answer; never longer than `patience` says. A run that is cancelled leaves
/// what had no answer yet as `not_tested`. `route` says what stands before TLS.
asio::awaitable<evidence::Exchange>
ask(net::Loop& loop, net::Address server, Question question, Patience patience, Route route);

/// Asks on a connection where TLS begins at once. No default argument: GCC 12 destroys one twice
/// where the call is awaited.
asio::awaitable<evidence::Exchange>
ask(net::Loop& loop, net::Address server, Question question, Patience patience);

} // namespace tlsdoctor::probe
