// SPDX-License-Identifier: Apache-2.0
// Where the results of `client` go: the screen or JSON on stdout, a JSON file, a recording.
#pragma once

#include <expected>
#include <optional>

#include "advise/client_file.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "report/screen.hpp"

namespace tlsdoctor::cli {

/// The outputs of one run.
class ClientResults {
public:
    /// Opens the files, before anything is recorded. `several`: JSON Lines instead of one document.
    static std::expected<ClientResults, OutputError>
    open(const OutputOptions& options, bool several, const Environment& environment);

    /// Writes one client's result everywhere.
    std::expected<void, OutputError> add(const advise::ClientFile& file);

    /// Writes what was found on this machine everywhere, and completes the files.
    std::expected<void, OutputError> finish(const advise::LocalFile& file);

    /// Writes the recording, where one is wanted, and completes the files.
    std::expected<void, OutputError> finish(const evidence::ClientVisit& visit);

private:
    ClientResults(Output standard_output, const OutputOptions& options, Environment seen)
        : standard_output_{std::move(standard_output)}, options_{options},
          environment_{std::move(seen)} {}

    std::string json_of(const advise::ClientFile& file) const;
    std::string screen_of(const advise::ClientFile& file) const;
    report::ScreenOptions look() const;
    std::expected<void, OutputError> complete();

    Output standard_output_;
    std::optional<Output> json_file_{};
    std::optional<Output> record_{};
    OutputOptions options_{};
    bool several_{};
    bool begun_{};
    Environment environment_{};
};

} // namespace tlsdoctor::cli
