// SPDX-License-Identifier: Apache-2.0
// Texts on stderr; nothing here decides anything.
#include "cli/scan_watch.hpp"

#include <cstdio>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr milliseconds k_between_lines_in_place{250};
constexpr std::chrono::minutes k_between_lines{1};
constexpr std::size_t k_most_messages = 100;

std::string place_of(const fleet::SourceProblem& problem) {
    const std::string file = problem.file.empty() ? "the command line" : problem.file;
    return problem.problem.line == 0 || problem.file.empty()
               ? file
               : fmt::format("{}:{}", file, problem.problem.line);
}

/// How many targets there are, exactly where the lists have ended, else by the part that was read.
void estimate_total(
    const fleet::TargetSource& source, std::size_t done, fleet::Progress& progress
) {
    const fleet::SourceCounts& counts = source.counts();
    const std::uint64_t ahead = counts.ahead;
    const std::uint64_t read = counts.bytes_read;
    if (counts.ended) {
        progress.total = counts.targets;
    } else if (ahead > 0) {
        progress.total = counts.targets + ahead;
        progress.estimated = true;
    } else if (source.bytes() > 0 && read > 0 && counts.targets > 0) {
        const double part = static_cast<double>(read) / static_cast<double>(source.bytes());
        progress.total = static_cast<std::size_t>(static_cast<double>(counts.targets) / part);
        progress.estimated = true;
    }
    progress.done = done;
}

} // namespace

ScanWatch::ScanWatch(const Environment& seen, bool quiet)
    : line_{shows_progress(seen) && !quiet, columns(seen)}, quiet_{quiet},
      on_terminal_{shows_progress(seen)}, shared_{seen.stdout_is_terminal} {}

void ScanWatch::tick(
    const fleet::EngineState& state, const fleet::TargetSource& source, const fleet::Tally& tally,
    TimePoint now
) {
    const Clock::duration between =
        on_terminal_ ? Clock::duration{k_between_lines_in_place} : Clock::duration{k_between_lines};
    if (quiet_ || now - shown_ < between) {
        return;
    }
    shown_ = now;
    fleet::Progress progress{.under_way = state.under_way};
    estimate_total(source, state.done, progress);
    progress.per_second =
        static_cast<double>(state.done) * 1'000.0 / milliseconds_between(begun_, now);
    const std::string text = fleet::words_of(progress, tally);
    if (on_terminal_) {
        line_.show(text);
    } else {
        say(text);
    }
}

void ScanWatch::make_room() {
    if (shared_) {
        line_.clear();
    }
}

void ScanWatch::say(std::string_view text) {
    line_.clear();
    fmt::print(stderr, "tlsdoctor: {}\n", text);
}

void ScanWatch::say_bounded(std::size_t& count, std::string_view text) {
    ++count;
    if (count <= k_most_messages) {
        say(text);
    }
    if (count == k_most_messages) {
        say("more of these are counted and not shown");
    }
}

void ScanWatch::problem(const fleet::SourceProblem& problem) {
    const std::string column =
        problem.problem.column > 1 ? fmt::format(" (column {})", problem.problem.column) : "";
    say_bounded(
        problems_, fmt::format("{}: {}{}", place_of(problem), problem.problem.what, column)
    );
}

void ScanWatch::excluded(const evidence::Target& target, std::string_view address) {
    say_bounded(
        excluded_,
        fmt::format("{} leads to {}, which is excluded", harmless(target.input), harmless(address))
    );
}

std::string scan_summary(
    const fleet::EngineEnd& end, const fleet::TargetSource& source, const fleet::Tally& tally,
    std::size_t before, double seconds
) {
    const fleet::SourceCounts& counts = source.counts();
    const std::size_t done = end.state.done;
    const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    std::string text = fmt::format(
        "tlsdoctor: {} targets in {} ({:.1f}/s){}{}\n", fleet::grouped(done),
        fleet::duration_text(seconds), rate, tally.total() == 0 ? "" : ": ", tally.statuses()
    );
    if (before > 0) {
        text += fmt::format(
            "  {:<10}{} of them by an earlier run\n", "counted", fleet::grouped(before)
        );
    }
    text += tally.total() == 0 ? "" : tally.table();
    std::string left_out;
    const std::pair<std::size_t, std::string_view> reasons[] = {
        {counts.problems, "that cannot be read"},
        {counts.duplicates, "that came twice"},
        {counts.excluded + end.state.excluded, "excluded"},
        {counts.done_before, "done before"},
    };
    for (const auto& [count, why] : reasons) {
        if (count > 0) {
            left_out +=
                fmt::format("{}{} {}", left_out.empty() ? "" : ", ", fleet::grouped(count), why);
        }
    }
    text += left_out.empty() ? "" : fmt::format("  {:<10}{}\n", "left out", left_out);
    if (end.state.pauses > 0 || end.state.again > 0) {
        text += fmt::format(
            "  {:<10}{} pauses for hosts and networks that began to refuse, {} visits begun "
            "again\n",
            "back-off", fleet::grouped(end.state.pauses), fleet::grouped(end.state.again)
        );
    }
    if (end.interrupted || end.stopped) {
        text += fmt::format(
            "  {:<10}{} targets{}\n", "unfinished", fleet::grouped(end.unfinished),
            counts.ended ? "" : ", and what was not read of the lists"
        );
    }
    return text;
}

} // namespace tlsdoctor::cli
