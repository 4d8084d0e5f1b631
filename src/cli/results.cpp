// SPDX-License-Identifier: Apache-2.0
// Writes results in the forms that were asked for.
#include "cli/results.hpp"

#include <boost/json/serialize.hpp>

#include "cli/version.hpp"
#include "evidence/json.hpp"
#include "report/json.hpp"
#include "report/quiet.hpp"
#include "report/screen.hpp"

namespace tlsdoctor::cli {

namespace {

std::string document(const json::object& object, bool line) {
    return line ? json::serialize(object) + "\n" : evidence::pretty(object);
}

std::expected<void, OutputError>
open_into(std::optional<Output>& output, const std::string& path, bool overwrite) {
    if (path.empty()) {
        return {};
    }
    auto opened = Output::open(path, overwrite);
    if (!opened) {
        return std::unexpected{std::move(opened.error())};
    }
    output.emplace(std::move(*opened));
    return {};
}

} // namespace

std::expected<Results, OutputError>
Results::open(const OutputOptions& options, bool several, const Environment& environment) {
    auto standard_output = Output::open("-", false);
    if (!standard_output) {
        return std::unexpected{std::move(standard_output.error())};
    }
    Results results{std::move(*standard_output), options, several, environment};
    if (options.json_file == "-") { // as `--json`: instead of the screen
        results.options_.json = true;
        results.options_.json_file.clear();
    }
    auto opened = open_into(results.json_file_, results.options_.json_file, options.overwrite);
    if (opened) {
        opened = open_into(results.record_, options.record, options.overwrite);
    }
    if (!opened) {
        return std::unexpected{std::move(opened.error())};
    }
    return results;
}

std::string Results::json_of(const advise::CaseFile& file) const {
    const report::JsonOptions how{
        .command = "check",
        .version = std::string{version()},
        .data_date = std::string{data_date()},
        .with_bytes = options_.evidence
    };
    return document(report::to_json(file, how), several_);
}

std::string Results::screen_of(const advise::CaseFile& file) const {
    if (options_.quiet) {
        return report::quiet_line(file, speaks_utf8(environment_));
    }
    const report::ScreenOptions how{
        .color = wants_color(options_.color, environment_),
        .utf8 = speaks_utf8(environment_),
        .columns = columns(environment_),
        .verbose = options_.verbose,
        .evidence_hex = options_.evidence,
        .show_clients = options_.clients,
        .show_inventory = options_.tables
    };
    return (begun_ ? "\n" : "") + report::screen(file, how);
}

std::expected<void, OutputError> Results::add(const advise::CaseFile& file) {
    // The files first: where nobody reads the screen any more, they still get their result.
    std::string json = options_.json || json_file_ ? json_of(file) : std::string{};
    std::expected<void, OutputError> written{};
    if (record_) {
        written = record_->write(document(evidence::to_json(file.visit), several_));
    }
    if (written && json_file_) {
        written = json_file_->write(json);
    }
    const bool screen_is_free = options_.record != "-"; // `--record -` stands alone on stdout
    if (written && screen_is_free) {
        written = standard_output_.write(options_.json ? std::move(json) : screen_of(file));
        begun_ = true;
    }
    return written;
}

std::expected<void, OutputError> Results::finish() {
    return cli::finish({record_, json_file_});
}

} // namespace tlsdoctor::cli
