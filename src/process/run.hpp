// SPDX-License-Identifier: Apache-2.0
// Runs another program to its end and says what came of it. No shell, nothing of ours leaks into
// it, and nothing of it outlives the call: it has a process group of its own, which is killed when
// the program ends, at the deadline, or when the user interrupts us.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "process/interruption.hpp"

namespace tlsdoctor::process {

/// What to run, and within which bounds.
struct Command {
    std::vector<std::string> argv{}; ///< the program, looked up in PATH, and its words
    std::vector<std::pair<std::string, std::string>> set{}; ///< environment: added or replaced
    std::vector<std::string> unset{};                       ///< environment: taken away first
    std::string folder{};                                   ///< working directory; empty: ours
    std::string input{};             ///< its standard input; empty: nothing to read
    milliseconds deadline{10'000};   ///< then SIGTERM to its group,
    milliseconds grace{500};         ///< and after this SIGKILL
    std::size_t output_bound{65536}; ///< bytes of output that are kept, the last ones
};

/// How a run ended.
enum class Ending : std::uint8_t {
    exited,      ///< by itself, with `exit_code`
    signalled,   ///< by `signal`, not sent by us
    timed_out,   ///< at the deadline, by us
    interrupted, ///< by us, because the user interrupted us
    not_started, ///< `error` says why
};

/// Returns `exited` ... .
std::string_view name_of(Ending ending);

/// What came of it.
struct Result {
    Ending ending{};
    int exit_code{};           ///< where it exited
    int signal{};              ///< where it was signalled
    std::string output_tail{}; ///< standard output and error in their order, as they came
    bool output_cut{};         ///< more came before the tail
    std::string error{};       ///< `cannot run 'x': No such file or directory`
    milliseconds elapsed{};
};

/// Runs the command and waits for its end, at most `deadline` + `grace` and a second. May be called
/// from several threads at once.
Result run(const Command& command, const Interruption* interruption = nullptr);

/// Returns the path of a program as `run` would find it in PATH, empty where there is none.
std::string path_of(const std::string& program);

} // namespace tlsdoctor::process
