// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor config`: finds the files, reads and judges them, tries fixes on copies, and reports.
#include "cli/commands/commands.hpp"

#include <filesystem>

#include <fmt/core.h>

#include "advise/config_file.hpp"
#include "cli/config_actions.hpp"
#include "cli/config_fixes.hpp"
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

std::string config_json(const advise::ConfigFile& file) {
    const report::JsonOptions how{
        .command = "config",
        .version = std::string{version()},
        .data_date = std::string{data_date()}
    };
    return evidence::pretty(report::to_json(file, how));
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

/// What goes to standard output.
std::string printed_form(const advise::ConfigFile& file, const Options& options) {
    if (options.output.json || options.output.json_file == "-") {
        return config_json(file);
    }
    switch (options.config.format) {
    case ConfigFormat::sarif:
        return evidence::pretty(report::sarif(file, lint_options()));
    case ConfigFormat::github:
        return report::github_annotations(file, lint_options());
    case ConfigFormat::json:
        return config_json(file);
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

/// Writes the file first: where nobody reads the screen any more, it is still complete.
std::expected<void, OutputError> write_file(const std::string& json, const OutputOptions& output) {
    if (output.json_file.empty() || output.json_file == "-") {
        return {};
    }
    auto file = Output::open(output.json_file, output.overwrite);
    if (!file) {
        return std::unexpected{std::move(file.error())};
    }
    auto written = file->write(json);
    return written ? file->finish() : written;
}

/// Reads, judges and asks who is locked out.
advise::ConfigFile
judged(const config::Examination& examination, const ConfigSource& source, const Options& options) {
    advise::ConfigFile file{.configuration = config::evidence_of(examination)};
    file.configuration.version_source = source.version_source;
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

} // namespace

ExitCode run_config(const Options& options) {
    const auto source = find_config(options.config);
    if (!source) {
        return complain(source.error());
    }
    const config::Examination examination = examined(*source);
    advise::ConfigFile file = judged(examination, *source, options);
    std::vector<TriedFix> fixes =
        fixes_for(examination, *source, file, config_question(options, file.configuration));
    file.action = act_on_fixes(options.config, examination, *source, fixes);
    for (TriedFix& fix : fixes) {
        file.fixes.push_back(std::move(fix.shown));
    }
    const ExitCode code = code_after(file, *source, options);
    if (const auto written = write_file(config_json(file), options.output); !written) {
        return complain({.what = written.error().what});
    }
    return worse(code, print(printed_form(file, options)));
}

} // namespace tlsdoctor::cli
