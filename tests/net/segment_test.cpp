// SPDX-License-Identifier: Apache-2.0
// What the kernel does with the segments of a connection, seen from a peer's own socket: their size
// as `connect` bounds it, and whether any of them was acknowledged.
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "net/pause.hpp"
#include "net/peers.hpp"

namespace tlsdoctor::net {
namespace {

using testing::shortly;
using testing::soon_enough;

/// A descriptor that is closed at the end.
class Descriptor final {
public:
    explicit Descriptor(int number) : number_(number) { REQUIRE(number >= 0); }
    ~Descriptor() { ::close(number_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }

private:
    int number_;
};

/// Listens on a port of 127.0.0.1; returns the address.
Address listen_on(const Descriptor& socket) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    // The interface of sockets is made of such casts.
    auto* const generic = reinterpret_cast<sockaddr*>(&where);
    REQUIRE(::bind(socket.number(), generic, size) == 0);
    REQUIRE(::listen(socket.number(), 1) == 0);
    REQUIRE(::getsockname(socket.number(), generic, &size) == 0);
    return {.text = "127.0.0.1", .port = ntohs(where.sin_port)};
}

/// Returns the size of the largest segment that this side may send.
int largest_to_send(const Descriptor& socket) {
    int bytes = 0;
    socklen_t size = sizeof bytes;
    REQUIRE(::getsockopt(socket.number(), IPPROTO_TCP, TCP_MAXSEG, &bytes, &size) == 0);
    return bytes;
}

/// Returns the size of the segments that came, as the kernel estimates it.
unsigned size_received(const Descriptor& socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    REQUIRE(::getsockopt(socket.number(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0);
    return info.tcpi_rcv_mss;
}

/// From now on whatever arrives here is lost, as on a path that drops it.
void lose_all(const Descriptor& socket) {
    sock_filter drop{.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = 0};
    const sock_fprog program{.len = 1, .filter = &drop};
    const int done =
        ::setsockopt(socket.number(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
    REQUIRE(done == 0);
}

/// What the peer saw of 20,000 bytes.
struct Seen {
    int largest_to_send{};
    unsigned size_received{};
};

Seen seen_by_peer(std::uint16_t max_segment) {
    const Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
    const Address address = listen_on(listener);
    Loop loop;
    Seen seen;
    const std::string much(20'000, 'x');
    const auto client = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        auto stream = co_await connect(loop, address, limit, max_segment);
        REQUIRE(stream.has_value());
        const Descriptor peer(::accept(listener.number(), nullptr, nullptr));
        seen.largest_to_send = largest_to_send(peer);
        const ByteView bytes = as_bytes(much);
        const auto sent = co_await stream->write_all(bytes, limit);
        CHECK(sent.has_value());
        std::string got(much.size(), '\0');
        const ssize_t count = ::recv(peer.number(), got.data(), got.size(), MSG_WAITALL);
        CHECK(count == static_cast<ssize_t>(much.size()));
        seen.size_received = size_received(peer);
    };
    loop.spawn(client());
    loop.run();
    return seen;
}

/// Whether `hello` is acknowledged by a peer that loses what comes, or not.
bool nothing_acknowledged(bool lost) {
    const Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
    const Address address = listen_on(listener);
    Loop loop;
    bool result = false;
    const auto client = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        auto stream = co_await connect(loop, address, limit);
        REQUIRE(stream.has_value());
        const Descriptor peer(::accept(listener.number(), nullptr, nullptr));
        if (lost) {
            lose_all(peer);
        }
        CHECK_FALSE(stream->nothing_acknowledged()); // nothing was sent
        const ByteView hello = as_bytes("hello");
        const auto sent = co_await stream->write_all(hello, limit);
        CHECK(sent.has_value());
        const TimePoint until = shortly();
        co_await pause(loop, until);
        result = stream->nothing_acknowledged();
        stream->abort();
    };
    loop.spawn(client());
    loop.run();
    return result;
}

} // namespace

TEST_CASE("a bound on segments holds in both directions, and without it they are large") {
    const Seen small = seen_by_peer(536);
    CHECK(small.largest_to_send <= 536);
    CHECK(small.largest_to_send > 400);
    CHECK(small.size_received <= 536);
    const Seen large = seen_by_peer(0);
    CHECK(large.largest_to_send > 1'400);
    CHECK(large.size_received > 536);
}

TEST_CASE("bytes that were lost on the way are told from those that arrived") {
    CHECK(nothing_acknowledged(true));
    CHECK_FALSE(nothing_acknowledged(false));
}

} // namespace tlsdoctor::net
