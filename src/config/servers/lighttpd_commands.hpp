// SPDX-License-Identifier: Apache-2.0
// The list ssl.openssl.ssl-conf-cmd of lighttpd, and how a line that decides is written down.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/servers/lighttpd_model.hpp"

namespace tlsdoctor::config {

/// The setting whose list this is.
inline constexpr std::string_view k_lighttpd_commands = "ssl.openssl.ssl-conf-cmd";

/// What the commands of a list leave.
struct LighttpdVersions {
    VersionSet minimum{};
    VersionSet maximum{VersionSet::all()};
    VersionSet protocols{VersionSet::all()};
    bool decided{}; ///< by a command
};

/// Adds what stops lighttpd, once.
void add_lighttpd_fatal(Reading& reading, Place place, std::string what);

/// Adds the lines of an item that decides: its own, and that of its variable.
void note_lighttpd_item(Service& service, const LighttpdItem& item, Aspect aspect, Rewrite rewrite);

/// Reads a list: suites and groups into `service`, versions into `versions`, and their lines.
void read_lighttpd_commands(
    const Input& input, const LighttpdSetting& commands, Reading& reading, Service& service,
    LighttpdVersions& versions
);

/// Writes a whole list.
std::optional<std::string> lighttpd_list(std::string_view old, VersionSet wanted);

} // namespace tlsdoctor::config
