// SPDX-License-Identifier: Apache-2.0
// The thread that reads the lists: a list may come from a slow program, and results must not wait
// for it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "fleet/target_source.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::fleet {

/// Reads a source ahead, by a bounded number of targets.
class Reading final {
public:
    /// Starts to read. `on_more` is called on `front` where there is something to take again, and
    /// at the end; it must outlive the reading.
    Reading(TargetSource& source, net::Loop& front, std::function<void()> on_more);

    /// Stops the source and waits for the thread.
    ~Reading();
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    /// Returns what was read next; nullopt where nothing is there at the moment.
    std::optional<TargetSource::Item> take();

    /// Tells whether everything was read and taken.
    bool ended();

private:
    void run();
    void tell();

    TargetSource& source_;
    net::Loop& front_;
    std::function<void()> on_more_;
    std::mutex mutex_{};
    std::condition_variable room_{};
    std::deque<TargetSource::Item> ahead_{};
    bool starved_{true}; ///< the front took the last one, and is to be told of the next
    bool stopped_{};
    bool read_{}; ///< the source has ended
    std::thread thread_{};
};

} // namespace tlsdoctor::fleet
