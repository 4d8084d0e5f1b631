// SPDX-License-Identifier: Apache-2.0
// How long tests wait for a scripted peer, and where it listens.
#pragma once

#include <chrono>
#include <utility>

#include <doctest/doctest.h>

#include "net/listener.hpp"
#include "net/peers.hpp"
#include "probe/patience.hpp"

namespace tlsdoctor::probe::testing {

/// A wait that ends in the test, and one that never does.
inline constexpr std::chrono::milliseconds k_short{80};
inline constexpr std::chrono::milliseconds k_long{30'000};

/// Waits for whatever comes.
inline Patience patient() {
    return {.connect = k_long, .answer = k_long, .deadline = net::testing::soon_enough()};
}

/// Gives up early; the target itself has time.
inline Patience hasty() {
    return {.connect = k_short, .answer = k_short, .deadline = net::testing::soon_enough()};
}

/// Opens a listener on loopback; the test ends where that fails.
inline net::Listener listener_on(net::Loop& loop, net::ListenOptions options = {}) {
    auto listener = net::Listener::open(loop, options);
    REQUIRE_MESSAGE(listener.has_value(), listener.error().text);
    return std::move(*listener);
}

} // namespace tlsdoctor::probe::testing
