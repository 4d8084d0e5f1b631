// SPDX-License-Identifier: Apache-2.0
// How the server is started: a line such as `nginx -c FILE -g "daemon off;"`, or the shell script
// that ends in it. Its options, defines and environment count as configuration, and keep their
// places, so a guilty `-DMODERN` can be pointed at.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/source.hpp"

namespace tlsdoctor::config {

/// One word of the command, without its quotes, variables expanded from the environment above it.
struct CommandWord {
    std::string text{};
    Place place{};
};

/// What a script makes before it starts the server: `ln -s`, `cp`, `install`.
struct Copied {
    std::string from{}; ///< absolute
    std::string to{};   ///< absolute
};

/// The command that starts the server. Empty `words`: unknown.
struct StartCommand {
    std::vector<CommandWord> words{}; ///< the program first; `exec`, `setpriv ...`, `env` left out
    std::vector<std::pair<std::string, CommandWord>> environment{
    }; ///< `export NAME=value`, `NAME=value`
    std::string folder{}; ///< working directory, absolute
    std::vector<Copied> copies{};

    /// Returns the value of an option: `-c FILE`, `-cFILE`, `--config FILE`, `--config=FILE`; the
    /// last one counts. `name` has its dashes; nullopt where it is not there.
    std::optional<CommandWord> option(std::string_view name) const;
    /// Returns every value of an option that may be repeated: `-D A -DB`.
    std::vector<CommandWord> options(std::string_view name) const;
    /// Returns the value of a variable that the script sets; null where it sets none.
    const CommandWord* variable(std::string_view name) const;
    /// Returns where a file comes from that the script makes by copying; else the path itself.
    std::string origin_of(const std::string& path) const;
};

/// Reads a script or one line; never fails: what is not understood is left out. `folder` is the
/// working directory at its beginning, and where a script stands. The text becomes one of
/// `sources`.
StartCommand
read_start_command(Sources& sources, std::string path, std::string text, const std::string& folder);

} // namespace tlsdoctor::config
