// SPDX-License-Identifier: Apache-2.0
// A counter of members and an event for the last one.
#include "net/group.hpp"

#include <cstddef>
#include <utility>

#include "net/event.hpp"

namespace tlsdoctor::net {

struct Group::State {
    explicit State(Loop& on) : loop(on), ended(on) {}

    static asio::awaitable<void> member(std::shared_ptr<State> state, asio::awaitable<void> work) {
        co_await std::move(work);
        --state->running;
        state->ended.set();
    }

    static asio::awaitable<void> all(std::shared_ptr<State> state) {
        while (state->running > 0) {
            co_await state->ended.wait();
        }
    }

    Loop& loop;
    Event ended;
    std::size_t running{};
};

Group::Group(Loop& loop) : state_(std::make_shared<State>(loop)) {}

Group::~Group() = default;

void Group::spawn(asio::awaitable<void> work) {
    ++state_->running;
    state_->loop.spawn(State::member(state_, std::move(work)));
}

asio::awaitable<void> Group::wait() {
    return State::all(state_);
}

} // namespace tlsdoctor::net
