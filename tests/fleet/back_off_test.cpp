// SPDX-License-Identifier: Apache-2.0
#include "fleet/back_off.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::fleet {
namespace {

using std::chrono::seconds;

const TimePoint k_begin{seconds{1'000}};
const char* const k_network = "192.0.2.0";

void answer(BackOff& back_off, int times) {
    for (int i = 0; i < times; ++i) {
        CHECK_FALSE(back_off.note(k_network, Sign::answered, k_begin));
    }
}

/// Notes failures until there is a pause; returns how many it took, 0 for never.
int failures_until_pause(BackOff& back_off, TimePoint now) {
    for (int i = 1; i <= 1'000; ++i) {
        back_off.note(k_network, Sign::failed, now);
        if (back_off.pauses() > 0) {
            return i;
        }
    }
    return 0;
}

TEST_CASE("who never answered is not waited for") {
    BackOff back_off;
    CHECK(failures_until_pause(back_off, k_begin) == 0);
    CHECK(back_off.pauses() == 0);
    CHECK(back_off.not_before(k_network) <= k_begin);
    CHECK_FALSE(back_off.is_wary("somebody else"));
}

TEST_CASE("the better a network answered, the sooner its silence is odd") {
    struct Case {
        int answered;
        int failed_between; ///< failures before each answer
        int least;
        int most;
    };
    const Case cases[] = {
        {1'000, 0, 3, 3}, {100, 0, 3, 3},  {10, 0, 5, 5},
        {1, 0, 14, 14},   {20, 1, 12, 18}, {20, 9, 80, 110},
    };
    for (const Case& c : cases) {
        CAPTURE(c.answered);
        BackOff back_off;
        for (int i = 0; i < c.answered; ++i) {
            for (int j = 0; j < c.failed_between; ++j) {
                CHECK_FALSE(back_off.note(k_network, Sign::failed, k_begin));
            }
            answer(back_off, 1);
        }
        const int run = failures_until_pause(back_off, k_begin);
        CHECK(run >= c.least);
        CHECK(run <= c.most);
        CHECK(back_off.is_wary(k_network));
    }
}

TEST_CASE("pauses grow while nothing answers, and end with an answer") {
    BackOff back_off;
    answer(back_off, 100);
    failures_until_pause(back_off, k_begin);
    CHECK(back_off.not_before(k_network) == k_begin + seconds{2});
    CHECK(back_off.note(k_network, Sign::failed, k_begin + seconds{1}));
    CHECK(back_off.not_before(k_network) == k_begin + seconds{2}); // it was under way
    TimePoint now = k_begin + seconds{2};
    for (const int pause : {4, 8, 16}) {
        CHECK(back_off.note(k_network, Sign::failed, now));
        CHECK(back_off.not_before(k_network) == now + seconds{pause});
        now += seconds{pause};
    }
    CHECK(back_off.pauses() == 4);
    SUBCASE("an answer") {
        answer(back_off, 1);
        CHECK_FALSE(back_off.is_wary(k_network));
        CHECK(back_off.not_before(k_network) <= now);
    }
    SUBCASE("no answer: it is usual there from now on") {
        CHECK_FALSE(back_off.note(k_network, Sign::failed, now));
        CHECK_FALSE(back_off.is_wary(k_network));
        CHECK(back_off.not_before(k_network) <= now);
    }
}

TEST_CASE("where nearly everybody answers, each failure is asked again") {
    BackOff back_off;
    answer(back_off, 5);
    CHECK_FALSE(back_off.note(k_network, Sign::failed, k_begin));
    answer(back_off, 100);
    CHECK(back_off.note(k_network, Sign::failed, k_begin));
    CHECK(back_off.pauses() == 0);
    CHECK(back_off.not_before(k_network) <= k_begin);
}

TEST_CASE("a million networks do not fill the memory") {
    BackOff back_off;
    for (int i = 0; i < 200'000; ++i) {
        back_off.note(std::to_string(i), Sign::answered, k_begin);
    }
    CHECK(back_off.pauses() == 0);
}

} // namespace
} // namespace tlsdoctor::fleet
