// SPDX-License-Identifier: Apache-2.0
// A counter and a queue. Who leaves hands the place to the first in the queue itself, so that
// nobody who asks later can slip in between.
#include "net/limiter.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "net/event.hpp"
#include "net/pause.hpp"

namespace tlsdoctor::net {
namespace {

struct Turn final : Waiter {
    explicit Turn(Loop& loop) : event(loop) {}

    void cut(Cut) override {
        gave_up = !granted;
        event.set();
    }

    Event event;
    bool granted{};
    bool gave_up{};
};

} // namespace

struct Permit::Room {
    Room(Loop& on, std::size_t places, std::shared_ptr<Room> around, Pace* with)
        : loop(on), free(places), outer(std::move(around)), pace(with) {}

    /// Gives the place back, and the ones around it.
    void leave() {
        if (outer) {
            outer->leave();
        }
        leave_alone();
    }

    void leave_alone() {
        while (!queue.empty()) {
            const std::shared_ptr<Turn> next = queue.front();
            queue.pop_front();
            if (!next->gave_up) {
                next->granted = true;
                next->event.set();
                return;
            }
        }
        ++free;
    }

    Loop& loop;
    std::size_t free;
    std::shared_ptr<Room> outer;
    Pace* pace;
    std::deque<std::shared_ptr<Turn>> queue{};
};

namespace {

using RoomPtr = std::shared_ptr<Permit::Room>;

/// Waits for a place of this room alone.
asio::awaitable<bool> enter_alone(RoomPtr room, TimePoint deadline) {
    if (room->loop.cut_before(deadline) != Cut::none) {
        co_return false;
    }
    if (room->free > 0) {
        --room->free;
        co_return true;
    }
    const auto turn = std::make_shared<Turn>(room->loop);
    room->queue.push_back(turn);
    const Watch watch(room->loop, deadline, turn);
    co_await turn->event.wait();
    co_return turn->granted;
}

/// Waits for a place here and in every room around it.
asio::awaitable<bool> enter_all(RoomPtr room, TimePoint deadline) {
    const bool entered = co_await enter_alone(room, deadline);
    if (!entered || !room->outer) {
        co_return entered;
    }
    const RoomPtr outer = room->outer;
    const bool entered_outer = co_await enter_all(outer, deadline);
    if (!entered_outer) {
        room->leave_alone();
    }
    co_return entered_outer;
}

asio::awaitable<Permit> enter_room(RoomPtr room, TimePoint deadline) {
    const bool entered = co_await enter_all(room, deadline);
    if (!entered) {
        co_return Permit();
    }
    Permit permit(room);
    if (room->pace != nullptr) {
        // A slot that comes too late is lost: it is nobody else's now.
        const TimePoint slot = room->pace->next(Clock::now());
        const TimePoint until = std::min(slot, deadline);
        co_await pause(room->loop, until);
        if (slot > deadline || room->loop.cancelled()) {
            co_return Permit();
        }
    }
    co_return permit;
}

} // namespace

Permit::Permit(std::shared_ptr<Room> room) : room_(std::move(room)) {}

Permit::~Permit() {
    if (room_) {
        room_->leave();
    }
}

Permit& Permit::operator=(Permit&& other) noexcept {
    Permit old(std::move(other));
    std::swap(room_, old.room_);
    return *this;
}

Limiter::Limiter(Loop& loop, std::size_t places) : Limiter(loop, places, nullptr, nullptr) {}

Limiter::Limiter(Loop& loop, std::size_t places, const Limiter* outer, Pace* pace)
    : room_(std::make_shared<Permit::Room>(loop, places, outer ? outer->room_ : nullptr, pace)) {}

Limiter::~Limiter() = default;

asio::awaitable<Permit> Limiter::enter(TimePoint deadline) {
    return enter_room(room_, deadline);
}

} // namespace tlsdoctor::net
