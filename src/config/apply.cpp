// SPDX-License-Identifier: Apache-2.0
// Each step either lets the next one go on or starts the way back, which goes through the files in
// reverse and, where the server was told to reload, tells it again.
#include "config/apply.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_step_line_bytes = 400;

/// A transaction under way.
class Run {
public:
    Run(const Transaction& wanted, process::Shelter& shelter)
        : wanted_(wanted), shelter_(shelter), product_(wanted.server.product) {}

    Transacted finish() {
        const bool good = trial() && replace() && test() && reload() && probe();
        done_.interrupted = shelter_.came();
        if (good && !done_.interrupted) {
            done_.done = true;
            return std::move(done_);
        }
        if (done_.interrupted) {
            note("interrupted", StepState::failed, "by the user");
            shelter_.forget();
        }
        undo();
        return std::move(done_);
    }

private:
    void note(std::string what, StepState state, std::string detail) {
        done_.steps.push_back({.what = std::move(what), .state = state, .detail = std::move(detail)}
        );
    }

    /// Adds a step; tells whether the next one may come.
    bool add(Step step) {
        done_.steps.push_back(std::move(step));
        return done_.steps.back().state != StepState::failed && !shelter_.came();
    }

    bool trial() {
        if (!wanted_.trial) {
            return true;
        }
        bool good = true;
        for (Step& step : wanted_.trial()) {
            good = add(std::move(step)) && good;
        }
        return good;
    }

    bool replace() {
        for (const Replacement& file : wanted_.files) {
            auto replaced = replace_file(file, {.wanted = true, .would_read = wanted_.would_read});
            if (!replaced) {
                note("replace " + file.path, StepState::failed, replaced.error().what);
                return false;
            }
            const std::string how = replaced->in_place.empty()
                                        ? ""
                                        : "; written in place, because " + replaced->in_place;
            note(
                "replace " + replaced->path, StepState::done,
                fmt::format("the old file is {}{}", replaced->backup, how)
            );
            done_.files.push_back(*std::move(replaced));
            if (shelter_.came()) {
                return false;
            }
        }
        return true;
    }

    bool test() {
        const Operation& row = operation_of(wanted_.server);
        const process::Command command = test_of(wanted_.server, wanted_.input);
        const std::string what = product_ + " tests its configuration";
        if (command.argv.empty()) {
            note(what, StepState::skipped, "it has no test");
            return true;
        }
        if (process::path_of(command.argv.front()).empty()) {
            note(what, StepState::skipped, fmt::format("'{}' is not there", command.argv.front()));
            return true;
        }
        Step step = run_step(what, command, shelter_);
        if (step.state == StepState::done && !row.not_noticed.empty()) {
            step.detail = fmt::format("the test does not notice {}", row.not_noticed);
        }
        return add(std::move(step));
    }

    process::Command command_of_reload() const {
        if (!wanted_.reload_by.empty()) {
            return {.argv = {"/bin/sh", "-c", wanted_.reload_by}, .deadline = milliseconds{60'000}};
        }
        return reload_of(wanted_.server, wanted_.input);
    }

    bool reload() {
        const Operation& row = operation_of(wanted_.server);
        const process::Command command = command_of_reload();
        const std::string what = product_ + " reads its configuration again";
        if (!wanted_.reload) {
            const std::string how = !row.reloads           ? "it needs a restart"
                                    : command.argv.empty() ? "reload it"
                                                           : "reload it with: " + shown(command);
            note(what, StepState::skipped, "the running server still has the old one; " + how);
            return true;
        }
        if (command.argv.empty()) {
            note(
                what, StepState::failed,
                row.reloads ? "how this server is reloaded is not known here"
                            : "a reload is not enough: it needs a restart"
            );
            return false;
        }
        told_ = true;
        return add(run_step(what, command, shelter_));
    }

    bool probe() {
        if (!told_ || !wanted_.probe) {
            return true;
        }
        done_.reloaded = add(wanted_.probe());
        return done_.reloaded;
    }

    void undo() {
        done_.reloaded = false;
        if (done_.files.empty()) {
            return;
        }
        bool all = true;
        for (std::size_t i = done_.files.size(); i-- > 0;) {
            const auto undone = put_back(wanted_.files[i], done_.files[i]);
            note(
                "put back " + done_.files[i].path, undone ? StepState::done : StepState::failed,
                undone ? "" : undone.error().what
            );
            all = undone.has_value() && all;
        }
        if (told_) {
            add(run_step(
                product_ + " reads the old configuration again", command_of_reload(), shelter_
            ));
        }
        done_.rolled_back = all;
        done_.files.clear();
    }

    const Transaction& wanted_;
    process::Shelter& shelter_;
    std::string product_;
    bool told_{}; ///< the running server may have read the new files
    Transacted done_{};
};

std::string ending_of(const process::Result& result) {
    switch (result.ending) {
    case process::Ending::exited:
        return result.exit_code == 0 ? "" : fmt::format("exit code {}", result.exit_code);
    case process::Ending::signalled:
        return fmt::format("ended by signal {}", result.signal);
    case process::Ending::timed_out:
        return "it did not end in time";
    case process::Ending::interrupted:
        return "interrupted";
    case process::Ending::not_started:
        return result.error;
    }
    std::unreachable();
}

} // namespace

std::string_view name_of(StepState state) {
    switch (state) {
    case StepState::done:
        return "done";
    case StepState::failed:
        return "failed";
    case StepState::skipped:
        return "skipped";
    }
    std::unreachable();
}

Transacted transact(const Transaction& transaction, process::Shelter& shelter) {
    return Run{transaction, shelter}.finish();
}

Step run_step(std::string what, const process::Command& command, process::Shelter& shelter) {
    const process::Result result = process::run(command, shelter.listening());
    const bool good = result.ending == process::Ending::exited && result.exit_code == 0;
    return {
        .what = std::move(what),
        .state = good ? StepState::done : StepState::failed,
        .command = shown(command),
        .detail = ending_of(result),
        .output = last_lines(result.output_tail)
    };
}

std::string last_lines(std::string_view output) {
    const auto all = split(trimmed(output), '\n');
    std::string text;
    for (std::size_t i = all.size() - std::min(all.size(), k_most_step_lines); i < all.size();
         ++i) {
        text += (text.empty() ? "" : "\n") +
                harmless(trimmed(all[i]).substr(0, k_most_step_line_bytes));
    }
    return text;
}

} // namespace tlsdoctor::config
