// SPDX-License-Identifier: Apache-2.0
// The timer never fires by itself: the loop's own list of deadlines ends the wait, as it ends all
// others.
#include "net/pause.hpp"

#include <memory>

#include <boost/asio/steady_timer.hpp>

namespace tlsdoctor::net {

namespace {

struct Pause final : Waiter {
    explicit Pause(Loop& on) : timer(on.context()) { timer.expires_at(TimePoint::max()); }

    void cut(Cut) override { timer.cancel(); }

    asio::steady_timer timer;
};

} // namespace

asio::awaitable<void> pause(Loop& loop, TimePoint until) {
    if (loop.cut_before(until) != Cut::none) {
        co_return;
    }
    const auto waiting = std::make_shared<Pause>(loop);
    const Watch watch(loop, until, waiting);
    co_await waiting->timer.async_wait(k_as_tuple);
}

} // namespace tlsdoctor::net
