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
#include "fleet/entry.hpp"

namespace tlsdoctor::cli {

/// The targets of a run.
struct Sources {
    std::vector<evidence::Target> targets{};
    std::vector<std::string> complaints{}; ///< `list.txt:3: ...`, a line each that was left out
};

/// More targets than these are a fleet, and `scan` keeps none of them in memory.
inline constexpr std::size_t k_most_targets_of_check = 65'536;

/// Returns what turns a word of a list into a target, by the rules of the command line. Copies what
/// it needs.
fleet::WordReader word_reader(const Options& options);

/// Reads all entries of a list; a line that cannot be read is an error.
std::expected<std::vector<fleet::Entry>, UsageError> read_entries(const std::string& file);

/// Reads the lists. A file that cannot be read, or no target at all, is an error.
std::expected<Sources, UsageError> gather(const Options& options);

/// Reads a recording: one document, or JSON Lines. `name` is for messages.
std::expected<std::vector<evidence::Visit>, UsageError>
read_recording(std::string_view text, std::string_view name);

} // namespace tlsdoctor::cli
