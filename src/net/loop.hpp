// SPDX-License-Identifier: Apache-2.0
// The event loop: one thread, one io_context, and one ordered list of deadlines for all
// connections, served by one timer (a timer for each operation costs more than the operation). What
// waits is held weakly: a deadline may come after its coroutine has ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/clock.hpp"
#include "net/awaitable.hpp"

namespace tlsdoctor::net {

/// Why an operation was ended from our side.
enum class Cut : std::uint8_t {
    none,
    deadline,  ///< its time is over
    cancelled, ///< `Loop::cancel_all`: the user interrupts, or the caller has no time left
};

/// What can be waiting when its deadline comes.
class Waiter {
public:
    Waiter() = default;
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    virtual ~Waiter() = default;

    /// Ends the wait. Called by the loop, never from inside `Watch`; must not throw.
    virtual void cut(Cut why) = 0;
};

/// Runs coroutines on the calling thread. Outlives everything that is made with it, Resolver,
/// Stream, Listener and Limiter included.
class Loop final {
public:
    /// Throws std::system_error where the process has no descriptor left for epoll: the only
    /// exception that leaves this module.
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Returns Asio's loop, for what this module does not wrap.
    asio::io_context& context() { return context_; }

    /// Starts a coroutine at the next turn of the loop. An exception that leaves it is a bug of
    /// ours and ends the process (`assume`).
    void spawn(asio::awaitable<void> work);

    /// Runs `work` at a later turn of the loop; may be called from any thread, and nothing else
    /// may. Does not keep the loop running.
    void post(std::move_only_function<void()> work);

    /// Keeps `run` from returning until `release`, which is called on the loop's own thread.
    void hold();
    void release();

    /// Runs until every spawned coroutine has ended, or `stop` was called. May be called again.
    void run();

    /// Makes `run` return at once; coroutines that wait are never resumed unless `run` is called
    /// again.
    void stop();

    /// Calls `then` at the first SIGINT or SIGTERM while the loop runs. A second signal ends the
    /// process as if we had never asked: what hangs can always be killed.
    void on_interrupt(std::function<void()> then);

    /// Ends all operations under way, and all later ones at once, as `Cut::cancelled`.
    void cancel_all();

    /// Tells whether `cancel_all` was called.
    bool cancelled() const { return cancelled_; }

    /// Says why an operation with this deadline need not begin; `none` where it may.
    Cut cut_before(TimePoint deadline) const;

private:
    friend class Watch;
    using Deadlines = std::multimap<TimePoint, std::weak_ptr<Waiter>>;

    void arm();
    void expire();
    void ended(std::exception_ptr error);

    // The order matters: frames of unfinished coroutines die with context_ and still touch
    // deadlines_.
    Deadlines deadlines_{};
    asio::io_context context_{1};
    asio::steady_timer timer_{context_};
    asio::signal_set signals_{context_};
    TimePoint armed_for_{TimePoint::max()};
    std::size_t running_{};
    bool cancelled_{};
};

/// Holds a waiter to a deadline (`TimePoint::max()`: only to `cancel_all`) for as long as this
/// object lives.
class Watch final {
public:
    Watch(Loop& loop, TimePoint deadline, std::weak_ptr<Waiter> waiter);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

private:
    friend class Loop;
    Loop& loop_;
    Loop::Deadlines::iterator entry_;
};

} // namespace tlsdoctor::net
