// SPDX-License-Identifier: Apache-2.0
// What `nginx -T` prints: all files of a configuration, one after the other, each under a line
// `# configuration file PATH:`. With it, a configuration can be read from a pipe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tlsdoctor::config {

/// The files of a dump, byte for byte, so that their lines keep their numbers.
struct NginxDump {
    std::string main{};                         ///< the first one: what nginx read first
    std::map<std::string, std::string> files{}; ///< by absolute path
};

/// Splits a dump; nullopt where `text` is none. What stands before the first header (`nginx: the
/// configuration file ... syntax is ok`) is left out.
std::optional<NginxDump> files_of_nginx_dump(std::string_view text);

} // namespace tlsdoctor::config
