// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor explain`: a text from the command line, a file or a pipe; with `--run` the hosts that
// it names are asked as well.
#include "cli/commands/commands.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fmt/core.h>
#include <unistd.h>

#include "base/text.hpp"
#include "cli/judging.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/target.hpp"
#include "cli/terminal.hpp"
#include "cli/version.hpp"
#include "doctor/doctor.hpp"
#include "evidence/json.hpp"
#include "report/explanation.hpp"
#include "report/screen.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr std::size_t k_most_fixes = 3;
constexpr std::size_t k_most_hosts = 4; ///< that `--run` asks

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// Feeds a file piece by piece: a log may be larger than memory.
std::expected<void, std::string> feed_file(explain::Reader& reader, const std::string& path) {
    const bool standard_input = path == "-";
    const File opened{standard_input ? nullptr : std::fopen(path.c_str(), "rb"), [](std::FILE* f) {
                          return f == nullptr ? 0 : std::fclose(f);
                      }};
    std::FILE* const file = standard_input ? stdin : opened.get();
    if (file == nullptr) {
        return std::unexpected{fmt::format("{}: {}", harmless(path), std::strerror(errno))};
    }
    std::array<char, 1 << 16> piece{};
    for (;;) {
        const std::size_t count = std::fread(piece.data(), 1, piece.size(), file);
        reader.feed({piece.data(), count});
        if (count == 0) {
            break;
        }
    }
    return std::ferror(file) == 0
               ? std::expected<void, std::string>{}
               : std::unexpected{fmt::format("{}: cannot be read", harmless(path))};
}

/// Where the text is: a file's name, or empty where it stands on the command line.
std::expected<std::string, UsageError> source_of(const Options& options) {
    if (options.target_files.size() > 1) {
        return std::unexpected{UsageError{.what = "one text at a time", .hint = {}}};
    }
    if (!options.target_files.empty()) {
        return options.target_files.front();
    }
    if (options.text.starts_with('@') && access(options.text.c_str() + 1, R_OK) == 0) {
        return options.text.substr(1);
    }
    if (!options.text.empty() && options.text != "-") {
        return "";
    }
    if (options.text.empty() && isatty(STDIN_FILENO) == 1) {
        return std::unexpected{UsageError{
            .what = "no text",
            .hint = "tlsdoctor explain 'the error message', or pipe a log into it"
        }};
    }
    return "-";
}

std::expected<explain::Reading, UsageError> read_source(const Options& options) {
    const auto source = source_of(options);
    if (!source) {
        return std::unexpected{source.error()};
    }
    explain::Reader reader;
    if (source->empty()) {
        return reader.read(options.text);
    }
    if (const auto fed = feed_file(reader, *source); !fed) {
        return std::unexpected{UsageError{.what = fed.error()}};
    }
    return reader.finish();
}

/// The target that stands in for one that the text does not name.
evidence::Target target_of(const explain::Place& place) {
    const std::string text = explain::target_text(place);
    const auto target = place.host.empty() ? std::unexpected{TargetError{}} : read_target(text, {});
    return target ? *target : evidence::Target{.input = "HOST", .host = "HOST"};
}

report::Explanation explained(const explain::Reading& reading) {
    report::Explanation explanation{
        .lines = reading.lines, .messages = reading.messages, .unrecognised = reading.unrecognised
    };
    for (const explain::Group& group : reading.groups) {
        report::Explained one{.group = group};
        const evidence::Target target = target_of(group.place);
        for (const explain::Candidate& candidate : group.meaning.candidates) {
            one.fixes.push_back(advise::fixes_for_message(
                candidate.cause->name, candidate.side, group.meaning.stack, target, k_most_fixes
            ));
        }
        explanation.groups.push_back(std::move(one));
    }
    return explanation;
}

/// Visits the hosts of the groups, the worst group's first, and judges its candidates.
class Visits {
public:
    Visits(const Options& options, report::Explanation& explanation, const Environment& seen)
        : options_{options}, explanation_{explanation},
          progress_{shows_progress(seen) && !options.output.quiet, columns(seen)} {}

