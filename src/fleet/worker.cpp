// SPDX-License-Identifier: Apache-2.0
// Everything crosses the threads by `Loop::post`.
#include "fleet/worker.hpp"

#include <utility>

namespace tlsdoctor::fleet {

Worker::Worker(const LaneSettings& settings, net::Loop& front, Hooks hooks)
    : settings_{settings}, front_{front}, hooks_{std::move(hooks)} {
    loop_.hold();
    thread_ = std::thread([this] { run(); });
}

Worker::~Worker() {
    loop_.post([this] { loop_.release(); });
    thread_.join();
}

void Worker::run() {
    lane_ = make_lane(loop_, settings_);
    loop_.run();
    jobs_.clear();
    lane_.reset();
}

void Worker::give(std::uint64_t id, Job job) {
    if (++waiting_ >= k_jobs_ahead / 2) {
        told_ = false; // the front filled it up, and has stopped or will
    }
    loop_.post([this, id, job = std::move(job)]() mutable {
        jobs_.push_back({.id = id, .job = std::move(job)});
        pump();
    });
}

void Worker::nudge() {
    if (waiting_ > 0) {
        loop_.post([this] { pump(); });
    }
}

void Worker::cancel() {
    loop_.post([this] {
        jobs_.clear();
        loop_.cancel_all();
    });
}

void Worker::pump() {
    while (!jobs_.empty() && lane_->has_room()) {
        Waiting next = std::move(jobs_.front());
        jobs_.pop_front();
        --waiting_;
        lane_->begin(std::move(next.job), [this, id = next.id](Judged result) mutable {
            front_.post([this, id, result = std::move(result)]() mutable {
                hooks_.on_result(id, std::move(result));
            });
            // Not from inside the lane: it may not have noticed yet that it has room.
            loop_.post([this] { pump(); });
        });
    }
    if (waiting_ < k_jobs_ahead / 2 && !told_.exchange(true)) {
        front_.post([this] { hooks_.on_hungry(); });
    }
}

} // namespace tlsdoctor::fleet
