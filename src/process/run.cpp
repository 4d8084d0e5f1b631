// SPDX-License-Identifier: Apache-2.0
// Waits for output, the end, the deadline and the user at once. The group is killed before its
// leader is reaped: until then its number cannot become another group's.
#include "process/run.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/spawn.hpp"
#include "process/tail.hpp"

namespace tlsdoctor::process {

namespace {

constexpr milliseconds k_longest_wait{1'000}; ///< then everything is looked at again
constexpr milliseconds k_without_pidfd{20};
constexpr milliseconds k_last_words{1'000}; ///< for output that is on its way when all is over

/// A run under way.
class Watcher {
public:
    Watcher(const Command& command, Child child, const Interruption* interruption, TimePoint start)
        : child_(std::move(child)), interruption_(interruption), tail_(command.output_bound),
          deadline_(start + command.deadline), grace_(command.grace) {}

    Result finish() {
        while (!has_ended()) {
            wait();
            if (Clock::now() >= deadline_) {
                end_group();
            } else if (interruption_ != nullptr && interruption_->came() && !ended_by_us_) {
                end_group();
                result_.ending = Ending::interrupted;
            }
        }
        kill(-child_.pid, SIGKILL); // whom it left behind
        read_last_words();
        reap();
        result_.output_tail = tail_.text();
        result_.output_cut = tail_.was_cut();
        return std::move(result_);
    }

private:
    bool has_ended() const {
        siginfo_t about{};
        return waitid(P_PID, static_cast<id_t>(child_.pid), &about, WEXITED | WNOHANG | WNOWAIT) !=
                   0 ||
               about.si_pid == child_.pid;
    }

    /// Asks the group to end, and at the second time makes it.
    void end_group() {
        kill(-child_.pid, ended_by_us_ ? SIGKILL : SIGTERM);
        if (!ended_by_us_) {
            result_.ending = Ending::timed_out;
        }
        ended_by_us_ = true;
        deadline_ = Clock::now() + grace_;
    }

    void wait() {
        const bool listens = interruption_ != nullptr && !ended_by_us_;
        std::array<pollfd, 3> events{{
            {.fd = child_.output.get(), .events = POLLIN, .revents = 0},
            {.fd = child_.end.get(), .events = POLLIN, .revents = 0},
            {.fd = listens ? interruption_->descriptor() : -1, .events = POLLIN, .revents = 0},
        }};
        const auto left =
            std::chrono::duration_cast<milliseconds>(deadline_ - Clock::now()) + milliseconds(1);
        const milliseconds most = child_.end.get() < 0 ? k_without_pidfd : k_longest_wait;
        const auto patience = std::clamp(left, milliseconds(0), most);
        if (poll(events.data(), events.size(), static_cast<int>(patience.count())) > 0 &&
            events[0].revents != 0) {
            read_some();
        }
    }

    /// Reads what is there; false at the end of the output.
    bool read_some() {
        std::array<char, 16384> buffer{};
        const ssize_t size = read(child_.output.get(), buffer.data(), buffer.size());
        if (size > 0) {
            tail_.add({buffer.data(), static_cast<std::size_t>(size)});
            return true;
        }
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
            return true;
        }
        child_.output.reset();
        return false;
    }

    /// The pipe stays open where a grandchild left the group; it is not waited for.
    void read_last_words() {
        const TimePoint until = Clock::now() + k_last_words;
        while (child_.output.get() >= 0 && Clock::now() < until) {
            pollfd event{.fd = child_.output.get(), .events = POLLIN, .revents = 0};
            if (poll(&event, 1, 50) <= 0 || !read_some()) {
                return;
            }
        }
    }

    void reap() {
        int status = 0;
        while (waitpid(child_.pid, &status, 0) < 0 && errno == EINTR) {
        }
        if (ended_by_us_) {
            return;
        }
        if (WIFEXITED(status)) {
            result_.exit_code = WEXITSTATUS(status);
        } else {
            result_.ending = Ending::signalled;
            result_.signal = WTERMSIG(status);
        }
    }

    Child child_;
    const Interruption* interruption_;
    Tail tail_;
    TimePoint deadline_;
    milliseconds grace_;
    bool ended_by_us_{};
    Result result_{};
};

} // namespace

Result run(const Command& command, const Interruption* interruption) {
    const TimePoint start = Clock::now();
    auto child = spawn(command);
    if (!child) {
        return {.ending = Ending::not_started, .error = std::move(child.error())};
    }
    Watcher watcher(command, std::move(*child), interruption, start);
    Result result = watcher.finish();
    result.elapsed = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
    return result;
}

std::string_view name_of(Ending ending) {
    switch (ending) {
    case Ending::exited:
        return "exited";
    case Ending::signalled:
        return "signalled";
    case Ending::timed_out:
        return "timed_out";
    case Ending::interrupted:
        return "interrupted";
    case Ending::not_started:
        return "not_started";
    }
    std::unreachable();
}

} // namespace tlsdoctor::process
