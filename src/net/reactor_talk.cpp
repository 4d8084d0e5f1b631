// SPDX-License-Identifier: Apache-2.0
// One conversation from the SYN to its end. What the kernel's errors mean is told in
// connection.cpp.
#include "net/reactor.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/connection.hpp"
#include "net/tcp_info.hpp"

namespace tlsdoctor::net {

namespace {

constexpr std::uint32_t k_watched = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

/// Below it the kernel chooses no source port.
constexpr std::uint16_t k_unprivileged = 1024;

/// An attempt to connect to a free local port can meet itself.
bool talks_to_itself(int socket, std::uint16_t port) {
    if (port < k_unprivileged) {
        return false;
    }
    asio::ip::tcp::endpoint own;
    auto size = static_cast<socklen_t>(own.capacity());
    if (::getsockname(socket, own.data(), &size) != 0 || own.port() != port) {
        return false;
    }
    asio::ip::tcp::endpoint peer;
    size = static_cast<socklen_t>(peer.capacity());
    return ::getpeername(socket, peer.data(), &size) == 0 && own == peer;
}

int pending_error(int socket) {
    int code = 0;
    socklen_t size = sizeof code;
    return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno;
}

} // namespace

int Reactor::open(Talk& talk, std::uint32_t slot, const asio::ip::tcp::endpoint& to) const {
    talk.was_v6 = to.address().is_v6();
    talk.port = to.port();
    talk.socket =
        ::socket(to.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (talk.socket < 0) {
        return errno;
    }
    if (::connect(talk.socket, to.data(), static_cast<socklen_t>(to.size())) != 0 &&
        errno != EINPROGRESS) {
        return errno;
    }
    epoll_event event{.events = k_watched, .data = {.u64 = std::uint64_t{talk.turn} << 32U | slot}};
    return ::epoll_ctl(descriptor, EPOLL_CTL_ADD, talk.socket, &event) == 0 ? 0 : errno;
}

void Reactor::happen(std::uint32_t slot, std::uint32_t turn, std::uint32_t events) {
    if (!talks[slot].connected) {
        if (!connect_ended(slot, events) || !is(slot, turn)) {
            return;
        }
    } else if (!talks[slot].unsent.empty() && (events & EPOLLOUT) != 0) {
        const Bytes rest = std::exchange(talks[slot].unsent, {});
        say(slot, rest);
    }
    const bool ended = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    if (ended || (events & EPOLLIN) != 0) {
        listen(slot, ended);
    }
}

bool Reactor::connect_ended(std::uint32_t slot, std::uint32_t events) {
    const int socket = talks[slot].socket;
    int code = (events & (EPOLLERR | EPOLLHUP)) != 0 ? pending_error(socket) : 0;
    if (code == 0 && talks_to_itself(socket, talks[slot].port)) {
        code = ECONNREFUSED;
    }
    if (code != 0 && code != ECONNRESET) {
        end(slot, {.not_connected = failure_to_connect(code, talks[slot].was_v6), .code = code});
        return false;
    }
    talks[slot].connected = true;
    talks[slot].was_reset = code == ECONNRESET; // accepted and reset before we looked
    deadlines.set(slot, talks[slot].times.answer, Clock::now());
    const std::uint32_t turn = talks[slot].turn;
    const ByteView hello = talks[slot].errand->hello();
    if (is(slot, turn) && !hello.empty()) {
        say(slot, hello);
    }
    return true;
}

void Reactor::say(std::uint32_t slot, ByteView bytes) {
    Talk& talk = talks[slot];
    const ssize_t sent = ::send(talk.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        talk.was_reset = talk.was_reset || errno == ECONNRESET;
        const bool by_the_peer = errno == ECONNRESET || errno == EPIPE || errno == ETIMEDOUT;
        talk.send_code = by_the_peer ? 0 : errno;
        return;
    }
    const ByteView rest = bytes.subspan(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
    talk.unsent.assign(rest.begin(), rest.end());
}

void Reactor::listen(std::uint32_t slot, bool to_the_end) {
    const std::uint32_t turn = talks[slot].turn;
    while (is(slot, turn)) {
        Talk& talk = talks[slot];
        const ssize_t size = ::recv(talk.socket, buffer.data(), buffer.size(), 0);
        if (size > 0) {
            const ByteView bytes(buffer.data(), static_cast<std::size_t>(size));
            const Listening more = talk.errand->heard(bytes);
            if (!is(slot, turn)) {
                return;
            }
            if (more == Listening::no_more) {
                end(slot, {});
                return;
            }
            if (more == Listening::shortly) {
                hurry(slot);
            }
            if (!to_the_end && bytes.size() < buffer.size()) {
                return;
            }
        } else if (size == 0) {
            end(slot, {.end = talk.was_reset ? StreamFailure::reset : StreamFailure::closed});
        } else if (errno == ECONNRESET) {
            end(slot, {.end = StreamFailure::reset, .code = ECONNRESET});
        } else if (errno == EAGAIN) {
            return;
        } else if (errno != EINTR) {
            const bool late = errno == ETIMEDOUT; // the kernel gave up resending
            end(slot,
                {.end = late ? StreamFailure::timed_out : StreamFailure::other, .code = errno});
        }
    }
}

void Reactor::hurry(std::uint32_t slot) {
    Talk& talk = talks[slot];
    const TimePoint now = Clock::now();
    if (!talk.hurried && deadlines.of(slot) > now + talk.times.rest) {
        deadlines.set(slot, talk.times.rest, now);
    }
    talk.hurried = true;
}

void Reactor::end(std::uint32_t slot, Parting how) {
    Talk& talk = talks[slot];
    const bool ours = !how.end || how.end == StreamFailure::timed_out ||
                      how.end == StreamFailure::cancelled || how.end == StreamFailure::other;
    if (talk.socket >= 0) {
        if (talk.connected) {
            how.nothing_acknowledged = ours && how.end && nothing_acknowledged(talk.socket);
            const linger abort{.l_onoff = 1, .l_linger = 0};
            ::setsockopt(talk.socket, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
        }
        ::close(talk.socket);
    }
    how.send_code = talk.send_code;
    Errand* const errand = talk.errand;
    deadlines.take_back(slot);
    const std::uint32_t next_turn = talk.turn + 1;
    talk = {};
    talk.turn = next_turn;
    free.push_back(slot);
    --in_flight;
    errand->over(how);
}

} // namespace tlsdoctor::net
