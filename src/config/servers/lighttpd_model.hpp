// SPDX-License-Identifier: Apache-2.0
// lighttpd's settings as its own parser merges them: a scope for the whole file and one for each
// condition; every value keeps the statements and variables that made it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/server.hpp"
#include "config/syntax/lighttpd.hpp"

namespace tlsdoctor::config {

/// A variable `var.x`, and where it was set.
struct LighttpdVariable {
    std::string text{};
    Place statement{};
    Place value{};
};

/// `"key" => "text"` of a list, or a text of its own (without a key).
struct LighttpdItem {
    std::string key{};
    std::string text{};
    Place statement{};
    Place place{};                              ///< of the text's expression
    std::optional<LighttpdVariable> variable{}; ///< the text is that of this variable
};

/// The value of a setting in one scope.
struct LighttpdSetting {
    bool list{};
    std::vector<LighttpdItem> items{}; ///< exactly one where it is no list
    Place statement{};                 ///< the last one
    Place value{};
};

/// The whole file (`global`), or a condition.
struct LighttpdScope {
    std::string field{};     ///< `$SERVER["socket"]`, empty for the whole file
    std::string operation{}; ///< `==`
    std::string text{};
    bool otherwise{}; ///< behind `else`
    std::size_t parent{};
    Place statement{}; ///< the condition
    std::map<std::string, LighttpdSetting> settings{};

    /// Returns the text of a setting of this scope; nullopt where it has none.
    std::optional<std::string> text_of(const std::string& key) const;
    const LighttpdSetting* find(const std::string& key) const;
};

/// All of it.
struct LighttpdModel {
    std::vector<LighttpdScope> scopes{LighttpdScope{}};
    std::vector<LighttpdItem> dropped{}; ///< items whose key comes again, which is an error
};

/// Reads the files into scopes.
LighttpdModel read_lighttpd_scopes(const Input& input, Reading& reading);

/// Makes services of them.
void serve_lighttpd(const Input& input, const LighttpdModel& model, Reading& reading);

/// Other edits; see Server::propose.
std::vector<Proposal> propose_lighttpd(
    const Input& input, const Reading& reading, const Service& service, VersionSet wanted
);

} // namespace tlsdoctor::config
