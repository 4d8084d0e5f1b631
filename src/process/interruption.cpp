// SPDX-License-Identifier: Apache-2.0
// The handler writes one byte into a pipe that nobody empties: every thread that polls it wakes up.
#include "process/interruption.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace tlsdoctor::process {

namespace {

constexpr std::array k_interrupting = {SIGINT, SIGTERM, SIGHUP};

// A handler knows nothing but its signal: what it needs must be global.
std::atomic<int> interruption_pipe{-1};
std::atomic<bool> interruption_came{};

extern "C" void note_interruption(int number) {
    const int saved = errno;
    if (interruption_came.exchange(true)) {
        static_cast<void>(std::signal(number, SIG_DFL));
        static_cast<void>(std::raise(number));
    }
    const char byte = 0;
    static_cast<void>(!write(interruption_pipe.load(), &byte, 1));
    errno = saved;
}

} // namespace

Interruption::Interruption() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0) {
        read_end_ = ends[0];
        write_end_ = ends[1];
    }
    interruption_came = false;
    interruption_pipe = write_end_;
    for (const int number : k_interrupting) {
        struct sigaction action{};
        struct sigaction before{};
        action.sa_handler = note_interruption;
        sigaction(number, nullptr, &before);
        if (before.sa_handler != SIG_IGN) { // nohup, or a shell's background job
            sigaction(number, &action, nullptr);
        }
    }
}

Interruption::~Interruption() {
    for (const int number : k_interrupting) {
        struct sigaction before{};
        sigaction(number, nullptr, &before);
        if (before.sa_handler == note_interruption) {
            static_cast<void>(std::signal(number, SIG_DFL));
        }
    }
    interruption_pipe = -1;
    close(read_end_);
    close(write_end_);
}

bool Interruption::came() const {
    return interruption_came;
}

} // namespace tlsdoctor::process
