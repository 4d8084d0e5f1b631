// SPDX-License-Identifier: Apache-2.0
// At most so many at once, in the order of asking; who gives up takes nobody's place.
#include "net/limiter.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <doctest/doctest.h>

#include "net/peers.hpp"

namespace tlsdoctor::net {
namespace {

using testing::shortly;
using testing::soon_enough;

TEST_CASE("no more than the limit are inside, and they enter in the order of asking") {
    Loop loop;
    Limiter limiter(loop, 3);
    int inside = 0;
    int most = 0;
    std::vector<int> order;
    const auto visitor = [&](int name) -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        const Permit permit = co_await limiter.enter(limit);
        REQUIRE(permit);
        order.push_back(name);
        ++inside;
        most = std::max(most, inside);
        asio::steady_timer timer(loop.context(), Clock::now() + milliseconds(1));
        co_await timer.async_wait(k_as_tuple);
        --inside;
    };
    for (int i = 0; i < 20; ++i) {
        loop.spawn(visitor(i));
    }
    loop.run();
    CHECK(most == 3);
    CHECK(order.size() == 20);
    CHECK(std::ranges::is_sorted(order));
}

TEST_CASE("who waits past the deadline gets no permit and takes no place") {
    Loop loop;
    Limiter limiter(loop, 1);
    bool late_entered = true;
    bool next_entered = false;
    const auto visitor = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        Permit permit = co_await limiter.enter(limit);
        REQUIRE(permit);
        const TimePoint soon = shortly();
        const Permit late = co_await limiter.enter(soon);
        late_entered = static_cast<bool>(late);
        permit = Permit();
        const Permit next = co_await limiter.enter(limit);
        next_entered = static_cast<bool>(next);
    };
    loop.spawn(visitor());
    loop.run();
    CHECK_FALSE(late_entered);
    CHECK(next_entered);
}

TEST_CASE("an interrupt sends all who wait away without a permit") {
    Loop loop;
    Limiter limiter(loop, 1);
    std::vector<bool> entered;
    const auto visitor = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        const Permit permit = co_await limiter.enter(limit);
        entered.push_back(static_cast<bool>(permit));
        loop.cancel_all();
        const Permit another = co_await limiter.enter(limit);
        CHECK_FALSE(another);
    };
    loop.spawn(visitor());
    loop.spawn(visitor());
    loop.run();
    CHECK(entered == std::vector{true, false});
}

TEST_CASE("a permit may outlive its limiter") {
    Loop loop;
    std::optional<Limiter> limiter(std::in_place, loop, std::size_t{1});
    const auto visitor = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        const Permit permit = co_await limiter->enter(limit);
        limiter.reset();
        CHECK(permit);
    };
    loop.spawn(visitor());
    loop.run();
}

} // namespace
} // namespace tlsdoctor::net
