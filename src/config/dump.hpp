// SPDX-License-Identifier: Apache-2.0
// What a server (or its helper) prints of its configuration, read from standard input: `nginx -T`,
// Apache's DUMP_CONFIG, `postconf -n`, `doveconf -n`; anything else is a file as it stands.
#pragma once

#include <expected>
#include <string>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// What a dump holds.
struct Dump {
    const Server* server{};       ///< never null
    std::string main{};           ///< the file that the server reads first
    std::string server_version{}; ///< where the dump says it
};

/// Puts the files of a dump into `files`, under their own names where it tells them. `said` is the
/// server that the user named, or null. The error is a sentence that says what is wrong with it.
std::expected<Dump, std::string>
read_dump(std::string text, const Server* said, MemoryFiles& files);

} // namespace tlsdoctor::config
