// SPDX-License-Identifier: Apache-2.0
// A thread with a loop and a lane. The front gives it jobs and gets results back on its own loop;
// nothing else is shared.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>

#include "fleet/lane.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::fleet {

/// Jobs that wait at a worker; more would only be memory.
inline constexpr std::size_t k_jobs_ahead = 64;

/// Visits jobs on a thread of its own. All members are the front's, on its thread.
class Worker final {
public:
    /// What the front hears, on its own loop.
    struct Hooks {
        std::function<void(std::uint64_t id, Judged)> on_result{};
        std::function<void()> on_hungry{}; ///< few jobs are left that have not begun
    };

    /// Starts the thread. `settings` and `front` must outlive the worker; the hooks are called
    /// while `front` runs.
    Worker(const LaneSettings& settings, net::Loop& front, Hooks hooks);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Tells whether another job may be given.
    bool has_room() const { return waiting_ < k_jobs_ahead; }

    /// Gives it a job.
    void give(std::uint64_t id, Job job);

    /// Lets it look again whether more may begin; time alone may have made room.
    void nudge();

    /// Cuts everything that is under way.
    void cancel();

private:
    struct Waiting {
        std::uint64_t id{};
        Job job{};
    };

    void run();
    void pump();

    const LaneSettings& settings_;
    net::Loop& front_;
    Hooks hooks_;
    net::Loop loop_{};
    std::atomic<std::size_t> waiting_{}; ///< given, and not begun
    std::deque<Waiting> jobs_{};         ///< the thread's own
    std::unique_ptr<Lane> lane_{};       ///< the thread's own
    std::atomic<bool> told_{};           ///< the front knows that we are hungry
    std::thread thread_{};
};

} // namespace tlsdoctor::fleet
