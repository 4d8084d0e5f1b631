// SPDX-License-Identifier: Apache-2.0
// One thread reads what the program says. The group is killed before its leader is reaped: until
// then its number cannot become another group's.
#include "process/background.hpp"

#include <array>
#include <cerrno>
#include <csignal>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/shelter.hpp"

namespace tlsdoctor::process {

namespace {

constexpr int k_listening_ms = 50; ///< then the thread looks whether all is over
constexpr int k_ending_ms = 10;

} // namespace

std::expected<std::unique_ptr<Background>, std::string> Background::start(const Command& command) {
    auto child = spawn(command);
    if (!child) {
        return std::unexpected{std::move(child.error())};
    }
    return std::make_unique<Background>(*std::move(child), command);
}

Background::Background(Child child, const Command& command)
    : child_(std::move(child)), grace_(command.grace), tail_(command.output_bound) {
    const SignalsHeld held; // they are for the thread that has the handlers
    listener_ = std::thread{[this] {
        listen();
    }};
}

Background::~Background() {
    stop();
}

bool Background::has_ended() const {
    siginfo_t about{};
    return reaped_ ||
           waitid(P_PID, static_cast<id_t>(child_.pid), &about, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           about.si_pid == child_.pid;
}

std::string Background::output_tail() {
    const std::scoped_lock lock{guard_};
    return tail_.text();
}

void Background::stop() {
    if (reaped_) {
        return;
    }
    kill(-child_.pid, SIGTERM);
    const TimePoint until = Clock::now() + grace_;
    while (!has_ended() && Clock::now() < until) {
        pollfd event{.fd = child_.end.get(), .events = POLLIN, .revents = 0};
        poll(&event, 1, k_ending_ms);
    }
    kill(-child_.pid, SIGKILL);
    while (waitpid(child_.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
    stopped_ = true;
    listener_.join();
}

void Background::listen() {
    std::array<char, 16384> buffer{};
    for (bool last = false;;) {
        pollfd event{.fd = child_.output.get(), .events = POLLIN, .revents = 0};
        poll(&event, 1, last ? 0 : k_listening_ms);
        const ssize_t size = read(child_.output.get(), buffer.data(), buffer.size());
        if (size > 0) {
            const std::scoped_lock lock{guard_};
            tail_.add({buffer.data(), static_cast<std::size_t>(size)});
            continue;
        }
        const bool waits = size < 0 && (errno == EAGAIN || errno == EINTR);
        if (!waits || last) {
            return; // all of them have closed it, or all is over and nothing more came
        }
        last = stopped_;
    }
}

} // namespace tlsdoctor::process
