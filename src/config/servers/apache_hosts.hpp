// SPDX-License-Identifier: Apache-2.0
// Which addresses Apache listens on, which virtual hosts belong to each, and which of them a name
// chooses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/servers/apache_tree.hpp"

namespace tlsdoctor::config {

/// An address of Listen or VirtualHost; `*` for any, port 0 for any.
struct ApacheAddress {
    std::string ip{};
    std::uint32_t port{};
};

/// Somebody can connect here.
struct ApacheListener {
    ApacheAddress address{};
    std::string shown{}; ///< `127.0.0.1:443`, `[::]:443`
    bool https{};        ///< `Listen ... https`, or port 443
    Place statement{};
    std::vector<std::size_t> hosts{}; ///< scopes that belong to it, in order; the first is the base
};

/// Reads `443`, `127.0.0.1:443`, `[::1]:443`, `*:443`, `*`, `_default_:443`, `10.0.0.1`; nullopt
/// for a host name (other than localhost), whose address only the resolver knows.
std::optional<ApacheAddress> apache_address(std::string_view text, bool port_alone);

/// Returns the listeners with their virtual hosts; a wildcard has one for each family, and one for
/// each address that a virtual host names.
std::vector<ApacheListener> apache_listeners(const ApacheTree& tree, Reading& reading);

/// The names of a scope: ServerName first, then the aliases, in small letters.
struct ApacheNames {
    std::vector<std::string> names{};
    std::optional<std::size_t> server_name{}; ///< of ApacheTree::directives
};
std::vector<ApacheNames> apache_names(const ApacheTree& tree);

/// Tells whether a pattern with `*` and `?` fits a name, as httpd compares them.
bool apache_name_fits(std::string_view pattern, std::string_view name);

} // namespace tlsdoctor::config
