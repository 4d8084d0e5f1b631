// SPDX-License-Identifier: Apache-2.0
// What a scan tells the user while it runs, and at its end: all of it on stderr.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"
#include "fleet/engine.hpp"
#include "fleet/tally.hpp"

namespace tlsdoctor::cli {

/// Shows progress: a line that is overwritten on a terminal, a line a minute otherwise.
class ScanWatch final {
public:
    /// `quiet`: no progress, only what is wrong and the summary.
    ScanWatch(const Environment& seen, bool quiet);

    /// Shows how far the run is, where it is time to.
    void tick(
        const fleet::EngineState& state, const fleet::TargetSource& source,
        const fleet::Tally& tally, TimePoint now
    );

    /// Makes room for a line on a terminal that shows both.
    void make_room();

    /// Says what is wrong with a line of a list, the first hundred times.
    void problem(const fleet::SourceProblem& problem);

    /// Says that an address was left alone, the first hundred times.
    void excluded(const evidence::Target& target, std::string_view address);

    /// Says something.
    void say(std::string_view text);

private:
    void say_bounded(std::size_t& count, std::string_view text);

    ProgressLine line_;
    bool quiet_{};
    bool on_terminal_{};
    bool shared_{}; ///< stdout is the same terminal
    TimePoint begun_{Clock::now()};
    TimePoint shown_{begun_};
    std::size_t problems_{};
    std::size_t excluded_{};
};

/// Returns the summary of a run.
std::string scan_summary(
    const fleet::EngineEnd& end, const fleet::TargetSource& source, const fleet::Tally& tally,
    std::size_t before, double seconds
);

} // namespace tlsdoctor::cli
