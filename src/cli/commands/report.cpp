// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor report`: the results of runs, oldest first, as one page of HTML.
#include "cli/commands/commands.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/core.h>
#include <unistd.h>

#include "cli/output.hpp"
#include "cli/run_source.hpp"
#include "cli/version.hpp"
#include "report/html.hpp"

namespace tlsdoctor::cli {

namespace {

/// All runs of all inputs, in the order of the inputs.
std::expected<std::vector<RunSource>, std::string> all_runs(const std::vector<std::string>& inputs
) {
    std::vector<RunSource> all;
    for (const std::string& input : inputs) {
        auto runs = find_runs(input, RunChoice::all);
        if (!runs) {
            return runs;
        }
        std::ranges::move(*runs, std::back_inserter(all));
    }
    return all;
}

std::string name_of_run(const RunSource& source) {
    const std::string file = source.file == "-" ? "standard input" : source.file;
    return source.run ? fmt::format("{}, run {}", file, *source.run) : file;
}

std::expected<report::Overview, std::string> read_all(const std::vector<RunSource>& sources) {
    report::OverviewBuilder builder;
    for (const RunSource& source : sources) {
        builder.begin(name_of_run(source));
        const auto read =
            read_run(source, [&](const evidence::Result& result) { builder.add(result); });
        if (!read) {
            return std::unexpected(read.error());
        }
        if (!read->complete) {
            builder.cut();
        }
    }
    return builder.finish(std::string{version()}, std::string{data_date()});
}

} // namespace

ExitCode run_report(const Options& options) {
    const std::string& file = options.output.html_file;
    if (file.empty() && isatty(STDOUT_FILENO) != 0) {
        return complain(
            {.what = "a page of HTML is of no use on a terminal", .hint = "-o report.html"}
        );
    }
    // Before anything is read: a file that may not be replaced is no news for the end.
    auto output = Output::open(file.empty() ? "-" : file, options.output.overwrite);
    if (!output) {
        return complain({.what = output.error().what});
    }
    const auto sources = all_runs(options.inputs);
    if (!sources) {
        return complain({.what = sources.error()});
    }
    const auto overview = read_all(*sources);
    if (!overview) {
        return complain({.what = overview.error()});
    }
    auto written = output->write(report::html_report(*overview));
    written = written ? output->finish() : written;
    if (!written) {
        if (written.error().kind != OutputError::Kind::reader_gone) {
            fmt::print(stderr, "tlsdoctor: {}\n", written.error().what);
        }
        return ExitCode::internal;
    }
    return ExitCode::healthy;
}

} // namespace tlsdoctor::cli
