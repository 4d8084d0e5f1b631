// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor lab`: starts the servers, prints where they are, and waits for Ctrl-C.
#include "cli/commands/commands.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include <fmt/core.h>
#include <poll.h>

#include "base/assume.hpp"
#include "base/text.hpp"
#include "cli/output.hpp"
#include "cli/version.hpp"
#include "evidence/json.hpp"
#include "peer/background_servers.hpp"
#include "peer/lab_cases.hpp"
#include "process/interruption.hpp"
#include "report/lab.hpp"

namespace tlsdoctor::cli {

namespace {

/// More than a client takes, and less than somebody waits for a server that is silent.
constexpr milliseconds k_lab_patience{60'000};

using Chosen = std::expected<std::vector<const peer::LabCase*>, UsageError>;

UsageError unknown_case(const std::string& name) {
    std::vector<std::string_view> names;
    for (const peer::LabCase& lab_case : peer::lab_cases()) {
        names.push_back(lab_case.name);
    }
    const auto meant = nearest(name, names);
    return {
        .what = fmt::format("'{}' is not a case of the lab", harmless(name)),
        .hint = meant ? fmt::format("did you mean '{}'?", *meant)
                      : std::string("'tlsdoctor lab --list' lists them")
    };
}

Chosen chosen_cases(const LabOptions& options) {
    std::vector<const peer::LabCase*> chosen;
    if (options.cases.empty()) {
        for (const peer::LabCase& lab_case : peer::lab_cases()) {
            chosen.push_back(&lab_case);
        }
    }
    for (const std::string& name : options.cases) {
        const peer::LabCase* const found = peer::find_lab_case(name);
        if (found == nullptr) {
            return std::unexpected(unknown_case(name));
        }
        if (std::ranges::find(chosen, found) == chosen.end()) {
            chosen.push_back(found);
        }
    }
    if (std::size_t{options.port} + chosen.size() > 65536) {
        return std::unexpected(UsageError{
            .what = fmt::format(
                "--port: {} servers need as many ports from {} on", chosen.size(), options.port
            ),
            .hint = {}
        });
    }
    return chosen;
}

report::LabRow row_of(const peer::LabCase& lab_case, std::uint16_t port) {
    const CauseInfo* const cause = find_cause(lab_case.cause);
    assume(cause != nullptr, "the table of lab cases names known causes");
    return {
        .name = lab_case.name,
        .port = port,
        .what = lab_case.what,
        .client = lab_case.client,
        .cause = cause,
        .check = lab_case.check,
        .alert = lab_case.make != nullptr
                     ? std::nullopt
                     : std::optional(static_cast<AlertDescription>(lab_case.alert)),
    };
}

ExitCode show(const std::vector<report::LabRow>& rows, const Options& options) {
    if (!options.output.json) {
        return print(report::lab_table(rows));
    }
    const report::JsonOptions maker{
        .version = std::string(version()), .data_date = std::string(data_date())
    };
    const std::string& ca_file = options.lab.list ? std::string{} : options.lab.ca_file;
    return print(evidence::pretty(report::lab_json(rows, ca_file, maker)));
}

/// Returns what went wrong, empty if nothing did.
std::string write_root(const peer::LabCertificates& certificates, const Options& options) {
    if (options.lab.ca_file.empty()) {
        return {};
    }
    auto file = Output::open(options.lab.ca_file, options.output.overwrite);
    if (!file) {
        return file.error().what;
    }
    auto written = file->write(certificates.root());
    written = written ? file->finish() : written;
    return written ? std::string{} : written.error().what;
}

void wait_for_the_end(const process::Interruption& interruption, milliseconds deadline) {
    const TimePoint until = Clock::now() + deadline;
    while (!interruption.came()) {
        const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now()).count();
        if (deadline > milliseconds{} && left <= 0) {
            return;
        }
        pollfd event{.fd = interruption.descriptor(), .events = POLLIN, .revents = 0};
        poll(&event, 1, deadline > milliseconds{} ? static_cast<int>(left) : -1);
    }
}

ExitCode failed(const std::string& why) {
    fmt::print(stderr, "tlsdoctor: lab: {}\n", why);
    return ExitCode::internal;
}

ExitCode serve(const std::vector<const peer::LabCase*>& chosen, const Options& options) {
    peer::LabCertificates certificates;
    std::vector<peer::Behaviour> behaviours;
    for (const peer::LabCase* lab_case : chosen) {
        behaviours.push_back(peer::behaviour_of(*lab_case, certificates));
    }
    if (!certificates.error().empty()) {
        return failed(certificates.error());
    }
    const auto servers = peer::BackgroundServers::start(
        std::move(behaviours),
        {.patience = k_lab_patience, .both_families = true, .first_port = options.lab.port}
    );
    if (!servers) {
        return failed(servers.error());
    }
    if (const std::string wrong = write_root(certificates, options); !wrong.empty()) {
        return complain({.what = fmt::format("--ca: {}", wrong)});
    }
    std::vector<report::LabRow> rows;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        rows.push_back(row_of(*chosen[i], servers->port(i)));
    }
    // Before the table: who has read it may send the signal at once.
    const process::Interruption interruption;
    const ExitCode shown = show(rows, options);
    if (shown == ExitCode::healthy) {
        wait_for_the_end(interruption, options.lab.deadline);
    }
    return shown;
}

} // namespace

ExitCode run_lab(const Options& options) {
    const Chosen chosen = chosen_cases(options.lab);
    if (!chosen) {
        return complain(chosen.error());
    }
    if (!options.lab.list) {
        return serve(*chosen, options);
    }
    std::vector<report::LabRow> rows;
    for (const peer::LabCase* lab_case : *chosen) {
        rows.push_back(row_of(*lab_case, 0));
    }
    return show(rows, options);
}

} // namespace tlsdoctor::cli
