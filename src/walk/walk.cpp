// SPDX-License-Identifier: Apache-2.0
// The first run is against a healthy server: it shows the hello, so that what is not offered need
// not be tried, and whether the client took our root. Then threads take one trial after the other.
#include "walk/walk.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/core.h>

#include "client/hello.hpp"
#include "peer/background_servers.hpp"
#include "walk/judge.hpp"
#include "walk/trials.hpp"
#include "walk/trust.hpp"

namespace tlsdoctor::walk {

namespace {

using evidence::Reaction;
using evidence::Walk;
using evidence::WalkGroup;
using evidence::WalkStep;

/// After the program's end, for the server to notice that its connections have ended.
constexpr milliseconds k_settle{300};

constexpr std::array k_every_group = {
    WalkGroup::versions, WalkGroup::key_types, WalkGroup::suites,
    WalkGroup::groups,   WalkGroup::failures,
};

/// What one run came to.
struct RunResult {
    process::Result result{};
    std::vector<peer::Meeting> met{};
    bool cut{}; ///< the walk's end ended it
};

std::optional<client::HelloFields> hello_in(const std::vector<peer::Meeting>& met) {
    for (const peer::Meeting& meeting : met) {
        if (auto hello = client::read_hello(meeting.hello)) {
            return *std::move(hello);
        }
    }
    return std::nullopt;
}

/// A walk under way. `next` and `walk` are under the lock.
class Walker {
public:
    Walker(
        const WalkOptions& options, const process::Interruption* interruption,
        std::vector<Trial> trials, peer::BackgroundServers servers, TrustFolder trust
    )
        : options_(options), interruption_(interruption), trials_(std::move(trials)),
          servers_(std::move(servers)), trust_(std::move(trust)),
          deadline_(Clock::now() + options.deadline) {
        // The servers: the healthy one, one for each trial, then those of the second tries.
        std::size_t next_server = trials_.size() + 1;
        for (const Trial& trial : trials_) {
            second_servers_.push_back(trial.otherwise.empty() ? 0 : next_server++);
        }
    }

    std::expected<Walk, std::string> finish() {
        const RunResult first = run(0, options_.run_deadline);
        if (first.result.ending == process::Ending::not_started) {
            return std::unexpected(first.result.error);
        }
        hello_ = hello_in(first.met);
        walk_.trusts_us = trusts(first.met, first.result);
        for (const Trial& trial : trials_) {
            walk_.steps.push_back({.group = trial.group, .name = trial.name});
        }
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < std::max<std::size_t>(options_.at_once, 1); ++i) {
            threads.emplace_back([this] { take_trials(); });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        if (options_.at_once > 1 && hello_) {
            try_again_alone();
        }
        return std::move(walk_);
    }

private:
    bool is_over() const {
        return Clock::now() >= deadline_ || (interruption_ != nullptr && interruption_->came());
    }

    RunResult run(std::size_t server, milliseconds deadline) {
        process::Command command = options_.command(servers_.port(server));
        const auto variables = trust_.variables();
        command.set.insert(command.set.begin(), variables.begin(), variables.end());
        const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - Clock::now());
        command.deadline = std::clamp(left, milliseconds(1), deadline);
        RunResult made{.result = process::run(command, interruption_)};
        made.cut = left <= deadline && made.result.ending == process::Ending::timed_out;
        made.met = servers_.take_meetings(server, k_settle);
        const std::scoped_lock held(lock_);
        ++walk_.runs;
        return made;
    }

    /// Takes one trial after the other until none is left.
    void take_trials() {
        for (;;) {
            std::size_t index = 0;
            {
                const std::scoped_lock held(lock_);
                if (next_ == trials_.size()) {
                    return;
                }
                index = next_++;
                if (is_over()) {
                    walk_.cut = true;
                    continue;
                }
                say(index);
            }
            note(index, step_for(index));
        }
    }

