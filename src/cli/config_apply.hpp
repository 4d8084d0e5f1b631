// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor config --apply` and `--verify`: a fix is proved with the real server, on trial or
// running, by asking every address and name whether it does what the files say.
#pragma once

#include <string>
#include <vector>

#include "config/apply.hpp"
#include "config/mend.hpp"

namespace tlsdoctor::cli {

/// What is to be proved or applied, with what was read before. Borrows all of it.
struct FixContext {
    const config::Examination& before; ///< the files as they are
    const config::Input& input;        ///< as `examine` got it; its files are the machine's own
    const std::string& command;        ///< text of the start command; may be empty
    const std::string& command_path;
    const config::Mended& mended; ///< no files in it: the configuration as it is goes on trial
};

/// What `--apply` does beside writing.
struct ApplyWishes {
    bool reload{};
    std::string reload_command{}; ///< a shell's command; empty: the server's usual one
    bool verify{};                ///< put it on trial first
};

/// What came of it.
struct ApplyOutcome {
    bool done{};        ///< `--apply`: the fix stands, tested, and reloaded where that was wanted
    bool rolled_back{}; ///< `--apply`: it was undone
    bool verified{};    ///< the real server was seen to do what the fix promises
    bool interrupted{}; ///< by the user
    std::vector<config::Step> steps{};
    std::vector<std::string> backups{};
};

/// Writes the fix, tests it, reloads, asks; undoes it all where that fails.
ApplyOutcome apply_fix(const FixContext& context, const ApplyWishes& wishes);

/// Starts the real server with the fix on free ports of loopback and asks it.
ApplyOutcome verify_fix(const FixContext& context);

} // namespace tlsdoctor::cli
