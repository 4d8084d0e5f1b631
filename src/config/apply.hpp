// SPDX-License-Identifier: Apache-2.0
// Several files changed as one: all are replaced, the server's own test is run, the server told to
// reload where that is wanted, and asked again; when anything fails, or the user interrupts, all of
// it is undone.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/operation.hpp"
#include "config/replace.hpp"
#include "process/shelter.hpp"

namespace tlsdoctor::config {

/// How one step went.
enum class StepState : std::uint8_t { done, failed, skipped };

/// What was done, in the order in which it was.
struct Step {
    std::string what{}; ///< `nginx tests its configuration`
    StepState state{};
    std::string command{}; ///< as a shell takes it; empty where none was run
    std::string detail{};  ///< why it failed or was left out, what to know; may be empty
    std::string output{};  ///< the last lines that the command said
};

/// Returns `done`, `failed` or `skipped`.
std::string_view name_of(StepState state);

/// What to do.
struct Transaction {
    const Server& server;
    const Input& input; ///< the main file and the start command
    std::vector<Replacement> files{};
    WouldRead would_read{};
    bool reload{};
    std::string reload_by{}; ///< a shell's command; empty: the table's
    /// Starts the server with the new files before any is replaced; empty: not wanted. Unless it
    /// succeeds nothing is changed.
    std::function<std::vector<Step>()> trial{};
    std::function<Step()> probe{}; ///< asks the running server after the reload; may be empty
};

/// What came of it.
struct Transacted {
    bool done{};        ///< the new files stand, and everything that was wanted succeeded
    bool rolled_back{}; ///< the old ones stand again
    bool interrupted{}; ///< by the user
    bool reloaded{};    ///< the running server was told, and the probe saw the new files' effect
    std::vector<Step> steps{};
    std::vector<Replaced> files{}; ///< with their backups, where `done`
};

/// Does it, and undoes it where a step fails or the user interrupts.
Transacted transact(const Transaction& transaction, process::Shelter& shelter);

/// Runs a command as a step; it fails where the exit code is not 0.
Step run_step(std::string what, const process::Command& command, process::Shelter& shelter);

/// Returns the last `k_most_step_lines` lines, safe to print.
std::string last_lines(std::string_view output);

/// How much of a command's output a step keeps.
inline constexpr std::size_t k_most_step_lines = 12;

} // namespace tlsdoctor::config
