// SPDX-License-Identifier: Apache-2.0
// Deadlines, interrupts and the end of a run.
#include "net/loop.hpp"

#include <array>
#include <csignal>
#include <vector>

#include <doctest/doctest.h>

#include "net/group.hpp"
#include "net/peers.hpp"

namespace tlsdoctor::net {
namespace {

using namespace std::chrono_literals;
using testing::soon_enough;

struct Recorder final : Waiter {
    Recorder(Loop& on, std::vector<int>& into, int as) : loop(on), order(into), name(as) {}
    void cut(Cut) override {
        order.push_back(name);
        if (order.size() == 3) {
            loop.stop();
        }
    }
    Loop& loop;
    std::vector<int>& order;
    int name;
};

asio::awaitable<void> never(Loop& loop) {
    asio::steady_timer timer(loop.context(), TimePoint::max());
    co_await timer.async_wait(k_as_tuple);
}

TEST_CASE("deadlines come in their order, whatever the order of asking, and taken back ones never"
) {
    Loop loop;
    std::vector<int> order;
    const TimePoint now = Clock::now();
    const auto first = std::make_shared<Recorder>(loop, order, 1);
    const auto second = std::make_shared<Recorder>(loop, order, 2);
    const auto third = std::make_shared<Recorder>(loop, order, 3);
    const auto taken_back = std::make_shared<Recorder>(loop, order, 4);
    auto gone = std::make_shared<Recorder>(loop, order, 5);
    const Watch watch_third(loop, now + 30ms, third);
    const Watch watch_first(loop, now - 1s, first);
    const Watch watch_second(loop, now + 10ms, second);
    const Watch watch_gone(loop, now + 5ms, gone);
    gone.reset();
    {
        const Watch watch(loop, now + 1ms, taken_back);
    }
    loop.spawn(never(loop));
    loop.run();
    CHECK(order == std::vector{1, 2, 3});
}

TEST_CASE("run returns when the last coroutine has ended, and at once where there is none") {
    Loop loop;
    loop.run();
    int ended = 0;
    const auto work = [&]() -> asio::awaitable<void> {
        ++ended;
        co_return;
    };
    loop.on_interrupt([] {}); // a wait that never ends must not hold the loop
    loop.spawn(work());
    loop.spawn(work());
    loop.run();
    CHECK(ended == 2);
    loop.spawn(work());
    loop.run();
    CHECK(ended == 3);
}

TEST_CASE("a loop may be stopped and destroyed while coroutines wait") {
    Loop loop;
    const auto stopper = [&]() -> asio::awaitable<void> {
        loop.stop();
        co_return;
    };
    loop.spawn(never(loop));
    loop.spawn(stopper());
    loop.run();
    CHECK_FALSE(loop.cancelled());
}

TEST_CASE("an interrupt ends every wait at once, and everything that is begun later") {
    Loop loop;
    auto listener = Listener::open(loop);
    REQUIRE(listener.has_value());
    const Address address = listener->address();
    std::vector<std::string> ends;
    const TimePoint limit = soon_enough();
    const auto reader = [&]() -> asio::awaitable<void> {
        auto stream = co_await connect(loop, address, limit);
        REQUIRE(stream.has_value());
        const auto peer = co_await listener->accept();
        REQUIRE(peer.has_value());
        std::array<std::uint8_t, 8> buffer{};
        const std::span<std::uint8_t> room(buffer);
        std::raise(SIGINT);
        const auto got = co_await stream->read_some(room, limit);
        REQUIRE_FALSE(got.has_value());
        ends.emplace_back(name_of(got.error().kind));
        const ByteView hello = as_bytes("hello");
        const auto sent = co_await stream->write_all(hello, limit);
        REQUIRE_FALSE(sent.has_value());
        ends.emplace_back(name_of(sent.error().kind));
        const auto later = co_await connect(loop, address, limit);
        REQUIRE_FALSE(later.has_value());
        ends.emplace_back(name_of(later.error().kind));
        const auto accepted = co_await listener->accept();
        REQUIRE_FALSE(accepted.has_value());
        ends.emplace_back(name_of(accepted.error().kind));
    };
    loop.on_interrupt([&] { loop.cancel_all(); });
    loop.spawn(reader());
    loop.run();
    CHECK(loop.cancelled());
    CHECK(ends == std::vector<std::string>(4, "cancelled"));
}

TEST_CASE("closing a listener ends the wait of accept") {
    Loop loop;
    auto listener = Listener::open(loop);
    REQUIRE(listener.has_value());
    std::string end;
    const auto acceptor = [&]() -> asio::awaitable<void> {
        const auto stream = co_await listener->accept();
        REQUIRE_FALSE(stream.has_value());
        end = name_of(stream.error().kind);
    };
    const auto closer = [&]() -> asio::awaitable<void> {
        listener->close();
        co_return;
    };
    loop.spawn(acceptor());
    loop.spawn(closer());
    loop.run();
    CHECK(end == "cancelled");
}

TEST_CASE("a port that is taken is an error with its number") {
    Loop loop;
    const auto first = Listener::open(loop);
    REQUIRE(first.has_value());
    const auto second = Listener::open(loop, {.port = first->port()});
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == EADDRINUSE);
}

TEST_CASE("a group waits for all of its members") {
    Loop loop;
    int ended = 0;
    int seen = -1;
    const auto member = [&](int turns) -> asio::awaitable<void> {
        asio::steady_timer timer(loop.context(), Clock::now() + milliseconds(turns));
        co_await timer.async_wait(k_as_tuple);
        ++ended;
    };
    const auto leader = [&]() -> asio::awaitable<void> {
        Group group(loop);
        co_await group.wait(); // nobody yet: no wait
        for (int i = 0; i < 20; ++i) {
            group.spawn(member(i % 3));
        }
        co_await group.wait();
        seen = ended;
    };
    loop.spawn(leader());
    loop.run();
    CHECK(seen == 20);
}

} // namespace
} // namespace tlsdoctor::net
