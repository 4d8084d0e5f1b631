// SPDX-License-Identifier: Apache-2.0
// The two ways for a command to say a few lines: results to stdout, complaints to stderr.
#include "cli/commands/commands.hpp"

#include <cstdio>

#include <fmt/core.h>

#include "cli/output.hpp"

namespace tlsdoctor::cli {

ExitCode print(std::string_view text) {
    auto output = Output::open("-", false);
    auto written = output->write(text);
    if (written) {
        return ExitCode::healthy;
    }
    if (written.error().kind != OutputError::Kind::reader_gone) {
        fmt::print(stderr, "tlsdoctor: {}\n", written.error().what);
    }
    return ExitCode::internal;
}

ExitCode complain(const UsageError& error) {
    fmt::print(stderr, "tlsdoctor: {}\n", error.what);
    if (!error.hint.empty()) {
        fmt::print(stderr, "           {}\n", error.hint);
    }
    return ExitCode::usage;
}

} // namespace tlsdoctor::cli
