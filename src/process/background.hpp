// SPDX-License-Identifier: Apache-2.0
// A program that goes on until it is stopped: a server on trial. It has a process group of its own,
// and what it says is read all the time, so that it never waits for us.
#pragma once

#include <atomic>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "process/spawn.hpp"
#include "process/tail.hpp"

namespace tlsdoctor::process {

/// A running program; its group ends with this object at the latest.
class Background final {
public:
    /// Starts it; `deadline` of the command means nothing here.
    static std::expected<std::unique_ptr<Background>, std::string> start(const Command& command);

    /// Takes over a child: for `start`.
    Background(Child child, const Command& command);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// Tells whether the program itself has ended.
    bool has_ended() const;

    /// Returns the last bytes of what it said so far.
    std::string output_tail();

    /// Ends it and its group: SIGTERM, and SIGKILL after the command's grace.
    void stop();

private:
    void listen();

    Child child_;
    milliseconds grace_;
    std::mutex guard_{};
    Tail tail_; ///< under `guard_`
    std::atomic<bool> stopped_{};
    bool reaped_{};
    std::thread listener_{};
};

} // namespace tlsdoctor::process
