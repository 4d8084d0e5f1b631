// SPDX-License-Identifier: Apache-2.0
// Variables that depend on the name that a client asks for, also through `map`: they choose
// certificates ($ssl_server_name) and the servers to pass a connection on to
// ($ssl_preread_server_name).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/servers/nginx_tree.hpp"

namespace tlsdoctor::config {

/// The maps of one world.
class NginxVariables final {
public:
    NginxVariables() = default;
    /// Borrows from `outer`, the http or stream block.
    explicit NginxVariables(const NginxDirective& outer);

    /// Returns `text` with its variables replaced for a client that asks for `name` (empty: for
    /// none); nullopt where one of them depends on something else. Adds the lines that decide.
    std::optional<std::string> expanded(
        std::string_view text, std::string_view name, std::vector<const Statement*>& used,
        std::size_t depth = 0
    ) const;

    /// Returns the names and patterns that the maps tell apart.
    std::vector<std::string> names() const;

private:
    std::optional<std::string> value_of(
        std::string_view variable, std::string_view name, std::vector<const Statement*>& used,
        std::size_t depth
    ) const;

    std::vector<const NginxDirective*> maps_{};
};

/// Returns a name that `sni` stands for: itself, one below a `*.x`, one that no file has for `*`,
/// nothing for no name.
std::string nginx_sample_name(const std::optional<std::string>& sni);

} // namespace tlsdoctor::config
