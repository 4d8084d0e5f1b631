// SPDX-License-Identifier: Apache-2.0
// The loop of the benchmark's servers: accept, read until a whole hello is there, let the server
// answer.
#include "listening.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>

#include "answers.hpp"

namespace tlsdoctor::bench {
namespace {

using Clients = std::unordered_map<int, Client>;

constexpr int k_at_once = 256;
constexpr std::chrono::milliseconds k_tick(100);

const sockaddr* general(const sockaddr_in& address) {
    return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

sockaddr_in own_address(int socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket, static_cast<sockaddr*>(static_cast<void*>(&address)), &size);
    return address;
}

void take_all(int poll, int listener, Clients& clients) {
    while (true) {
        const int socket = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket < 0) {
            return;
        }
        epoll_event event{EPOLLIN | EPOLLRDHUP, {.fd = socket}};
        ::epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
        clients[socket] = Client{socket, ntohl(own_address(socket).sin_addr.s_addr)};
    }
}

/// Reads what is there. False where the connection is over.
bool read_some(Client& client) {
    std::array<std::uint8_t, 4096> buffer;
    const ssize_t size = ::recv(client.socket, buffer.data(), buffer.size(), 0);
    if (size <= 0) {
        return size < 0 && (errno == EAGAIN || errno == EINTR);
    }
    if (!client.answered) {
        client.received.insert(client.received.end(), buffer.begin(), buffer.begin() + size);
    }
    return client.received.size() <= k_longest_hello;
}

bool handle(Client& client, const Behaviour& behaviour) {
    if (!read_some(client)) {
        return false;
    }
    if (client.answered || !is_whole(client.received)) {
        return true;
    }
    client.answered = true;
    return behaviour.on_message(client);
}

void finish(Clients& clients, int socket) {
    ::close(socket);
    clients.erase(socket);
}

void tick(Clients& clients, const Behaviour& behaviour) {
    std::vector<int> over;
    for (auto& [socket, client] : clients) {
        if (!client.pending.empty() && !behaviour.on_tick(client)) {
            over.push_back(socket);
        }
    }
    for (const int socket : over) {
        finish(clients, socket);
    }
}

} // namespace

int listen_everywhere(std::uint16_t port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (::bind(listener, general(address), sizeof address) < 0 || ::listen(listener, 65535) < 0) {
        return -1;
    }
    return listener;
}

void announce(int listener) {
    std::printf("%u\n", static_cast<unsigned>(ntohs(own_address(listener).sin_port)));
    std::fflush(stdout);
}

void raise_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void serve(int listener, const Behaviour& behaviour) {
    const int poll = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event listening{EPOLLIN, {.fd = listener}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, listener, &listening);
    Clients clients;
    auto next_tick = std::chrono::steady_clock::now() + k_tick;
    std::array<epoll_event, k_at_once> events;
    while (true) {
        const int count =
            ::epoll_wait(poll, events.data(), k_at_once, static_cast<int>(k_tick.count()));
        for (int i = 0; i < count; ++i) {
            const int socket = events[static_cast<std::size_t>(i)].data.fd;
            if (socket == listener) {
                take_all(poll, listener, clients);
            } else if (!handle(clients[socket], behaviour)) {
                finish(clients, socket);
            }
        }
        if (std::chrono::steady_clock::now() < next_tick) {
            continue;
        }
        next_tick += k_tick;
        tick(clients, behaviour);
    }
}

void send_now(int socket, const std::vector<std::uint8_t>& bytes) {
    if (bytes.empty()) {
        return;
    }
    // A client that is gone is no concern of a server that answers once.
    [[maybe_unused]] const ssize_t sent =
        ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void reset_on_close(int socket) {
    const linger none{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

} // namespace tlsdoctor::bench
