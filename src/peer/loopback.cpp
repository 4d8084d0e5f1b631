// SPDX-License-Identifier: Apache-2.0
// Finds a port that is free in both families.
#include "peer/loopback.hpp"

#include <cerrno>
#include <utility>

namespace tlsdoctor::peer {

namespace {

constexpr int k_port_attempts = 16;

} // namespace

std::expected<Listeners, std::string> open_ipv4(net::Loop& loop, std::uint16_t wanted) {
    auto listener = net::Listener::open(loop, {.port = wanted, .backlog = k_backlog});
    if (!listener) {
        return std::unexpected(listener.error().text);
    }
    Listeners listeners;
    listeners.push_back(std::move(*listener));
    return listeners;
}

std::expected<Listeners, std::string> open_loopback(net::Loop& loop, std::uint16_t wanted) {
    std::string error;
    for (int attempt = 0; attempt < k_port_attempts; ++attempt) {
        auto listeners = open_ipv4(loop, wanted);
        if (!listeners) {
            return listeners;
        }
        const std::uint16_t port = listeners->front().port();
        auto v6 = net::Listener::open(loop, {.v6 = true, .port = port, .backlog = k_backlog});
        if (v6) {
            listeners->push_back(std::move(*v6));
        } else if (v6.error().code == EADDRINUSE) {
            error = v6.error().text;
            if (wanted != 0) {
                break;
            }
            continue; // another port
        }
        return listeners;
    }
    return std::unexpected(error);
}

} // namespace tlsdoctor::peer
