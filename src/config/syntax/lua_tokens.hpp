// SPDX-License-Identifier: Apache-2.0
// The tokens of Lua, with blanks and comments among them, so that together they are the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/source.hpp"

namespace tlsdoctor::config {

/// What a token is.
enum class LuaTokenKind : std::uint8_t {
    blank, ///< white space, comments, a `#!` line
    name,  ///< also the reserved words
    number,
    string,
    symbol,  ///< one of `{ } ( ) [ ] = , ; . ..` and all other operators
    garbage, ///< bytes that no Lua file has, or a string without an end
};

/// A token; `text` of a string is what it stands for, of others the bytes.
struct LuaToken {
    LuaTokenKind kind{};
    Place place{};
    std::string text{};
};

/// Cuts a file into tokens that cover it; what is wrong goes to `faults`.
std::vector<LuaToken> lua_tokens(std::string_view bytes, FileId file, std::vector<Remark>& faults);

} // namespace tlsdoctor::config
