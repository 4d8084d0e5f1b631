// SPDX-License-Identifier: Apache-2.0
// A counter and a queue. Who leaves hands the place to the first in the queue itself, so that
// nobody who asks later can slip in between.
#include "net/limiter.hpp"

#include <deque>
#include <utility>

#include "net/event.hpp"

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
    Room(Loop& on, std::size_t places) : loop(on), free(places) {}

    void leave() {
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
    std::deque<std::shared_ptr<Turn>> queue{};
};

namespace {

asio::awaitable<Permit> enter_room(std::shared_ptr<Permit::Room> room, TimePoint deadline) {
    if (room->loop.cut_before(deadline) != Cut::none) {
        co_return Permit();
    }
    if (room->free > 0) {
        --room->free;
        co_return Permit(room);
    }
    const auto turn = std::make_shared<Turn>(room->loop);
    room->queue.push_back(turn);
    const Watch watch(room->loop, deadline, turn);
    co_await turn->event.wait();
    if (!turn->granted) {
        co_return Permit();
    }
    co_return Permit(room);
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

Limiter::Limiter(Loop& loop, std::size_t places)
    : room_(std::make_shared<Permit::Room>(loop, places)) {}

Limiter::~Limiter() = default;

asio::awaitable<Permit> Limiter::enter(TimePoint deadline) {
    return enter_room(room_, deadline);
}

} // namespace tlsdoctor::net
