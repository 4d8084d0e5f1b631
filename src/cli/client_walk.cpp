// SPDX-License-Identifier: Apache-2.0
// Joins the walk to the recording's command, its time, and the line of progress.
#include "cli/client_walk.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/client_recording.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"
#include "walk/walk.hpp"

namespace tlsdoctor::cli {

namespace {

using evidence::WalkGroup;

/// The whole walk, where the user sets no deadline.
constexpr milliseconds k_walk_deadline{180'000};
/// A run may take several times as long as the recording did.
constexpr milliseconds k_least_run{10'000};
constexpr milliseconds k_most_run{40'000};
constexpr double k_run_factor = 4;
constexpr std::size_t k_at_once = 2;

bool came(const evidence::ClientVisit& visit) {
    return std::ranges::any_of(visit.hellos, [](const evidence::HeardHello& hello) {
        return hello.lists.has_value();
    });
}

milliseconds run_deadline(const evidence::ClientVisit& visit) {
    const milliseconds several{static_cast<std::int64_t>(visit.elapsed_ms * k_run_factor)};
    return std::clamp(several, k_least_run, k_most_run);
}

milliseconds walk_deadline(const ClientOptions& options, const evidence::ClientVisit& visit) {
    if (!options.deadline) {
        return k_walk_deadline;
    }
    const milliseconds used{static_cast<std::int64_t>(visit.elapsed_ms)};
    return std::max(*options.deadline - used, milliseconds(1));
}

} // namespace

std::expected<std::vector<WalkGroup>, std::string> read_walk_groups(std::string_view text) {
    std::vector<WalkGroup> groups;
    if (text == "all") {
        return groups;
    }
    for (const std::string_view word : split(text, ',')) {
        const auto group = evidence::walk_group_named(trimmed(word));
        if (!group) {
            return std::unexpected(fmt::format(
                "'{}' is not one of versions, key_types, suites, groups, failures, all",
                harmless(word)
            ));
        }
        groups.push_back(*group);
    }
    return groups;
}

std::expected<void, std::string> walk_program(
    const Options& options, const process::Interruption& interruption, evidence::ClientVisit& visit
) {
    if (!options.client.walks || visit.interrupted || !came(visit)) {
        return {};
    }
    const Environment seen = environment();
    ProgressLine progress{shows_progress(seen) && !options.output.quiet, columns(seen)};
    const walk::WalkOptions how{
        .command =
            [&](std::uint16_t port) {
                return process::Command{
                    .argv = filled_command(options.client.command, "localhost", port),
                    .set = without_proxy(),
                };
            },
        .groups = options.client.walk_groups,
        .run_deadline = run_deadline(visit),
        .deadline = walk_deadline(options.client, visit),
        .at_once = options.client.serial ? 1 : k_at_once,
        .on_progress = [&](const std::string& line) { progress.show(line); },
    };
    auto walked = walk::walk(how, &interruption);
    progress.clear();
    if (!walked) {
        return std::unexpected(walked.error());
    }
    visit.elapsed_ms += walked->elapsed_ms;
    visit.interrupted = interruption.came();
    visit.walk = std::move(*walked);
    return {};
}

} // namespace tlsdoctor::cli
