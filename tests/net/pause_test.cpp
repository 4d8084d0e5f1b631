// SPDX-License-Identifier: Apache-2.0
// A wait for nothing but time.
#include "net/pause.hpp"

#include <doctest/doctest.h>

#include "net/group.hpp"
#include "net/peers.hpp"

namespace tlsdoctor::net {
namespace {

using namespace std::chrono_literals;
using testing::shortly;
using testing::soon_enough;

} // namespace

TEST_CASE("a pause ends when its time comes, and not before") {
    Loop loop;
    const TimePoint until = shortly();
    TimePoint ended{};
    const auto waits = [&]() -> asio::awaitable<void> {
        co_await pause(loop, until);
        ended = Clock::now();
    };
    loop.spawn(waits());
    loop.run();
    CHECK(ended >= until);
    CHECK(ended < until + 10s);
}

TEST_CASE("a time that has passed is not waited for") {
    Loop loop;
    bool ended = false;
    const auto waits = [&]() -> asio::awaitable<void> {
        const TimePoint past = Clock::now() - 1s;
        co_await pause(loop, past);
        ended = true;
    };
    loop.spawn(waits());
    loop.run();
    CHECK(ended);
}

TEST_CASE("a pause ends when the run is cancelled, and none begins after that") {
    Loop loop;
    const TimePoint begun = Clock::now();
    int ended = 0;
    const auto waits = [&]() -> asio::awaitable<void> {
        const TimePoint late = soon_enough();
        co_await pause(loop, late);
        ++ended;
        co_await pause(loop, late);
        ++ended;
    };
    const auto cancels = [&]() -> asio::awaitable<void> {
        const TimePoint soon = shortly();
        co_await pause(loop, soon);
        loop.cancel_all();
    };
    loop.spawn(waits());
    loop.spawn(cancels());
    loop.run();
    CHECK(ended == 2);
    CHECK(Clock::now() - begun < 20s);
}

TEST_CASE("pauses of different length end in the order of their times") {
    Loop loop;
    const TimePoint first = shortly();
    std::vector<int> order;
    const auto waits = [&](int number) -> asio::awaitable<void> {
        const TimePoint until = first + number * 5ms;
        co_await pause(loop, until);
        order.push_back(number);
    };
    loop.spawn(waits(2));
    loop.spawn(waits(0));
    loop.spawn(waits(1));
    loop.run();
    CHECK(order == std::vector{0, 1, 2});
}

} // namespace tlsdoctor::net
