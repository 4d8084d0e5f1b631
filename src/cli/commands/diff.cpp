// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor diff`: two runs into memory, in short, and what changed between them.
#include "cli/commands/commands.hpp"

#include <cstdio>

#include <fmt/core.h>

#include "cli/output.hpp"
#include "cli/run_source.hpp"
#include "cli/terminal.hpp"
#include "cli/version.hpp"
#include "evidence/difference.hpp"
#include "evidence/json.hpp"
#include "report/difference.hpp"

namespace tlsdoctor::cli {

namespace {

/// The two runs, older first.
std::expected<std::vector<RunSource>, std::string> two_runs(const std::vector<std::string>& inputs
) {
    if (inputs.size() == 1) {
        auto runs = find_runs(inputs.front(), RunChoice::latest_two);
        if (runs && runs->size() != 2) {
            return std::unexpected(fmt::format(
                "{} holds one run: name a second one to compare it with", inputs.front()
            ));
        }
        return runs;
    }
    std::vector<RunSource> both;
    for (const std::string& input : inputs) {
        auto runs = find_runs(input, RunChoice::latest);
        if (!runs) {
            return runs;
        }
        both.push_back(runs->front());
    }
    return both;
}

std::expected<report::ComparedRun, std::string>
read_side(const RunSource& source, evidence::Snapshot& into) {
    std::string first;
    const auto read = read_run(source, [&](const evidence::Result& result) {
        if (first.empty() || (!result.started.empty() && result.started < first)) {
            first = result.started;
        }
        into.add(result);
    });
    if (!read) {
        return std::unexpected(read.error());
    }
    if (!read->complete && !source.run) {
        fmt::print(
            stderr, "tlsdoctor: {}: the last line is torn, and left out\n",
            source.file == "-" ? "standard input" : source.file
        );
    }
    return report::ComparedRun{
        .name = source.file == "-" ? "standard input" : source.file,
        .run = source.run,
        .started = first,
        .targets = into.targets().size(),
        .complete = read->complete
    };
}

std::string json_text(const report::ComparedRuns& runs) {
    return evidence::pretty(report::to_json(runs, std::string{version()}, std::string{data_date()})
    );
}

std::string screen_text(const report::ComparedRuns& runs, const OutputOptions& output) {
    const Environment seen = environment();
    if (output.quiet) {
        return report::difference_line(runs, speaks_utf8(seen));
    }
    const report::Look look{
        .color = wants_color(output.color, seen),
        .utf8 = speaks_utf8(seen),
        .columns = columns(seen)
    };
    return report::difference_screen(runs, look, output.verbose);
}

ExitCode verdict_of_difference(const evidence::Difference& difference) {
    if (difference.changes() != 0) {
        return ExitCode::problem;
    }
    const bool nothing_compared = difference.missing == difference.targets;
    return nothing_compared ? ExitCode::inconclusive : ExitCode::healthy;
}

/// Writes the file first, as the others do.
ExitCode show_difference(const report::ComparedRuns& runs, const OutputOptions& output) {
    const ExitCode code = verdict_of_difference(runs.difference);
    if (!output.json_file.empty() && output.json_file != "-") {
        auto file = Output::open(output.json_file, output.overwrite);
        if (!file) {
            return complain({.what = file.error().what});
        }
        auto written = file->write(json_text(runs));
        written = written ? file->finish() : written;
        if (!written) {
            fmt::print(stderr, "tlsdoctor: {}\n", written.error().what);
            return ExitCode::internal;
        }
    }
    const bool json = output.json || output.json_file == "-";
    return worse(code, print(json ? json_text(runs) : screen_text(runs, output)));
}

} // namespace

ExitCode run_diff(const Options& options) {
    const auto sources = two_runs(options.inputs);
    if (!sources) {
        return complain({.what = sources.error()});
    }
    evidence::Words words;
    evidence::Snapshot before{words};
    evidence::Snapshot after{words};
    report::ComparedRuns runs;
    for (const bool old : {true, false}) {
        auto side = read_side((*sources)[old ? 0 : 1], old ? before : after);
        if (!side) {
            return complain({.what = side.error()});
        }
        (old ? runs.before : runs.after) = *std::move(side);
    }
    runs.difference =
        evidence::compare({before, runs.before.complete}, {after, runs.after.complete});
    return show_difference(runs, options.output);
}

} // namespace tlsdoctor::cli