    ExitCode run() {
        std::vector<std::string> hosts;
        for (const report::Explained& one : explanation_.groups) {
            const std::string host = explain::target_text(one.group.place);
            const bool asked = std::ranges::find(hosts, host) != hosts.end();
            if (one.group.place.host.empty() || asked || hosts.size() == k_most_hosts) {
                continue;
            }
            hosts.push_back(host);
            if (visit(one.group, host)) {
                return ExitCode::inconclusive; // interrupted
            }
        }
        if (explanation_.asked.empty()) {
            fmt::print(
                stderr, "tlsdoctor: --run: the text names no host: 'tlsdoctor check HOST --error "
                        "TEXT' asks one\n"
            );
            return ExitCode::inconclusive;
        }
        return code_;
    }

private:
    bool visit(const explain::Group& group, const std::string& host) {
        Options options = options_;
        ask_about(group, options);
        const auto target = read_target(host, options.target_rules);
        if (!target) {
            return false;
        }
        const std::vector<evidence::Target> targets{*target};
        const doctor::Hooks hooks{
            .on_case = [&](const advise::CaseFile& file) { judge(group, file); },
            .on_progress =
                [this](const std::string& line) {
                    progress_.show(line);
                }
        };
        const bool interrupted = doctor::check(targets, options.visit, hooks);
        progress_.clear();
        return interrupted;
    }

    void judge(const explain::Group& group, const advise::CaseFile& file) {
        code_ =
            worse(code_, exit_code_for(file.diagnosis, file.visit.interrupted, options_.fail_on));
        report::Asked asked{
            .file = file, .candidates = explain::judge(group.meaning.candidates, probed_by(file))
        };
        if (!group.meaning.alert) { // that the error names none is no news here
            asked.file.diagnosis.error_note.clear();
        }
        explanation_.asked.push_back(std::move(asked));
    }

    const Options& options_;
    report::Explanation& explanation_;
    ProgressLine progress_;
    ExitCode code_{ExitCode::healthy};
};

std::string json_of(const report::Explanation& explanation) {
    const report::JsonOptions how{
        .command = "explain",
        .version = std::string{version()},
        .data_date = std::string{data_date()}
    };
    return evidence::pretty(report::to_json(explanation, how));
}

std::string screen_of(
    const report::Explanation& explanation, const OutputOptions& output, const Environment& seen
) {
    const bool utf8 = speaks_utf8(seen);
    if (output.quiet) {
        return report::explanation_line(explanation, utf8);
    }
    const report::Look look{
        .color = wants_color(output.color, seen), .utf8 = utf8, .columns = columns(seen)
    };
    std::string text = report::explanation_screen(explanation, look, output.verbose);
    for (const report::Asked& asked : explanation.asked) {
        const report::ScreenOptions how{
            .color = look.color,
            .utf8 = look.utf8,
            .columns = look.columns,
            .verbose = output.verbose
        };
        text += "\n" + report::screen(asked.file, how);
    }
    return text;
}

/// Writes the file first: where nobody reads the screen any more, it is still complete.
std::expected<void, OutputError>
write_json_file(const report::Explanation& explanation, const OutputOptions& output) {
    if (output.json_file.empty() || output.json_file == "-") {
        return {};
    }
    auto file = Output::open(output.json_file, output.overwrite);
    if (!file) {
        return std::unexpected{std::move(file.error())};
    }
    auto written = file->write(json_of(explanation));
    return written ? file->finish() : written;
}

} // namespace

ExitCode run_explain(const Options& options) {
    const auto reading = read_source(options);
    if (!reading) {
        return complain(reading.error());
    }
    const Environment seen = environment();
    report::Explanation explanation = explained(*reading);
    ExitCode code = reading->groups.empty() ? ExitCode::inconclusive : ExitCode::healthy;
    if (options.run && !reading->groups.empty()) {
        code = Visits{options, explanation, seen}.run();
    }
    if (const auto written = write_json_file(explanation, options.output); !written) {
        return complain({.what = written.error().what});
    }
    const bool json = options.output.json || options.output.json_file == "-";
    const ExitCode printed =
        print(json ? json_of(explanation) : screen_of(explanation, options.output, seen));
    return worse(code, printed);
}

} // namespace tlsdoctor::cli
