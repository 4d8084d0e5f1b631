// SPDX-License-Identifier: Apache-2.0
#include "net/deadlines.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::net {

TEST_CASE("deadlines come in their order, over all lengths, and those taken back never") {
    using namespace std::chrono_literals;
    Deadlines deadlines;
    deadlines.grow(4);
    const TimePoint begun{};
    CHECK(deadlines.earliest() == TimePoint::max());
    CHECK(deadlines.due(TimePoint::max()) == UINT32_MAX);
    deadlines.set(0, 100ms, begun);
    deadlines.set(1, 100ms, begun + 1ms);
    deadlines.set(2, 50ms, begun + 2ms);
    deadlines.set(3, 100ms, begun + 3ms);
    CHECK(deadlines.earliest() == begun + 52ms);
    CHECK(deadlines.due(begun + 51ms) == UINT32_MAX);
    CHECK(deadlines.due(begun + 52ms) == 2);
    deadlines.take_back(2);
    CHECK(deadlines.of(2) == TimePoint::max());
    CHECK(deadlines.earliest() == begun + 100ms);
    deadlines.take_back(1); // in the middle of its list
    deadlines.take_back(1); // once more
    CHECK(deadlines.due(begun + 200ms) == 0);
    deadlines.set(0, 50ms, begun + 10ms); // a new one takes the place of the old
    CHECK(deadlines.due(begun + 60ms) == 0);
    deadlines.take_back(0);
    CHECK(deadlines.due(begun + 103ms) == 3);
    deadlines.take_back(3);
    CHECK(deadlines.earliest() == TimePoint::max());
}

} // namespace tlsdoctor::net
