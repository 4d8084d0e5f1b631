// SPDX-License-Identifier: Apache-2.0
// Writes results in the forms that were asked for.
#include "cli/results.hpp"

#include <boost/json/serialize.hpp>

#include "cli/version.hpp"
#include "evidence/json.hpp"
#include "evidence/result.hpp"
#include "report/html.hpp"
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
    if (opened) {
        opened = open_into(results.html_file_, options.html_file, options.overwrite);
    }
    if (opened && results.html_file_) {
        results.overview_ = std::make_unique<report::OverviewBuilder>();
        results.overview_->begin("");
    }
    if (opened && !options.db.empty()) {
        auto store = ResultStore::open(options.db, Command::check, options.words, false);
        if (store) {
            results.store_.emplace(*std::move(store));
        } else {
            opened = std::unexpected{std::move(store.error())};
        }
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
    const bool wants_json = options_.json || json_file_ || store_ || overview_;
    std::string json = wants_json ? json_of(file) : std::string{};
    std::expected<void, OutputError> written{};
    if (record_) {
        written = record_->write(document(evidence::to_json(file.visit), several_));
    }
    if (written && json_file_) {
        written = json_file_->write(json);
    }
    if (written) {
        written = keep(json);
    }
    // `--record -` and `-oH -` stand alone on stdout
    const bool screen_is_free = options_.record != "-" && options_.html_file != "-";
    if (written && screen_is_free) {
        written = standard_output_.write(options_.json ? std::move(json) : screen_of(file));
        begun_ = true;
    }
    return written;
}

std::expected<void, OutputError> Results::keep(const std::string& json) {
    if (overview_) {
        if (const auto result = evidence::read_result(json)) {
            overview_->add(*result);
        }
    }
    return store_ ? store_->add(json) : std::expected<void, OutputError>{};
}

std::expected<void, OutputError> Results::tick() {
    return store_ ? store_->tick() : std::expected<void, OutputError>{};
}

std::expected<void, OutputError> Results::finish(bool interrupted) {
    std::expected<void, OutputError> written{};
    if (overview_) {
        if (interrupted) {
            overview_->cut();
        }
        written = html_file_->write(
            report::html_report(overview_->finish(std::string{version()}, std::string{data_date()}))
        );
    }
    if (written && store_) {
        written = store_->finish(interrupted);
    }
    return written ? cli::finish({record_, json_file_, html_file_}) : written;
}

} // namespace tlsdoctor::cli
