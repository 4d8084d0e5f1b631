// SPDX-License-Identifier: Apache-2.0
// The directives of an nginx configuration as nginx meets them: every `include` is replaced by what
// it includes, and each directive still knows the file and line where it stands.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"
#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// A directive in its place in the tree. Borrows from the tree's documents.
struct NginxDirective {
    const Statement* statement{};
    std::vector<NginxDirective> body{}; ///< of a section

    /// Returns the name; empty for a nameless section.
    std::string_view name() const {
        return statement->words.empty() ? std::string_view{} : statement->words.front().text;
    }
    /// Returns the number of words behind the name.
    std::size_t arguments() const {
        return statement->words.empty() ? 0 : statement->words.size() - 1;
    }
    /// Returns word `index` behind the name, from 0; empty where there is none.
    std::string_view argument(std::size_t index) const {
        return index < arguments() ? std::string_view{statement->words[index + 1].text} : "";
    }
};

/// A configuration with its includes.
struct NginxTree {
    std::deque<Document> documents{};
    std::vector<NginxDirective> root{};
    std::string folder{}; ///< of the main file: what relative paths are relative to
};

/// Reads the main file and all that it includes. What nginx would refuse (a syntax fault, a missing
/// file) is fatal in `reading`.
NginxTree load_nginx(const Input& input, Reading& reading);

/// Returns the directives of a body that are called `name`, in order.
std::vector<const NginxDirective*>
nginx_named(const std::vector<NginxDirective>& body, std::string_view name);

/// Returns the place from the first word behind the name to the last.
Place nginx_value(const Statement& statement);

} // namespace tlsdoctor::config
