// SPDX-License-Identifier: Apache-2.0
// Writes results in the forms that were asked for.
#include "cli/client_results.hpp"

#include "cli/version.hpp"
#include "evidence/client_json.hpp"
#include "report/client_json.hpp"
#include "report/client_screen.hpp"
#include "report/local_report.hpp"

namespace tlsdoctor::cli {

std::expected<ClientResults, OutputError>
ClientResults::open(const OutputOptions& options, bool several, const Environment& environment) {
    auto standard_output = Output::open("-", false);
    if (!standard_output) {
        return std::unexpected{std::move(standard_output.error())};
    }
    ClientResults results{std::move(*standard_output), options, environment};
    results.several_ = several;
    if (options.json_file == "-") { // as `--json`: instead of the screen
        results.options_.json = true;
        results.options_.json_file.clear();
    }
    const std::pair<std::string, std::optional<Output>*> files[] = {
        {results.options_.json_file, &results.json_file_},
        {results.options_.record, &results.record_},
    };
    for (const auto& [path, into] : files) {
        if (path.empty()) {
            continue;
        }
        auto opened = Output::open(path, options.overwrite);
        if (!opened) {
            return std::unexpected{std::move(opened.error())};
        }
        into->emplace(std::move(*opened));
    }
    return results;
}

std::string ClientResults::json_of(const advise::ClientFile& file) const {
    const json::object document = report::to_json(
        file, {.version = std::string{version()}, .data_date = std::string{data_date()}}
    );
    return several_ ? report::json_line(document) : evidence::pretty(document);
}

std::string ClientResults::screen_of(const advise::ClientFile& file) const {
    if (options_.quiet) {
        return report::quiet_line(file, speaks_utf8(environment_));
    }
    return (begun_ ? "\n" : "") + report::screen(file, look());
}

report::ScreenOptions ClientResults::look() const {
    return {
        .color = wants_color(options_.color, environment_),
        .utf8 = speaks_utf8(environment_),
        .columns = columns(environment_),
        .verbose = options_.verbose
    };
}

std::expected<void, OutputError> ClientResults::add(const advise::ClientFile& file) {
    std::string json = options_.json || json_file_ ? json_of(file) : std::string{};
    std::expected<void, OutputError> written{};
    if (json_file_) {
        written = json_file_->write(json);
    }
    if (written && options_.record != "-") { // `--record -` stands alone on stdout
        written = standard_output_.write(options_.json ? std::move(json) : screen_of(file));
        begun_ = true;
    }
    return written;
}

std::expected<void, OutputError> ClientResults::finish(const advise::LocalFile& file) {
    const std::string json = evidence::pretty(report::to_json(
        file, {.version = std::string{version()}, .data_date = std::string{data_date()}}
    ));
    std::expected<void, OutputError> written{};
    if (json_file_) {
        written = json_file_->write(json);
    }
    if (written && options_.json) {
        written = standard_output_.write(json);
    } else if (written && options_.quiet) {
        written = standard_output_.write(report::quiet_lines(file, speaks_utf8(environment_)));
    } else if (written) {
        written = standard_output_.write(report::screen(file, look()));
    }
    return written ? complete() : written;
}

std::expected<void, OutputError> ClientResults::finish(const evidence::ClientVisit& visit) {
    if (record_) {
        auto written = record_->write(evidence::pretty(evidence::to_json(visit)));
        if (!written) {
            return written;
        }
    }
    return complete();
}

std::expected<void, OutputError> ClientResults::complete() {
    return cli::finish({record_, json_file_});
}

} // namespace tlsdoctor::cli
