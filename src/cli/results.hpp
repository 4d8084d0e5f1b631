// SPDX-License-Identifier: Apache-2.0
// Where the results of a run go: the screen or JSON on stdout, a JSON file, a recording, a page of
// HTML, a database; any of them together. Decides the form only; the texts are the report's.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "advise/case_file.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/result_store.hpp"
#include "cli/terminal.hpp"
#include "report/overview.hpp"

namespace tlsdoctor::cli {

/// The outputs of one run.
class Results {
public:
    /// Opens the files, before anything is visited. `several`: JSON Lines instead of one document.
    static std::expected<Results, OutputError>
    open(const OutputOptions& options, bool several, const Environment& environment);

    /// Writes one target's result everywhere; after an error the outputs stay as they are.
    std::expected<void, OutputError> add(const advise::CaseFile& file);

    /// Lets the database commit what waits; to be called now and then.
    std::expected<void, OutputError> tick();

    /// Completes the files; `interrupted`: the run was cut by the user.
    std::expected<void, OutputError> finish(bool interrupted);

private:
    Results(Output standard_output, const OutputOptions& options, bool several, Environment seen)
        : standard_output_{std::move(standard_output)}, options_{options}, several_{several},
          environment_{std::move(seen)} {}

    std::expected<void, OutputError> keep(const std::string& json);
    std::string json_of(const advise::CaseFile& file) const;
    std::string screen_of(const advise::CaseFile& file) const;

    Output standard_output_;
    std::optional<Output> json_file_{};
    std::optional<Output> record_{};
    std::optional<Output> html_file_{};
    std::optional<ResultStore> store_{};
    std::unique_ptr<report::OverviewBuilder> overview_{}; ///< of `html_file_`
    OutputOptions options_{};
    bool several_{};
    bool begun_{}; ///< something stands on the screen already
    Environment environment_{};
};

} // namespace tlsdoctor::cli
