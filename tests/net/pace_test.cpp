// SPDX-License-Identifier: Apache-2.0
#include "net/pace.hpp"

#include <algorithm>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "net/limiter.hpp"

namespace tlsdoctor::net {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

const TimePoint k_some_time{seconds{1'000}};

TEST_CASE("the slots of a pace are one interval apart, and the first is now") {
    Pace pace{100};
    for (int i = 0; i < 5; ++i) {
        CHECK(pace.next(k_some_time) == k_some_time + i * milliseconds{10});
    }
    CHECK(pace.backlog(k_some_time) == milliseconds{50});
    CHECK(pace.backlog(k_some_time + seconds{1}) == Clock::duration::zero());
}

TEST_CASE("a pace makes up for a loop that is a little late, and for no more") {
    Pace pace{1'000};
    pace.next(k_some_time);
    const TimePoint late = k_some_time + milliseconds{6};
    CHECK(pace.next(late) == k_some_time + milliseconds{1});
    const TimePoint much_later = k_some_time + seconds{5};
    CHECK(pace.next(much_later) == much_later);
    CHECK(pace.next(much_later) == much_later + milliseconds{1});
}

TEST_CASE("threads that share a pace never get the same slot") {
    Pace pace{1'000'000};
    constexpr int k_each = 2'000;
    std::vector<TimePoint> slots(2 * k_each);
    const auto take = [&](int from) {
        for (int i = 0; i < k_each; ++i) {
            slots[static_cast<std::size_t>(from + i)] = pace.next(k_some_time);
        }
    };
    std::thread other{take, k_each};
    take(0);
    other.join();
    std::ranges::sort(slots);
    CHECK(std::ranges::adjacent_find(slots) == slots.end());
    CHECK(slots.back() == k_some_time + microseconds{2 * k_each - 1});
}

TEST_CASE("a limiter with a pace lets nobody in before his slot, nor after his deadline") {
    Loop loop;
    Pace pace{200};
    Limiter limiter(loop, 10, nullptr, &pace);
    std::vector<TimePoint> entered;
    const TimePoint begun = Clock::now();
    const auto visitor = [&](TimePoint deadline) -> asio::awaitable<void> {
        const Permit permit = co_await limiter.enter(deadline);
        if (permit) {
            entered.push_back(Clock::now());
        }
    };
    for (int i = 0; i < 3; ++i) {
        loop.spawn(visitor(begun + seconds{60}));
    }
    loop.spawn(visitor(begun + milliseconds{1}));
    loop.run();
    REQUIRE(entered.size() == 3);
    CHECK(entered[2] - entered[0] >= milliseconds{9});
}

TEST_CASE("a limiter inside another one keeps to both, and gives both places back") {
    Loop loop;
    Limiter all(loop, 3);
    Limiter one(loop, 2, &all, nullptr);
    Limiter two(loop, 2, &all, nullptr);
    int inside_one = 0;
    int inside = 0;
    int most_in_one = 0;
    int most = 0;
    const auto visitor = [&](Limiter& limiter, bool first) -> asio::awaitable<void> {
        const TimePoint limit = Clock::now() + seconds{60};
        const Permit permit = co_await limiter.enter(limit);
        REQUIRE(permit);
        inside_one += first ? 1 : 0;
        most = std::max(most, ++inside);
        most_in_one = std::max(most_in_one, inside_one);
        asio::steady_timer timer(loop.context(), Clock::now() + milliseconds(1));
        co_await timer.async_wait(k_as_tuple);
        inside_one -= first ? 1 : 0;
        --inside;
    };
    for (int i = 0; i < 8; ++i) {
        loop.spawn(visitor(one, true));
        loop.spawn(visitor(two, false));
    }
    loop.run();
    CHECK(most == 3);
    CHECK(most_in_one == 2);
}

TEST_CASE("a loop that is held runs what other threads post, until it is released") {
    Loop loop;
    loop.hold();
    int sum = 0;
    std::thread other{[&] {
        for (int i = 1; i <= 100; ++i) {
            loop.post([&sum, i] { sum += i; });
        }
        loop.post([&loop] { loop.release(); });
    }};
    loop.run();
    other.join();
    CHECK(sum == 5050);
}

} // namespace
} // namespace tlsdoctor::net
