// SPDX-License-Identifier: Apache-2.0
// From what people give (a file, a folder, nothing at all) to the file that the server reads first.
// Works on the machine's files as on those of an archive.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "config/mounted_files.hpp"
#include "config/server.hpp"

namespace tlsdoctor::config {

/// What is looked for.
struct Wanted {
    std::string path{};     ///< absolute: a file or folder; empty: where distributions put it
    const Server* server{}; ///< null: not said
    const StartCommand* command{}; ///< null: none
};

/// A configuration that was found.
struct Located {
    const Server* server{};      ///< never null
    std::string main{};          ///< absolute
    std::vector<Mount> mounts{}; ///< for MountedFiles, where it is a copy that was put elsewhere
};

/// Finds them: one for a file, one or more for a folder or the machine. The error is a sentence
/// that says what was looked for, where, and what to do.
std::expected<std::vector<Located>, std::string> locate(const Files& files, const Wanted& wanted);

/// Returns the file that a command gives its server with `-c`, `-f`, `--config` ...; empty where
/// it names none. Absolute, from the command's folder.
std::string main_file_in(const StartCommand& command, const Server& server);

/// Returns the server whose program a command starts; null where it is none of ours.
const Server* server_started_by(const StartCommand& command);

} // namespace tlsdoctor::config
