// SPDX-License-Identifier: Apache-2.0
// Ctrl-C during work of several parts that must be finished or undone as a whole, whatever listens
// for signals in between: nothing of it gets lost, and nothing of it kills us.
#pragma once

#include <csignal>
#include <functional>
#include <optional>

#include "process/interruption.hpp"

namespace tlsdoctor::process {

/// Takes the signals of Interruption as long as it lives; one object at a time.
class Shelter final {
public:
    Shelter() : listening_{std::in_place} {}
    Shelter(const Shelter&) = delete;
    Shelter& operator=(const Shelter&) = delete;
    ~Shelter() = default;

    /// Returns what to hand to `run`; null never.
    const Interruption* listening() const { return &*listening_; }

    /// Tells whether a signal came.
    bool came() const { return came_ || listening_->came(); }

    /// Forgets the signal: what undoes the work must not be interrupted by the same one.
    void forget();

    /// Runs work that listens for signals in its own way (net::Loop). They are held back on this
    /// thread until it has ended: the work has a deadline of its own.
    void aside(const std::function<void()>& work);

private:
    std::optional<Interruption> listening_;
    bool came_{};
};

/// Holds SIGINT, SIGTERM and SIGHUP back on this thread, and on those started meanwhile.
class SignalsHeld final {
public:
    SignalsHeld();
    ~SignalsHeld();
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;

private:
    sigset_t before_{};
};

} // namespace tlsdoctor::process
