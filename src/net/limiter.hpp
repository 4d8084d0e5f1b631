// SPDX-License-Identifier: Apache-2.0
// How many may do something at once: at most 16 connections to a host, and a bound on all together,
// so that a check is no burden to a server and does not run out of descriptors.
#pragma once

#include <cstddef>
#include <memory>

#include "base/clock.hpp"
#include "net/awaitable.hpp"
#include "net/loop.hpp"
#include "net/pace.hpp"

namespace tlsdoctor::net {

/// A place inside a Limiter; leaving is its destruction.
class Permit final {
public:
    struct Room; // the limiter's state, shared: a permit may outlive its limiter

    /// Makes a permit that permits nothing.
    Permit() = default;
    explicit Permit(std::shared_ptr<Room> room);
    ~Permit();
    Permit(Permit&& other) noexcept = default;
    Permit& operator=(Permit&& other) noexcept;
    Permit(const Permit&) = delete;
    Permit& operator=(const Permit&) = delete;

    /// Tells whether there is a place; false where the deadline or `Loop::cancel_all` came first.
    explicit operator bool() const { return room_ != nullptr; }

private:
    std::shared_ptr<Room> room_{};
};

/// Lets at most `places` in at once, in the order of asking.
class Limiter final {
public:
    Limiter(Loop& loop, std::size_t places);

    /// Whoever has a place here also needs one in `outer`, and then waits for a slot of `pace`.
    /// Either may be null; `pace` must outlive the loop's work.
    Limiter(Loop& loop, std::size_t places, const Limiter* outer, Pace* pace);
    ~Limiter();
    Limiter(const Limiter&) = delete;
    Limiter& operator=(const Limiter&) = delete;

    /// Waits for a place until `deadline`, and for the slot of the pace.
    asio::awaitable<Permit> enter(TimePoint deadline);

private:
    std::shared_ptr<Permit::Room> room_;
};

} // namespace tlsdoctor::net
