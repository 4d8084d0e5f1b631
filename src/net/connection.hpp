// SPDX-License-Identifier: Apache-2.0
// The socket under a Stream; private to this module. It lives as long as the Stream or an
// operation.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "net/address.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"

namespace tlsdoctor::net {

using asio::ip::tcp;
using boost::system::error_code;

/// A socket, and what we have to remember about it because the kernel tells it only once.
struct Connection final : Waiter {
    explicit Connection(Loop& on) : loop(on), socket(on.context()) {}

    /// Ends what is under way.
    void cut(Cut why) override;

    Loop& loop;
    tcp::socket socket;
    Address peer{};
    Cut why{};        ///< why the operation under way was ended from our side
    bool was_reset{}; ///< the kernel reported the RST; from now on it reports an end of file
};

/// Sets what every connection has, once it is open.
void prepare(tcp::socket& socket);

/// Returns what an errno of `connect` or `socket` means.
ConnectFailure failure_to_connect(int code, bool v6);

/// Returns an endpoint as address and port.
Address address_of(const tcp::endpoint& endpoint);

/// Returns the error of an operation that did not begin or was ended from our side.
StreamError given_up(Cut why);

/// Returns an error as the peer caused it; remembers a reset in `connection`.
StreamError failure_of(Connection& connection, const error_code& error);

} // namespace tlsdoctor::net
