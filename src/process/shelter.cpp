// SPDX-License-Identifier: Apache-2.0
// A signal that is held back stays pending until its mask is taken away; by then our handler is
// there again, whatever the work in between left behind.
#include "process/shelter.hpp"

#include <csignal>

namespace tlsdoctor::process {

SignalsHeld::SignalsHeld() {
    sigset_t held;
    sigemptyset(&held);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        sigaddset(&held, number);
    }
    pthread_sigmask(SIG_BLOCK, &held, &before_);
}

SignalsHeld::~SignalsHeld() {
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Shelter::forget() {
    const SignalsHeld held;
    came_ = false;
    listening_.reset();
    listening_.emplace();
}

void Shelter::aside(const std::function<void()>& work) {
    const SignalsHeld held;
    came_ = came();
    listening_.reset();
    work();
    listening_.emplace();
}

} // namespace tlsdoctor::process
