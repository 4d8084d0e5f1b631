// SPDX-License-Identifier: Apache-2.0
// Skipping Lua; see the header.
#include "config/syntax/lua_block.hpp"

#include <algorithm>
#include <string>

namespace tlsdoctor::config {

namespace {

/// Returns the offset behind a `[[ ... ]]` or `[==[ ... ]==]` that begins at `at`; `at` itself
/// where none does.
std::size_t after_long_bracket(std::string_view bytes, std::size_t at) {
    std::size_t level = at + 1;
    while (level < bytes.size() && bytes[level] == '=') {
        ++level;
    }
    if (bytes[at] != '[' || level >= bytes.size() || bytes[level] != '[') {
        return at;
    }
    const std::string closing = "]" + std::string(level - at - 1, '=') + "]";
    const std::size_t end = bytes.find(closing, level + 1);
    return end == bytes.npos ? bytes.size() : end + closing.size();
}

std::size_t after_lua_string(std::string_view bytes, std::size_t at) {
    const char quote = bytes[at++];
    while (at < bytes.size() && bytes[at] != quote && bytes[at] != '\n') {
        at += bytes[at] == '\\' ? 2U : 1U;
    }
    return std::min(at + 1, bytes.size());
}

std::size_t after_lua_comment(std::string_view bytes, std::size_t at) {
    at += 2;
    if (at < bytes.size()) {
        if (const std::size_t end = after_long_bracket(bytes, at); end != at) {
            return end;
        }
    }
    return std::min(bytes.find('\n', at), bytes.size());
}

} // namespace

std::size_t end_of_lua(std::string_view bytes, std::size_t at) {
    std::size_t depth = 0;
    while (at < bytes.size()) {
        const char c = bytes[at];
        if (c == '}' && depth == 0) {
            return at;
        }
        depth += c == '{' ? 1U : 0U;
        depth -= c == '}' ? 1U : 0U;
        if (c == '"' || c == '\'') {
            at = after_lua_string(bytes, at);
        } else if (bytes.substr(at).starts_with("--")) {
            at = after_lua_comment(bytes, at);
        } else {
            at = std::max(after_long_bracket(bytes, at), at + 1);
        }
    }
    return bytes.size();
}

} // namespace tlsdoctor::config
