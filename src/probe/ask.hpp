// SPDX-License-Identifier: Apache-2.0
// Asks one question on a connection of its own. Cannot fail: whatever the network or the server
// does is an outcome. All judgement of bytes is in ReplyReader, which never saw a socket.
#pragma once

#include "base/clock.hpp"
#include "evidence/exchange.hpp"
#include "net/address.hpp"
#include "net/awaitable.hpp"
#include "net/loop.hpp"
#include "probe/hello.hpp"

namespace tlsdoctor::probe {

/// How long a question may take.
struct Patience {
    milliseconds connect{3'000}; ///< from the SYN to the connection
    milliseconds answer{5'000};  ///< from the hello to the answer
    TimePoint deadline{};        ///< for the whole target; earlier than both where it comes first
};

/// Asks and waits for the answer; never longer than `patience` says. A run that is cancelled leaves
/// what had no answer yet as `not_tested`.
asio::awaitable<evidence::Exchange>
ask(net::Loop& loop, net::Address server, Question question, Patience patience);

} // namespace tlsdoctor::probe
