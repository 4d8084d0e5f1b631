// SPDX-License-Identifier: Apache-2.0
// A queue between two threads.
#include "fleet/reading.hpp"

#include <utility>

namespace tlsdoctor::fleet {

namespace {

constexpr std::size_t k_most_ahead = 1'024;

} // namespace

Reading::Reading(TargetSource& source, net::Loop& front, std::function<void()> on_more)
    : source_{source}, front_{front}, on_more_{std::move(on_more)}, thread_{[this] {
          run();
      }} {}

Reading::~Reading() {
    {
        const std::lock_guard lock{mutex_};
        stopped_ = true;
    }
    source_.stop();
    room_.notify_all();
    thread_.join();
}

void Reading::tell() {
    if (std::exchange(starved_, false)) {
        front_.post([this] { on_more_(); });
    }
}

void Reading::run() {
    for (;;) {
        auto item = source_.next();
        std::unique_lock lock{mutex_};
        if (!item) {
            read_ = true;
            starved_ = true;
            tell();
            return;
        }
        room_.wait(lock, [this] { return stopped_ || ahead_.size() < k_most_ahead; });
        if (stopped_) {
            return;
        }
        ahead_.push_back(std::move(*item));
        tell();
    }
}

std::optional<TargetSource::Item> Reading::take() {
    const std::lock_guard lock{mutex_};
    if (ahead_.empty()) {
        starved_ = true;
        return std::nullopt;
    }
    auto item = std::move(ahead_.front());
    ahead_.pop_front();
    if (ahead_.size() == k_most_ahead / 2) {
        room_.notify_all();
    }
    return item;
}

bool Reading::ended() {
    const std::lock_guard lock{mutex_};
    return read_ && ahead_.empty();
}

} // namespace tlsdoctor::fleet
