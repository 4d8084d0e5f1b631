// SPDX-License-Identifier: Apache-2.0
// Walks a client: runs a command against one server after the other and writes down which it
// accepts, and what it says about each failure. Bounded in time, and ended by an interruption.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "evidence/walk.hpp"
#include "process/interruption.hpp"
#include "process/run.hpp"

namespace tlsdoctor::walk {

/// What to walk and how.
struct WalkOptions {
    /// Returns the command for a port of localhost, with its own environment.
    std::function<process::Command(std::uint16_t port)> command{};
    std::vector<evidence::WalkGroup> groups{}; ///< what is tried; empty: everything
    milliseconds run_deadline{10'000};         ///< of one run
    milliseconds deadline{180'000};            ///< of the whole walk
    std::size_t at_once{2};                    ///< runs at the same time
    /// Hears one line about each run, on any thread but one at a time; may be empty.
    std::function<void(const std::string&)> on_progress{};
};

/// Walks. The error says why it could not begin.
std::expected<evidence::Walk, std::string>
walk(const WalkOptions& options, const process::Interruption* interruption);

} // namespace tlsdoctor::walk
