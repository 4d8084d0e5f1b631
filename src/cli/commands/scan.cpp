// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor scan`: lists over the fleet's engine to lines. Everything that can be refused is
// refused before the first packet is sent.
#include "cli/commands/commands.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/core.h>

#include "base/random.hpp"
#include "base/text.hpp"
#include "cli/client_option.hpp"
#include "cli/line_output.hpp"
#include "cli/own_files.hpp"
#include "cli/result_store.hpp"
#include "cli/scan_watch.hpp"
#include "cli/sources.hpp"
#include "cli/terminal.hpp"
#include "cli/version.hpp"
#include "fleet/budget.hpp"
#include "fleet/engine.hpp"
#include "fleet/finished.hpp"
#include "fleet/target_source.hpp"
#include "process/interruption.hpp"

namespace tlsdoctor::cli {

namespace {

/// With a low rate one visit takes longer than the usual time for a target: so many connections
/// must fit into it.
constexpr std::int64_t k_connections_in_time = 200;

std::uint64_t random_number() {
    std::array<std::uint8_t, 8> bytes{};
    system_random()(bytes);
    std::uint64_t number = 0;
    for (const std::uint8_t byte : bytes) {
        number = number << 8U | byte;
    }
    return number;
}

/// The exit code of a line that an earlier run wrote.
ExitCode code_of_line(const evidence::Result& result, std::string_view line, FailOn fail_on) {
    const CauseInfo* const cause = find_cause(result.cause);
    ExitCode code = ExitCode::healthy;
    if (line.contains(R"("interrupted":true)") || result.status == "unsure" || cause == nullptr) {
        code = ExitCode::inconclusive;
    } else if (result.status == "fail") {
        code = static_cast<ExitCode>(cause->exit_code);
    }
    if (code == ExitCode::unreachable && fail_on.unreachable) {
        code = ExitCode::problem;
    }
    const bool warned = line.contains(R"("status":"warn")");
    return warned && fail_on.warn ? worse(code, ExitCode::problem) : code;
}

/// One run.
class Scan {
public:
    explicit Scan(const Options& options)
        : options_{options}, seen_{environment()}, watch_{seen_, options.output.quiet},
          key_{random_number()}, finished_{key_} {}

    ExitCode run() {
        if (const auto error = prepare()) {
            return complain(*error);
        }
        const TimePoint begun = Clock::now();
        fleet::EngineOptions engine = engine_options();
        const fleet::EngineEnd end = fleet::run(*source_, engine, hooks());
        watch_.make_room();
        finish(end.interrupted);
        code_ = end.interrupted ? worse(code_, ExitCode::inconclusive) : code_;
        if (source_->counts().problems > 0) {
            code_ = worse(code_, ExitCode::usage);
        }
        const double seconds = milliseconds_between(begun, Clock::now()) / 1'000.0;
        const std::string summary = scan_summary(end, *source_, tally_, finished_.lines(), seconds);
        fmt::print(stderr, "{}", summary);
        return code_;
    }

private:
    std::optional<UsageError> prepare() {
        if (auto error = unreadable_files(options_.visit)) {
            return error;
        }
        const auto excluded = read_exclusion();
        if (!excluded) {
            return excluded.error();
        }
        fleet::SourceOptions from{
            .words = options_.scan.words,
            .files = options_.target_files,
            .ports = options_.scan.ports,
            .read_word = word_reader(options_),
            .exclusion = &exclusion_,
            .key = key_,
        };
        if (options_.scan.resume) {
            from.is_done = [this](const evidence::Target& target) {
                return finished_.contains(target);
            };
        }
        source_.emplace(std::move(from));
        if (const auto opened = source_->open(); !opened) {
            return UsageError{.what = opened.error()};
        }
        if (auto error = open_outputs()) {
            return error;
        }
        budget_ = fleet::make_budget(options_.scan.concurrency);
        if (budget_.lowered && options_.scan.concurrency) {
            watch_.say(fmt::format(
                "{} connections at once instead of {}: the system allows {} descriptors",
                budget_.connections, *options_.scan.concurrency, budget_.descriptors
            ));
        }
        return std::nullopt;
    }

    /// A mistake in this list is no line to pass over: somebody would be asked who must not be.
    std::expected<void, UsageError> read_exclusion() {
        if (options_.scan.exclude.empty()) {
            return {};
        }
        Options rules; // ports and names of the command line are not about these lines
        const auto list = read_entries(options_.scan.exclude);
        if (!list) {
            return std::unexpected(list.error());
        }
        for (const fleet::Entry& entry : *list) {
            if (const auto added = exclusion_.add(entry, word_reader(rules)); !added) {
                return std::unexpected(UsageError{
                    .what = fmt::format(
                        "--exclude: {}:{}: {}", harmless(options_.scan.exclude), entry.line,
                        added.error().what
                    ),
                    .hint = "nothing was asked: a line that is not understood would not be excluded"
                });
            }
        }
        return {};
    }

    std::optional<UsageError> open_outputs() {
        const OutputOptions& output = options_.output;
        const bool to_file = !output.json_file.empty() && output.json_file != "-";
        json_on_stdout_ = output.json || !to_file;
        if (output.quiet) {
            json_on_stdout_ = output.json;
        }
        auto standard = LineOutput::open("-", Existing::refused);
        standard_output_.emplace(std::move(*standard));
        if (!output.db.empty()) {
            auto store =
                ResultStore::open(output.db, Command::scan, output.words, options_.scan.resume);
            if (!store) {
                return UsageError{.what = store.error().what};
            }
            store_.emplace(std::move(*store));
        }
        if (!to_file) {
            return std::nullopt;
        }
        const Existing existing = options_.scan.resume ? Existing::continued
                                  : output.overwrite   ? Existing::replaced
                                                       : Existing::refused;
        auto file = LineOutput::open(output.json_file, existing);
        if (!file) {
            return UsageError{.what = file.error().what};
        }
        file_.emplace(std::move(*file));
        return options_.scan.resume ? read_back() : std::nullopt;
    }

