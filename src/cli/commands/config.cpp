// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor config`: finds the files, reads and judges them, tries fixes on copies, and reports.
#include "cli/commands/commands.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "advise/config_file.hpp"
#include "cli/config_actions.hpp"
#include "cli/config_fixes.hpp"
#include "cli/config_opinion.hpp"
#include "cli/config_question.hpp"
#include "cli/config_source.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "cli/version.hpp"
#include "client/configured.hpp"
#include "config/examine.hpp"
#include "evidence/json.hpp"
#include "report/config_json.hpp"
#include "report/config_lint.hpp"
#include "report/config_screen.hpp"

namespace tlsdoctor::cli {

namespace {

/// The clients that one finding locks out are those of its first endpoint: the others accept the
/// same.
void find_locked_out(advise::ConfigFile& file) {
    for (diagnose::ConfigFinding& found : file.diagnosis.findings) {
        if (found.finding.status == Status::ok || found.endpoints.empty()) {
            continue;
        }
        const auto& endpoint = file.configuration.endpoints[found.endpoints.front()];
        if (!evidence::accepted_versions(endpoint).empty()) {
            found.locked_out = client::locked_out_of(endpoint);
        }
    }
}

json::object config_document(const advise::ConfigFile& file) {
    const report::JsonOptions how{
        .command = "config",
        .version = std::string{version()},
        .data_date = std::string{data_date()}
    };
    return report::to_json(file, how);
}

report::LintOptions lint_options() {
    std::error_code ignored;
    return {
        .folder = std::filesystem::current_path(ignored).string(), .version = std::string{version()}
    };
}

std::string screen_or_line(const advise::ConfigFile& file, const OutputOptions& output) {
    const Environment seen = environment();
    const bool utf8 = speaks_utf8(seen);
    if (output.quiet) {
        return report::quiet_line(file, utf8);
    }
    const report::ScreenOptions how{
        .color = wants_color(output.color, seen),
        .utf8 = utf8,
        .columns = columns(seen),
        .verbose = output.verbose
    };
    return report::screen(file, how);
}

/// What goes to standard output where it is not the document.
std::string printed_form(const advise::ConfigFile& file, const Options& options) {
    switch (options.config.format) {
    case ConfigFormat::sarif:
        return evidence::pretty(report::sarif(file, lint_options()));
    case ConfigFormat::github:
        return report::github_annotations(file, lint_options());
    case ConfigFormat::json:
    case ConfigFormat::text:
        break;
    }
    return options.config.lint ? report::lint_lines(file, lint_options())
                               : screen_or_line(file, options.output);
}

/// Files have no ports that could be unreachable: what is wrong is a problem.
ExitCode code_for(const advise::ConfigFile& file, FailOn fail_on) {
    diagnose::Diagnosis plain;
    for (const diagnose::ConfigFinding& found : file.diagnosis.findings) {
        plain.findings.push_back(found.finding);
    }
    fail_on.unreachable = true;
    return exit_code_for(plain, false, fail_on);
}

/// Reads, judges and asks who is locked out.
advise::ConfigFile
judged(const config::Examination& examination, const ConfigSource& source, const Options& options) {
    advise::ConfigFile file{.configuration = config::evidence_of(examination)};
    file.configuration.version_source = source.version_source;
    if (!options.config.lint) {
        add_opinions(source, examination, file.configuration);
    }
    file.diagnosis =
        diagnose::diagnose(file.configuration, config_question(options, file.configuration));
    find_locked_out(file);
    return file;
}

config::Examination examined(const ConfigSource& source) {
    return config::examine(*source.server, source.input(), source.command, source.command_path);
}

/// What was applied counts: the files are not what they were.
ExitCode
code_after(const advise::ConfigFile& file, const ConfigSource& source, const Options& options) {
    const auto& action = file.action;
    if (action && action->interrupted) {
        return ExitCode::inconclusive;
    }
    if (action && action->applied) {
        return code_for(judged(examined(source), source, options), options.fail_on);
    }
    return code_for(file, options.fail_on);
}

/// One configuration from its files to its report.
struct Reported {
    advise::ConfigFile file{};
    ExitCode code{};
};

Reported report_on(const ConfigSource& source, const Options& options) {
    const config::Examination examination = examined(source);
    Reported reported{.file = judged(examination, source, options)};
    advise::ConfigFile& file = reported.file;
    std::vector<TriedFix> fixes =
        fixes_for(examination, source, file, config_question(options, file.configuration));
    file.action = act_on_fixes(options.config, examination, source, fixes);
    for (TriedFix& fix : fixes) {
        file.fixes.push_back(std::move(fix.shown));
    }
    reported.code = code_after(file, source, options);
    return reported;
}

/// What cannot be done with these files.
std::optional<UsageError>
misuse_of(const std::vector<ConfigSource>& sources, const Options& options) {
    const ConfigSettings& config = options.config;
    const bool one_alone = config.apply || config.verify || config.format == ConfigFormat::sarif;
    if (one_alone && sources.size() > 1) {
        return UsageError{
            .what = "these files belong to several servers", .hint = "--server NAME chooses one"
        };
    }
    if ((config.apply || config.verify) && !sources.front().on_disk) {
        return UsageError{
            .what = "--apply and --verify need files that a server can read",
            .hint = "name the file or folder itself"
        };
    }
    return std::nullopt;
}

/// The outputs of one run, several configurations one after the other.
class ConfigOutputs {
public:
    ConfigOutputs(const Options& options, bool several) : options_{options}, several_{several} {}

