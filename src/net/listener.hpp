// SPDX-License-Identifier: Apache-2.0
// A listening socket for the embedded servers, the recording server and tests: on loopback, unless
// the user named another address of this machine.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "net/address.hpp"
#include "net/awaitable.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"

namespace tlsdoctor::net {

/// Where and how to listen.
struct ListenOptions {
    bool v6{};             ///< `::1` instead of `127.0.0.1`
    std::uint16_t port{};  ///< 0: the system chooses
    int backlog{128};      ///< connections that may wait for `accept`
    std::string address{}; ///< an IP address instead of loopback, where the user asked for it
};

struct Acceptor; // the socket; private to listener.cpp

/// Listens until it is closed or destroyed.
class Listener final {
public:
    /// Opens a listener; fails where the port is taken, or the address is not one of this machine.
    static std::expected<Listener, StreamError> open(Loop& loop, ListenOptions options = {});
    ~Listener();
    Listener(Listener&&) noexcept;
    Listener& operator=(Listener&&) noexcept;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Waits for the next connection, however long; `close` and `Loop::cancel_all` end the wait as
    /// `cancelled`.
    asio::awaitable<std::expected<Stream, StreamError>> accept();

    /// Stops listening. Streams that were accepted live on; waiting ones are reset by the system.
    void close();

    /// Returns the address and port that it listens on.
    const Address& address() const;

    /// Returns the port that it listens on.
    std::uint16_t port() const { return address().port; }

private:
    explicit Listener(std::shared_ptr<Acceptor> acceptor);
    std::shared_ptr<Acceptor> acceptor_;
};

} // namespace tlsdoctor::net
