// SPDX-License-Identifier: Apache-2.0
// How each server is told to test its configuration and to read it anew, and what its test does not
// notice (measured: Apache says "Syntax OK" and dies at the reload). One row for each server.
#pragma once

#include <string>
#include <string_view>

#include "config/server.hpp"
#include "process/run.hpp"

namespace tlsdoctor::config {

/// A row of the table. Commands are words with single spaces; `{main}` is the main file, `{folder}`
/// the folder it is in, `{pid}` the number in the file that `-p` names. One that begins with `+` is
/// added to the words of the start command, one that begins with `^` stands behind its first word.
struct Operation {
    std::string_view server{};
    std::string_view start{}; ///< where no start command is known
    std::string_view background{
    }; ///< words of a start command that no test, reload or trial takes;
       ///< `-p=` has a value behind it
    std::string_view test{};        ///< empty: the server has none
    std::string_view reload{};      ///< empty: only the service manager knows how
    std::string_view unit{};        ///< of systemd
    bool reloads{};                 ///< false: a new configuration needs a restart
    bool trusted{};                 ///< what the test lets pass is safe to reload
    std::string_view not_noticed{}; ///< what the test lets pass; empty: nothing that is known
};

/// Returns the row of a server.
const Operation& operation_of(const Server& server);

/// Returns the words of the start command with its environment and folder, without those that put
/// it into the background; the table's own where none is known.
process::Command start_of(const Server& server, const Input& input);

/// Returns the command that tests the configuration; without words where the server has none.
process::Command test_of(const Server& server, const Input& input);

/// Returns the command that makes the running server read it: by the start command where that is
/// known, else the service manager's. Without words where there is none.
process::Command reload_of(const Server& server, const Input& input);

/// Returns the words as a shell takes them.
std::string shown(const process::Command& command);

} // namespace tlsdoctor::config