    std::expected<void, OutputError> open() {
        const OutputOptions& output = options_.output;
        if (output.json_file.empty() || output.json_file == "-") {
            return {};
        }
        auto file = Output::open(output.json_file, output.overwrite);
        if (!file) {
            return std::unexpected{std::move(file.error())};
        }
        json_file_.emplace(*std::move(file));
        return {};
    }

    /// Writes the file first: where nobody reads the screen any more, it is still complete.
    ExitCode add(const advise::ConfigFile& file) {
        if (json_file_) {
            if (const auto written = json_file_->write(json(file)); !written) {
                fmt::print(stderr, "tlsdoctor: {}\n", written.error().what);
                return ExitCode::internal;
            }
        }
        const bool as_json = options_.output.json || options_.output.json_file == "-";
        const std::string between = begun_ && !as_json && !options_.config.lint ? "\n" : "";
        begun_ = true;
        return print(between + (as_json ? json(file) : printed_form(file, options_)));
    }

    std::expected<void, OutputError> finish() {
        return json_file_ ? json_file_->finish() : std::expected<void, OutputError>{};
    }

private:
    std::string json(const advise::ConfigFile& file) const {
        const json::object document = config_document(file);
        return several_ ? report::json_line(document) : evidence::pretty(document);
    }

    const Options& options_;
    bool several_{};
    bool begun_{};
    std::optional<Output> json_file_{};
};

} // namespace

ExitCode run_config(const Options& options) {
    const auto sources = find_configs(options.config);
    if (!sources) {
        return complain(sources.error());
    }
    if (const auto misuse = misuse_of(*sources, options)) {
        return complain(*misuse);
    }
    ConfigOutputs outputs{options, sources->size() > 1};
    if (const auto opened = outputs.open(); !opened) {
        return complain({.what = opened.error().what});
    }
    ExitCode code = ExitCode::healthy;
    for (const ConfigSource& source : *sources) {
        const Reported reported = report_on(source, options);
        code = worse(code, worse(reported.code, outputs.add(reported.file)));
    }
    if (const auto finished = outputs.finish(); !finished) {
        fmt::print(stderr, "tlsdoctor: {}\n", finished.error().what);
        return ExitCode::internal;
    }
    return code;
}

} // namespace tlsdoctor::cli
