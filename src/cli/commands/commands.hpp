// SPDX-License-Identifier: Apache-2.0
// The commands, one function each (demo.hpp has its own). They print, and return the exit code.
#pragma once

#include <string_view>

#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace tlsdoctor::cli {

/// Visits the targets, or reviews a recording, and reports each as soon as it is done.
ExitCode run_check(const Options& options);

/// Visits the targets of lists, of whole networks, and writes a line for each.
ExitCode run_scan(const Options& options);

/// Runs the servers of the lab until it is interrupted.
ExitCode run_lab(const Options& options);

/// Records what a client offers: the program that it runs, or whoever comes.
ExitCode run_client(const Options& options);

/// Explains an error message or a log; with `--run` asks the hosts that it names.
ExitCode run_explain(const Options& options);

/// Compares two runs of results: 0 the same, 1 different.
ExitCode run_diff(const Options& options);

/// Writes a page of HTML from the results of one or more runs.
ExitCode run_report(const Options& options);

/// Reads a server's configuration: which settings count, which lines decide, what mends it.
ExitCode run_config(const Options& options);

/// Explains a topic; the front page where there is none.
ExitCode run_help(const Options& options);

/// Prints the version and the date of the data.
ExitCode run_version();

/// Prints text on standard output and returns `healthy`, or reports why it could not and
/// `internal`.
ExitCode print(std::string_view text);

/// Says on stderr what is wrong with the command line and returns `usage`.
ExitCode complain(const UsageError& error);

} // namespace tlsdoctor::cli
