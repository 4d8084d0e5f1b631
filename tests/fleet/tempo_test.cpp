// SPDX-License-Identifier: Apache-2.0
#include "fleet/tempo.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::fleet {
namespace {

TEST_CASE("a punctual loop gets more visits while it is full, a late one fewer") {
    Tempo tempo{128};
    CHECK(tempo.limit() == 16);
    tempo.note(milliseconds{1}, false);
    CHECK(tempo.limit() == 16);
    for (int i = 0; i < 1'000; ++i) {
        tempo.note(milliseconds{1}, true);
    }
    CHECK(tempo.limit() == 128);
    tempo.note(milliseconds{50}, true);
    CHECK(tempo.limit() == 128);
    tempo.note(milliseconds{500}, true);
    CHECK(tempo.limit() == 96);
    for (int i = 0; i < 1'000; ++i) {
        tempo.note(milliseconds{500}, true);
    }
    CHECK(tempo.limit() == 4);
}

TEST_CASE("a small budget is the limit whatever the loop does") {
    Tempo tempo{2};
    CHECK(tempo.limit() == 2);
    tempo.note(milliseconds{500}, true);
    CHECK(tempo.limit() == 2);
    tempo.note(milliseconds{1}, true);
    CHECK(tempo.limit() == 2);
}

} // namespace
} // namespace tlsdoctor::fleet
