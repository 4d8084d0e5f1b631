// SPDX-License-Identifier: Apache-2.0
// The way from here to the first byte of TLS: a TCP connection, a proxy that opens another one, a
// dialogue in clear. Every question and the whole handshake go this way; what stopped them on it is
// evidence like any answer.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.hpp"
#include "evidence/exchange.hpp"
#include "evidence/visit.hpp"
#include "net/address.hpp"
#include "net/awaitable.hpp"
#include "net/loop.hpp"
#include "net/proxy.hpp"
#include "net/starttls.hpp"
#include "net/stream.hpp"
#include "net/tds.hpp"
#include "probe/patience.hpp"

namespace tlsdoctor::probe {

/// What lies between a TCP connection and TLS; by default nothing.
struct Route {
    std::optional<net::Proxy> proxy{};       ///< the connection goes to it, and it connects further
    std::string host{};                      ///< the server as the proxy is told
    std::uint16_t port{};                    ///< of the server, not of the proxy
    const net::StarttlsProtocol* starttls{}; ///< null: TLS begins at once
    std::string name{};                      ///< the server as the dialogue is told (XMPP)
    std::uint16_t max_segment{};             ///< as for `net::connect`
};

/// A connection on which TLS may begin. Reads and writes like a `net::Stream`; a protocol that
/// wraps the handshake in packets of its own is unwrapped here.
class Channel final {
public:
    /// `first` came already and is read first.
    Channel(net::Stream stream, Bytes first, bool in_packets);

    /// As `net::Stream::read_some`.
    asio::awaitable<std::expected<std::size_t, net::StreamError>>
    read_some(std::span<std::uint8_t> into, TimePoint deadline);

    /// As `net::Stream::write_all`.
    asio::awaitable<std::expected<void, net::StreamError>>
    write_all(ByteView bytes, TimePoint deadline);

    /// The handshake is complete: from now on records travel without packets.
    void leave_packets() { in_packets_ = false; }

    /// Returns the connection itself.
    net::Stream& stream() { return stream_; }

private:
    net::Stream stream_;
    Bytes pending_;
    bool in_packets_;
    net::TdsUnwrapper unwrapper_{};
};

/// How far it came: a channel, or what stopped it.
struct Way {
    std::optional<Channel> channel{};
    evidence::Exchange exchange{}; ///< reach, outcome, error, dialogue, proxy_error
    std::string stopped{};         ///< in words, empty where there is a channel
};

/// Connects to `server`, or to `route.proxy` at that address, and says what has to be said. Never
/// longer than `patience` says, and twice its answer time for a dialogue as a whole.
asio::awaitable<Way> open_way(net::Loop& loop, net::Address server, Route route, Patience patience);

/// Writes down why no connection came about; a SYN that we did not wait for to its end (`cut`) was
/// not filtered.
void no_connection(const net::ConnectError& error, bool cut, evidence::Exchange& exchange);

/// Writes what the way says into the exchange of a question.
void write_down(const Way& way, evidence::Exchange& exchange);

/// Asks the server itself for a tunnel to itself: a forward proxy answers that as no web server
/// does. The answer is the exchange's dialogue, whose protocol is `http-connect`.
asio::awaitable<evidence::Exchange>
ask_for_tunnel(net::Loop& loop, net::Address server, std::string host, Patience patience);

/// Tells whether asking on would meet the same: a proxy or the dialogue said no, in so many words.
bool is_shut(const evidence::Exchange& exchange);

} // namespace tlsdoctor::probe
