// SPDX-License-Identifier: Apache-2.0
// What a run is about: the targets of the command line and of its lists, or the visits of a
// recording.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.hpp"
#include "cli/usage_error.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::cli {

/// The targets of a run.
struct Sources {
    std::vector<evidence::Target> targets{};
    std::vector<std::string> complaints{}; ///< `list.txt:3: ...`, a line each that was left out
};

/// Reads the lists. A file that cannot be read, or no target at all, is an error.
std::expected<Sources, UsageError> gather(const Options& options);

/// Reads a recording: one document, or JSON Lines. `name` is for messages.
std::expected<std::vector<evidence::Visit>, UsageError>
read_recording(std::string_view text, std::string_view name);

} // namespace tlsdoctor::cli
