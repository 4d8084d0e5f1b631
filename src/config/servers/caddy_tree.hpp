// SPDX-License-Identifier: Apache-2.0
// A Caddyfile as Caddy meets it: imports of snippets and files replaced by what they import, with
// their arguments put in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <deque>

#include "config/server.hpp"
#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// A directive, or a block with its head. Borrows from the tree's documents.
struct CaddyDirective {
    const Statement* statement{};
    std::vector<std::string> words{}; ///< arguments of snippets put in
    std::vector<CaddyDirective> body{};

    std::string_view name() const { return words.empty() ? "" : std::string_view{words.front()}; }
    std::string_view argument(std::size_t index) const {
        return index + 1 < words.size() ? std::string_view{words[index + 1]} : "";
    }
};

/// A Caddyfile with its imports.
struct CaddyTree {
    std::deque<Document> documents{};
    std::vector<CaddyDirective> root{};
};

/// Reads the main file and what it imports; what Caddy would refuse is fatal in `reading`.
CaddyTree load_caddy(const Input& input, Reading& reading);

} // namespace tlsdoctor::config