    WalkStep step_for(std::size_t index) {
        const Trial& trial = trials_[index];
        if (!is_offered(trial, hello_)) {
            return {
                .group = trial.group,
                .name = trial.name,
                .acceptance = Reaction::not_offered,
                .how = "its hello does not offer it",
            };
        }
        const RunResult made =
            run(index + 1,
                trial.deadline > milliseconds{} ? trial.deadline : options_.run_deadline);
        WalkStep step = step_of(trial, made);
        if (trial.otherwise.empty() || !minds_the_rest(step, made.met) ||
            !is_offered(trial.otherwise.front(), hello_)) {
            return step;
        }
        const Trial& other = trial.otherwise.front();
        WalkStep second = step_of(other, run(second_servers_[index], options_.run_deadline));
        second.name = trial.name;
        return joined(std::move(step), std::move(second), other.name);
    }

    WalkStep step_of(const Trial& trial, const RunResult& made) const {
        if (made.result.ending == process::Ending::interrupted) {
            return {.group = trial.group, .name = trial.name};
        }
        return judged(trial, made.met, made.result, walk_.trusts_us, made.cut);
    }

    void note(std::size_t index, WalkStep step) {
        const std::scoped_lock held(lock_);
        walk_.cut = walk_.cut || step.acceptance == Reaction::not_tested;
        walk_.steps[index] = std::move(step);
    }

    void say(std::size_t index) const {
        if (options_.on_progress) {
            options_.on_progress(fmt::format(
                "walking the client, {} of {}: {}", index + 1, trials_.size(), trials_[index].name
            ));
        }
    }

    /// Programs that cannot run twice at once did not come, or were too slow; alone they may.
    void try_again_alone() {
        for (std::size_t i = 0; i < trials_.size() && !is_over(); ++i) {
            const bool is_unclear = walk_.steps[i].acceptance == Reaction::unclear;
            if (is_unclear && trials_[i].judged != Judged::by_text) {
                note(i, step_for(i));
            }
        }
    }

    const WalkOptions& options_;
    const process::Interruption* interruption_;
    std::vector<Trial> trials_;
    std::vector<std::size_t> second_servers_{}; ///< of each trial; 0: none
    peer::BackgroundServers servers_;
    TrustFolder trust_;
    TimePoint deadline_;
    std::optional<client::HelloFields> hello_{};
    std::mutex lock_{};
    std::size_t next_{};
    Walk walk_{};
};

} // namespace

std::expected<Walk, std::string>
walk(const WalkOptions& options, const process::Interruption* interruption) {
    const TimePoint from = Clock::now();
    std::vector<WalkGroup> groups = options.groups;
    if (groups.empty()) {
        groups.assign(k_every_group.begin(), k_every_group.end());
    }
    peer::LabCertificates certificates{crypto::KeyType::rsa_2048};
    std::vector<peer::Behaviour> behaviours{healthy_server(certificates)};
    std::vector<Trial> all = trials(groups, certificates);
    for (const Trial& trial : all) {
        behaviours.push_back(trial.behaviour);
    }
    for (const Trial& trial : all) {
        for (const Trial& other : trial.otherwise) {
            behaviours.push_back(other.behaviour);
        }
    }
    if (!certificates.error().empty()) {
        return std::unexpected(certificates.error());
    }
    auto servers = peer::BackgroundServers::start(
        std::move(behaviours), {.patience = options.run_deadline, .both_families = true}
    );
    if (!servers) {
        return std::unexpected(servers.error());
    }
    auto trust = TrustFolder::make(certificates.root());
    if (!trust) {
        return std::unexpected(trust.error());
    }
    Walker walker(options, interruption, std::move(all), std::move(*servers), std::move(*trust));
    auto walked = walker.finish();
    if (walked) {
        walked->elapsed_ms = milliseconds_between(from, Clock::now());
    }
    return walked;
}

} // namespace tlsdoctor::walk
