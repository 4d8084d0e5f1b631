// SPDX-License-Identifier: Apache-2.0
// A flag that one coroutine waits for and ordinary code sets; private to this module. It is a timer
// that never expires, so that the frame that waits belongs to the loop and dies with it.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "net/awaitable.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::net {

/// Set once or again and again; at most one coroutine waits for it at a time.
class Event final {
public:
    explicit Event(Loop& loop) : timer_(loop.context(), asio::steady_timer::time_point::max()) {}

    /// Returns once `set` was called since the last wait; the event must outlive the wait.
    asio::awaitable<void> wait() {
        while (!set_) {
            co_await timer_.async_wait(k_as_tuple);
        }
        set_ = false;
    }

    /// Lets the wait return, now or when it begins. Never resumes the coroutine from inside.
    void set() {
        set_ = true;
        timer_.cancel();
    }

private:
    asio::steady_timer timer_;
    bool set_{};
};

} // namespace tlsdoctor::net
