// SPDX-License-Identifier: Apache-2.0
// What is proved is the prediction: the patched files are read and judged anew, and the real
// server, on trial or after its reload, must do exactly that for every address and name.
#include "cli/config_apply.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>
#include <poll.h>

#include "cli/config_probe.hpp"
#include "config/trial.hpp"

namespace tlsdoctor::cli {

namespace {

using config::Step;
using config::StepState;

constexpr milliseconds k_settling{8'000}; ///< a reload is done when its command has long ended
constexpr int k_between_questions_ms = 300;

/// The files as they will be, read and judged.
class Future {
public:
    explicit Future(const FixContext& context)
        : context_(context), files_(context.input.files), input_(input_on(files_)) {
        for (const auto& [path, bytes] : context.mended.files) {
            files_.replace(path, bytes);
        }
        examination_ = examine_with(input_);
    }
    Future(const Future&) = delete;
    Future& operator=(const Future&) = delete;

    const config::Examination& examination() const { return examination_; }
    const config::Input& input() const { return input_; }

    /// Tells whether the server would read a new file of that name.
    bool would_read(const std::string& path) const {
        const config::Files& changed = files_;
        config::PatchedFiles files{changed};
        files.replace(path, "");
        const config::Examination seen = examine_with(input_on(files));
        const config::Sources& sources = seen.reading.sources;
        for (std::size_t i = 0; i < sources.size(); ++i) {
            if (sources.at(static_cast<config::FileId>(i)).path == path) {
                return true;
            }
        }
        return false;
    }

private:
    config::Input input_on(const config::Files& files) const {
        config::Input input{
            .files = files,
            .knowledge = context_.input.knowledge,
            .main = context_.input.main,
            .server_version = context_.input.server_version,
            .library_version = context_.input.library_version
        };
        if (!context_.command.empty()) {
            config::Sources sources; // the script is the first of them, as it is in a reading
            input.start = config::read_start_command(
                sources, context_.command_path, context_.command,
                config::folder_of(context_.input.main)
            );
        }
        return input;
    }

    config::Examination examine_with(const config::Input& input) const {
        return config::examine(
            *context_.before.server, input, context_.command, context_.command_path
        );
    }

    const FixContext& context_;
    config::PatchedFiles files_;
    config::Input input_;
    config::Examination examination_{};
};

Step step_of(std::string what, const WireAnswer& answer) {
    return {
        .what = fmt::format("{} ({} addresses and names)", what, answer.asked),
        .state = answer.as_predicted ? StepState::done : StepState::failed,
        .detail = answer.interrupted  ? "interrupted"
                  : answer.asked == 0 ? "there is nothing to ask"
                                      : answer.detail
    };
}

/// The configuration that would not start need not be tried.
std::optional<Step> refusal(const config::Examination& examination) {
    if (examination.reading.fatal.empty()) {
        return std::nullopt;
    }
    const config::Remark& remark = examination.reading.fatal.front();
    return Step{
        .what = "read the changed files",
        .state = StepState::failed,
        .detail =
            fmt::format("{}: {}", examination.reading.sources.where(remark.place), remark.what)
    };
}

/// Asks until the server does what the files say, or does not come to it: one that was started or
/// reloaded a moment ago may still be busy with itself. On a busy machine the first round alone may
/// take longer than that, so there is always a second one.
Step ask_until_settled(
    std::string what, const Future& future, const config::TrialAddresses& addresses,
    process::Shelter& shelter
) {
    const TimePoint until = Clock::now() + k_settling;
    for (bool again = false;; again = true) {
        WireAnswer answer;
        shelter.aside([&] { answer = ask_services(future.examination(), addresses); });
        const bool settled = again && Clock::now() > until;
        if (answer.as_predicted || answer.asked == 0 || shelter.came() || settled) {
            return step_of(std::move(what), answer);
        }
        poll(nullptr, 0, k_between_questions_ms);
    }
}

config::Trial trial_of_future(const Future& future, process::Shelter& shelter) {
    if (auto step = refusal(future.examination())) {
        return {.steps = {*std::move(step)}};
    }
    const auto ask = [&](const config::TrialAddresses& addresses) {
        return ask_until_settled("ask the server on trial", future, addresses, shelter);
    };
    return config::try_out(future.examination(), future.input(), ask, shelter);
}

std::vector<config::Replacement> replacements_of(const FixContext& context) {
    std::vector<config::Replacement> files;
    const config::Sources& sources = context.before.reading.sources;
    for (const auto& [path, bytes] : context.mended.files) {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const config::SourceFile& source = sources.at(static_cast<config::FileId>(i));
            if (source.path == path) {
                files.push_back({.path = path, .before = source.bytes, .after = bytes});
                break;
            }
        }
    }
    return files;
}

/// Puts the fix on trial as a part of applying it. Where the server's own test cannot be relied on,
/// a reload without a trial is a risk that nobody asked for.
std::vector<Step>
needed_trial(const Future& future, bool reload, bool& verified, process::Shelter& shelter) {
    config::Trial trial = trial_of_future(future, shelter);
    verified = trial.probed;
    const bool risky = reload && !config::operation_of(*future.examination().server).trusted;
    if (!trial.possible && risky) {
        for (Step& step : trial.steps) {
            step.state = StepState::failed;
            step.detail += "; its own test cannot be relied on, so it is not reloaded";
        }
    }
    return std::move(trial.steps);
}

} // namespace

ApplyOutcome apply_fix(const FixContext& context, const ApplyWishes& wishes) {
    ApplyOutcome outcome;
    auto files = replacements_of(context);
    if (files.empty() || files.size() != context.mended.files.size()) {
        outcome.steps.push_back(
            {.what = "replace files",
             .state = StepState::failed,
             .detail = files.empty() ? "there is nothing to change"
                                     : "a file that would be changed was not read"}
        );
        return outcome;
    }
    process::Shelter shelter;
    const Future future{context};
    const config::Server& server = *context.before.server;
    config::Transaction transaction{
        .server = server,
        .input = future.input(),
        .files = std::move(files),
        .would_read = [&](const std::string& path) { return future.would_read(path); },
        .reload = wishes.reload,
        .reload_by = wishes.reload_command,
        .probe =
            [&] {
                return ask_until_settled(
                    "ask the running server", future, running_addresses(future.examination()),
                    shelter
                );
            }
    };
    const bool needs = config::has_trial(server) && !config::operation_of(server).trusted;
    if (wishes.verify || needs) {
        transaction.trial = [&] {
            return needed_trial(future, wishes.reload, outcome.verified, shelter);
        };
    }
    config::Transacted done = config::transact(transaction, shelter);
    outcome.done = done.done;
    outcome.rolled_back = done.rolled_back;
    outcome.interrupted = done.interrupted;
    outcome.verified = done.done && (outcome.verified || done.reloaded);
    outcome.steps = std::move(done.steps);
    for (const config::Replaced& file : done.files) {
        outcome.backups.push_back(file.backup);
    }
    return outcome;
}

ApplyOutcome verify_fix(const FixContext& context) {
    process::Shelter shelter;
    const Future future{context};
    config::Trial trial = trial_of_future(future, shelter);
    return {
        .verified = trial.probed, .interrupted = shelter.came(), .steps = std::move(trial.steps)
    };
}

} // namespace tlsdoctor::cli
