// SPDX-License-Identifier: Apache-2.0
// What the benchmark's servers have in common: one socket for every address of this machine, and a
// loop that tells a server what came. One thread, epoll, no timers but a tick.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace tlsdoctor::bench {

/// A connection that a server answers.
struct Client {
    int socket = -1;
    /// The address that the client connected to, as a number.
    std::uint32_t asked = 0;
    /// What came, until it was answered.
    std::vector<std::uint8_t> received = {};
    /// What is still to be sent, byte by byte, by a slow server.
    std::vector<std::uint8_t> pending = {};
    bool answered = false;
};

/// What a server does; each returns whether the connection stays open.
struct Behaviour {
    std::function<bool(Client&)> on_message;
    std::function<bool(Client&)> on_tick;
};

/// Returns a listening socket on every IPv4 address and the given port (0: any), or -1.
int listen_everywhere(std::uint16_t port);

/// Prints the port of a socket, which tells who started the server that it is ready.
void announce(int listener);

/// Lets this process hold as many sockets as it may.
void raise_limit();

/// Serves until the process is ended. `on_tick` is called ten times a second for each connection
/// that has something pending.
void serve(int listener, const Behaviour& behaviour);

/// Sends at once, without waiting and without a signal.
void send_now(int socket, const std::vector<std::uint8_t>& bytes);

/// Makes the next close() of a socket a reset.
void reset_on_close(int socket);

} // namespace tlsdoctor::bench
