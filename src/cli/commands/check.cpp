// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor check`: from sources over the doctor to results. Everything that can be refused is
// refused before the first packet is sent.
#include "cli/commands/commands.hpp"

#include <csignal>
#include <cstdio>
#include <optional>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/client_option.hpp"
#include "cli/config_compare.hpp"
#include "cli/judging.hpp"
#include "cli/output.hpp"
#include "cli/own_files.hpp"
#include "cli/progress.hpp"
#include "cli/results.hpp"
#include "cli/sources.hpp"
#include "cli/terminal.hpp"
#include "doctor/doctor.hpp"

namespace tlsdoctor::cli {

namespace {

/// One run: hands each case to the results and remembers the worst.
class Run {
public:
    Run(const Options& options, Results results, const Environment& seen,
        std::optional<evidence::Configuration> files)
        : options_{options}, results_{std::move(results)}, files_{std::move(files)},
          progress_{shows_progress(seen) && !options.output.quiet, columns(seen)} {
        if (const std::string& error = options.visit.question.error_text; !error.empty()) {
            error_ = explain::Reader{}.read(error);
        }
    }

    ExitCode visit(const std::vector<evidence::Target>& targets) {
        const doctor::Hooks hooks{
            .on_case = [this](const advise::CaseFile& file) { report(file); },
            .on_progress =
                [this](const std::string& line) {
                    progress_.show(line);
                    note(results_.tick());
                }
        };
        visiting_ = true;
        const bool interrupted = doctor::check(targets, options_.visit, hooks);
        visiting_ = false;
        if (interrupted) {
            code_ = worse(code_, ExitCode::inconclusive);
        }
        return finished(interrupted);
    }

    ExitCode review(std::vector<evidence::Visit> visits) {
        for (evidence::Visit& visit : visits) {
            report(doctor::review(std::move(visit), options_.visit));
        }
        return finished(false);
    }

private:
    void report(const advise::CaseFile& file) {
        if (stopped_) {
            return;
        }
        progress_.clear();
        code_ =
            worse(code_, exit_code_for(file.diagnosis, file.visit.interrupted, options_.fail_on));
        advise::CaseFile judged = with_error_judged(file, error_);
        if (files_) {
            judged.diagnosis.config_note = note_on_files(judged.visit, *files_);
        }
        note(results_.add(judged));
        if (stopped_ && visiting_) {
            // The doctor ends its visits as it does for Ctrl-C: asking servers for answers that
            // nobody will read would be rude to them.
            std::raise(SIGINT);
        }
    }

    ExitCode finished(bool interrupted) {
        progress_.clear();
        if (!stopped_) {
            note(results_.finish(interrupted));
        }
        return code_;
    }

    void note(const std::expected<void, OutputError>& written) {
        if (written) {
            return;
        }
        stopped_ = true;
        code_ = ExitCode::internal;
        if (written.error().kind != OutputError::Kind::reader_gone) { // `| head` is no mistake
            fmt::print(stderr, "tlsdoctor: {}\n", written.error().what);
        }
    }

    const Options& options_;
    Results results_;
    std::optional<evidence::Configuration> files_; ///< of `--config`
    ProgressLine progress_;
    explain::Reading error_{}; ///< what `--error` means; without groups where it is not given
    ExitCode code_{ExitCode::healthy};
    bool visiting_{}; ///< the doctor is at work, and listens for signals
    bool stopped_{};  ///< an output failed
};

ExitCode replay(const Options& options) {
    const auto text = read_whole(options.replay);
    if (!text) {
        return complain({.what = text.error()});
    }
    auto visits = read_recording(*text, options.replay);
    if (!visits) {
        return complain(visits.error());
    }
    auto files = files_to_compare(options.config);
    if (!files) {
        return complain(files.error());
    }
    const Environment seen = environment();
    auto results = Results::open(options.output, visits->size() > 1, seen);
    if (!results) {
        return complain({.what = results.error().what});
    }
    return Run{options, std::move(*results), seen, *std::move(files)}.review(std::move(*visits));
}

ExitCode run_with(const Options& options) {
    if (!options.replay.empty()) {
        return replay(options);
    }
    if (const auto error = unreadable_files(options.visit)) {
        return complain(*error);
    }
    const auto sources = gather(options);
    if (!sources) {
        return complain(sources.error());
    }
    for (const std::string& complaint : sources->complaints) {
        fmt::print(stderr, "tlsdoctor: {}\n", complaint);
    }
    const ExitCode lists = sources->complaints.empty() ? ExitCode::healthy : ExitCode::usage;
    if (sources->targets.empty()) {
        return lists;
    }
    auto files = files_to_compare(options.config);
    if (!files) {
        return complain(files.error());
    }
    const Environment seen = environment();
    const bool several = sources->targets.size() > 1 || !options.target_files.empty();
    auto results = Results::open(options.output, several, seen);
    if (!results) {
        return complain({.what = results.error().what});
    }
    Run run{options, std::move(*results), seen, *std::move(files)};
    return worse(lists, run.visit(sources->targets));
}

} // namespace

ExitCode run_check(const Options& options) {
    if (!options.client_file.empty()) {
        Options with_hello = options;
        if (const auto error = read_client_file(options.client_file, with_hello.visit)) {
            return complain(*error);
        }
        return run_with(with_hello);
    }
    return run_with(options);
}

} // namespace tlsdoctor::cli
