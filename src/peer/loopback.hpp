// SPDX-License-Identifier: Apache-2.0
// Listeners of this module on loopback; private to it.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "net/listener.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::peer {

/// The listeners of one port.
using Listeners = std::vector<net::Listener>;

/// Connections that may wait for `accept`.
inline constexpr int k_backlog = 1024;

/// Opens a port of 127.0.0.1; 0 is any.
std::expected<Listeners, std::string> open_ipv4(net::Loop& loop, std::uint16_t wanted);

/// Opens one port of both loopback addresses, because a name like `localhost` may mean either; on a
/// machine without IPv6 of 127.0.0.1 alone.
std::expected<Listeners, std::string> open_loopback(net::Loop& loop, std::uint16_t wanted);

} // namespace tlsdoctor::peer
