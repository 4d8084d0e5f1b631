// SPDX-License-Identifier: Apache-2.0
// How each server is told to test its configuration and to read it anew, and what its test does not
// notice (measured: Apache says "Syntax OK" and dies at the reload). One row for each server.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/server.hpp"
#include "process/run.hpp"

namespace tlsdoctor::config {

/// How a running server takes a new configuration.
enum class Uptake : std::uint8_t {
    reload,  ///< by its reload command
    restart, ///< only by a restart
};

/// A row of the table.
struct Operation {
    std::string_view server{};
    std::string_view test{}; ///< added to the start command's words; `-t`
    std::string_view plain_test{
    }; ///< whole command where no start command is known; `nginx -t -c {main}`
    std::string_view reload{};       ///< added to the start command's words; `-s reload`
    std::string_view plain_reload{}; ///< whole command otherwise
    std::string_view unit{};         ///< of systemd
    Uptake uptake{};
    bool trusted{};                 ///< what the test lets pass, the server starts with
    std::string_view not_noticed{}; ///< what the test lets pass; empty: nothing that is known
};

/// Returns the row of a server.
const Operation& operation_of(const Server& server);

/// Returns the command that tests the configuration; no words where the server has none.
process::Command test_command(const Server& server, const Input& input);

/// Returns the command that makes the running server read it; no words where only a restart does.
process::Command reload_command(const Server& server, const Input& input);

/// Returns the start command with its environment and folder, without what only a background start
/// needs; the table's own where `input` has none.
process::Command start_of(const Server& server, const Input& input);

/// Returns the words as a shell takes them.
std::string shown(const process::Command& command);

} // namespace tlsdoctor::config
