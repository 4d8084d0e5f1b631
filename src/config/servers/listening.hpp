// SPDX-License-Identifier: Apache-2.0
// Small things that readers of servers without rules for names share: opening a file, writing an
// address, well-known ports.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// Reads a file and makes it one of the reading's sources; nullopt where it cannot be read or
/// there are more than `k_most_files`.
std::optional<FileId> open_source(const Input& input, Reading& reading, const std::string& path);

/// Opens the main file; where that fails, it becomes an empty source and the remark is fatal.
std::optional<FileId> open_main(const Input& input, Reading& reading);

/// Tells whether a file is missing where it should be: its folder is among the files, and it is
/// not, and the start script does not make it. An archive without the keys says nothing about them.
bool is_missing(const Input& input, const Reading& reading, const std::string& path);

/// Returns OpenSSL's configuration for a server that starts its processes without its environment:
/// the distribution's place where the start command names another; else empty.
std::string openssl_conf_without_environment(const Input& input);

/// Returns `127.0.0.1:25`, `[::1]:25`; brackets around `host` are welcome.
std::string endpoint(std::string_view host, std::string_view port);

/// Returns the number of a port that is written as a number or as a well-known name: `25`, `smtps`;
/// empty where it is neither.
std::string port_number(std::string_view text);

/// Adds the service for clients that send no name, and for all names.
void add_for_all_names(Reading& reading, Service service);

/// Says a remark once.
void remark_once(std::vector<Remark>& remarks, Place place, std::string what);

} // namespace tlsdoctor::config
