// SPDX-License-Identifier: Apache-2.0
// What is installed on this machine: the version of a server, of the OpenSSL beneath it, and the
// command that it runs with. Only programs that are there are asked, each with a deadline, and none
// of them is started as a server.
#pragma once

#include <string>
#include <string_view>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// What was found; empty fields: not found.
struct Installed {
    std::string program{}; ///< absolute path
    std::string server_version{};
    std::string library_version{}; ///< of OpenSSL
};

/// A start command that was found.
struct FoundCommand {
    std::string text{}; ///< a script for read_start_command: `export` lines, then the command
    std::string from{}; ///< what to call it: `/proc/712/cmdline`, a unit's file
};

/// Returns the path of the server's program, in PATH or where daemons are; empty: not installed.
std::string program_of(const Server& server);

/// Asks the programs.
Installed detect(const Server& server);

/// Returns the command of the running server (the oldest process of its program), else that of its
/// systemd unit; empty where there is neither.
FoundCommand find_command(const Server& server);

/// Returns the number behind `marker` in what a program says of itself: `nginx version: nginx/`;
/// an empty marker: the first number with a dot.
std::string version_behind(std::string_view output, std::string_view marker);

/// Returns the version in the bytes of OpenSSL's library: `3.0.15`; empty where it is none.
std::string openssl_version_in(std::string_view bytes);

/// Returns the command of a unit's text with its drop-ins behind it: the last `ExecStart=` that is
/// not empty, and the `Environment=` lines as `export`.
std::string command_of_unit(std::string_view text);

/// Returns the command of a process: its words as `/proc/PID/cmdline` has them (titles as
/// `nginx: master process ...` too), and what concerns TLS of its environment.
std::string command_of_process(std::string_view cmdline, std::string_view environ);

} // namespace tlsdoctor::config
