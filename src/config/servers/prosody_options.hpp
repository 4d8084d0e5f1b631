// SPDX-License-Identifier: Apache-2.0
// What a Prosody configuration sets: for each host, and for `*`, its options with their places.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"
#include "config/syntax/lua.hpp"

namespace tlsdoctor::config {

/// One option as it was set; variables in the value are resolved.
struct ProsodyOption {
    std::string host{}; ///< `*`: global
    std::string name{};
    LuaValue value{};
    Place statement{};
};

/// A `VirtualHost` or `Component`.
struct ProsodyHost {
    std::string name{};
    bool component{};
    Place statement{};
};

/// All of it.
struct ProsodyOptions {
    std::vector<ProsodyOption> options{}; ///< in order: the last of a name and host counts
    std::vector<ProsodyHost> hosts{};
    std::string folder{}; ///< of the main file: relative paths begin there

    /// Returns the option of exactly that host; null where it has none.
    const ProsodyOption* own(std::string_view host, std::string_view name) const;
    /// Returns the option of the host, else the global one.
    const ProsodyOption* find(std::string_view host, std::string_view name) const;
};

/// Reads the main file and what it includes.
ProsodyOptions read_prosody_options(const Input& input, Reading& reading);

/// Returns the words of a string, a number, or a list of them.
std::vector<std::string> lua_words(const LuaValue& value);

} // namespace tlsdoctor::config