    /// Reads what an earlier run finished, and cuts its torn last line.
    std::optional<UsageError> read_back() {
        finished_.on_result = [this](const evidence::Result& result, std::string_view line) {
            tally_.add(fleet::gist_of(result));
            code_ = worse(code_, code_of_line(result, line, options_.fail_on));
            if (store_) { // what a crash took from it; a second result of one target is left out
                note_failure(store_->add(line));
            }
        };
        const auto read =
            file_->read_back([this](std::string_view bytes) { return finished_.feed(bytes); });
        if (!read) {
            return UsageError{
                .what = fmt::format(
                    "--resume: {}: {}", harmless(options_.output.json_file), read.error()
                ),
                .hint = "it goes on with the output of an earlier scan, and with no other file"
            };
        }
        if (const auto cut = file_->cut(finished_.complete_bytes()); !cut) {
            return UsageError{.what = cut.error().what};
        }
        return std::nullopt;
    }

    fleet::EngineOptions engine_options() {
        fleet::EngineOptions engine;
        engine.lane.visit = options_.visit;
        engine.lane.json = {
            .command = "scan",
            .version = std::string(version()),
            .data_date = std::string(data_date())
        };
        engine.lane.wants_json = json_on_stdout_ || file_.has_value() || store_.has_value();
        engine.lane.wants_text = options_.output.quiet;
        engine.lane.utf8 = speaks_utf8(seen_);
        engine.lane.connections = budget_.connections;
        engine.lane.per_host = options_.scan.per_host;
        engine.lane.exit_code =
            [fail_on = options_.fail_on](const diagnose::Diagnosis& diagnosis, bool interrupted) {
                return static_cast<int>(exit_code_for(diagnosis, interrupted, fail_on));
            };
        const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
        engine.threads = options_.scan.threads.value_or(cores);
        engine.seed = options_.scan.seed.value_or(key_);
        engine.rate = options_.scan.rate;
        engine.exclusion = &exclusion_;
        if (engine.rate && !options_.visit.versions_only) {
            const milliseconds least{k_connections_in_time * 1'000 / *engine.rate};
            if (least > engine.lane.visit.deadline) {
                watch_.say(fmt::format(
                    "with --rate {} a target may take {}", *engine.rate,
                    fleet::duration_text(static_cast<double>(least.count()) / 1'000.0)
                ));
                engine.lane.visit.deadline = least;
            }
        }
        return engine;
    }

    fleet::EngineHooks hooks() {
        return {
            .on_result = [this](
                             const evidence::Target&, const fleet::Judged& result
                         ) { return write(result); },
            .on_problem = [this](const fleet::SourceProblem& what) { watch_.problem(what); },
            .on_excluded = [this](
                               const evidence::Target& target, const std::string& address
                           ) { watch_.excluded(target, address); },
            .on_tick = [this](const fleet::EngineState& state) { tick(state); },
            .interrupted = [this] { return interruption_.came() || failed_; },
        };
    }

    void tick(const fleet::EngineState& state) {
        watch_.tick(state, *source_, tally_, Clock::now());
        if (store_) {
            note_failure(store_->tick());
        }
    }

    bool write(const fleet::Judged& result) {
        std::expected<void, OutputError> written{};
        if (file_) { // first: where nobody reads stdout any more, the file still gets the result
            written = file_->write(result.line);
        }
        if (written && store_) {
            written = store_->add(result.line);
        }
        if (written && json_on_stdout_) {
            watch_.make_room();
            written = standard_output_->write(result.line);
        } else if (written && !result.text.empty()) {
            watch_.make_room();
            written = standard_output_->write(result.text);
        }
        if (!written) {
            note(written.error());
            return false;
        }
        tally_.add(*result.gist);
        code_ = worse(code_, static_cast<ExitCode>(result.gist->exit_code));
        return true;
    }

    void finish(bool interrupted) {
        if (file_ && !failed_) {
            note_failure(file_->finish());
        }
        if (store_ && !failed_) {
            note_failure(store_->finish(interrupted));
        }
    }

    void note_failure(const std::expected<void, OutputError>& written) {
        if (!written && !failed_) {
            note(written.error());
        }
    }

    void note(const OutputError& error) {
        failed_ = true;
        code_ = ExitCode::internal;
        if (error.kind != OutputError::Kind::reader_gone) { // `| head` is no mistake
            watch_.say(error.what);
        }
    }

    const Options& options_;
    process::Interruption interruption_{};
    Environment seen_;
    ScanWatch watch_;
    std::uint64_t key_;
    fleet::Finished finished_;
    fleet::Exclusion exclusion_{};
    std::optional<fleet::TargetSource> source_{};
    fleet::Budget budget_{};
    fleet::Tally tally_{};
    std::optional<LineOutput> standard_output_{};
    std::optional<LineOutput> file_{};
    std::optional<ResultStore> store_{};
    bool json_on_stdout_{};
    bool failed_{};
    ExitCode code_{ExitCode::healthy};
};

} // namespace

ExitCode run_scan(const Options& options) {
    if (!options.client_file.empty()) {
        Options with_hello = options;
        if (const auto error = read_client_file(options.client_file, with_hello.visit)) {
            return complain(*error);
        }
        return Scan{with_hello}.run();
    }
    return Scan{options}.run();
}

} // namespace tlsdoctor::cli
