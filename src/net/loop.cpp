// SPDX-License-Identifier: Apache-2.0
// The loop and its list of deadlines. The timer is only ever moved forward in time when it fires:
// taking a deadline back, which is what nearly every operation does, costs no more than a node of
// the list.
#include "net/loop.hpp"

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "base/assume.hpp"

namespace tlsdoctor::net {

Loop::Loop() = default;
Loop::~Loop() = default;

void Loop::spawn(asio::awaitable<void> work) {
    ++running_;
    asio::co_spawn(context_, std::move(work), [this](std::exception_ptr error) { ended(error); });
}

void Loop::post(std::move_only_function<void()> work) {
    asio::post(context_, std::move(work));
}

void Loop::hold() {
    ++running_;
    context_.get_executor().on_work_started(); // without work the context returns at once
}

void Loop::release() {
    context_.get_executor().on_work_finished();
    ended(nullptr);
}

void Loop::ended(std::exception_ptr error) {
    if (error) {
        std::string what = "a coroutine was left by an exception of unknown type";
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& e) {
            what = std::string("a coroutine was left by an exception: ") + e.what();
        } catch (...) {
        }
        assume(false, what.c_str());
    }
    --running_;
    if (running_ == 0) {
        context_.stop(); // the timer and the signals would keep it running for ever
    }
}

void Loop::run() {
    if (running_ == 0) {
        return;
    }
    context_.restart();
    context_.run();
}

void Loop::stop() {
    context_.stop();
}

void Loop::on_interrupt(std::function<void()> then) {
    boost::system::error_code
        ignored; // where a signal cannot be caught it does what it always does
    signals_.add(SIGINT, ignored);
    signals_.add(SIGTERM, ignored);
    signals_.async_wait([this, then = std::move(then)](boost::system::error_code error, int) {
        if (error) {
            return;
        }
        boost::system::error_code also_ignored;
        signals_.clear(also_ignored); // the next signal has its default effect again
        then();
    });
}

void Loop::cancel_all() {
    cancelled_ = true;
    std::vector<std::weak_ptr<Waiter>> waiters; // a copy: `cut` may add and take back watches
    waiters.reserve(deadlines_.size());
    for (const auto& [time, waiter] : deadlines_) {
        waiters.push_back(waiter);
    }
    for (const auto& waiter : waiters) {
        if (const auto alive = waiter.lock()) {
            alive->cut(Cut::cancelled);
        }
    }
}

Cut Loop::cut_before(TimePoint deadline) const {
    if (cancelled_) {
        return Cut::cancelled;
    }
    return Clock::now() < deadline ? Cut::none : Cut::deadline;
}

void Loop::arm() {
    if (deadlines_.empty() || deadlines_.begin()->first >= armed_for_) {
        return;
    }
    armed_for_ = deadlines_.begin()->first;
    timer_.expires_at(armed_for_);
    timer_.async_wait([this](boost::system::error_code error) {
        if (error) {
            return; // armed for an earlier time meanwhile
        }
        armed_for_ = TimePoint::max();
        expire();
        arm();
    });
}

void Loop::expire() {
    const TimePoint now = Clock::now();
    while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
        // The Watch owns the entry: it is put off for ever, not erased, and its iterator stays
        // valid.
        auto entry = deadlines_.extract(deadlines_.begin());
        const std::shared_ptr<Waiter> waiter = entry.mapped().lock();
        entry.key() = TimePoint::max();
        deadlines_.insert(std::move(entry));
        if (waiter) {
            waiter->cut(Cut::deadline);
        }
    }
}

Watch::Watch(Loop& loop, TimePoint deadline, std::weak_ptr<Waiter> waiter)
    : loop_(loop), entry_(loop.deadlines_.emplace(deadline, std::move(waiter))) {
    loop_.arm();
}

Watch::~Watch() {
    loop_.deadlines_.erase(entry_);
}

} // namespace tlsdoctor::net
