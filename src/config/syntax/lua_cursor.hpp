// SPDX-License-Identifier: Apache-2.0
// A place among the tokens of Lua that are not blank: what stands there and next, and passing over
// lines, blocks and brackets as a whole, where their inside is not read.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "config/syntax/document.hpp"
#include "config/syntax/lua_tokens.hpp"

namespace tlsdoctor::config {

/// Tells whether a word is one of some.
bool lua_among(std::span<const std::string_view> words, std::string_view word);

/// Walks over tokens; who reads Lua builds on it. Borrows.
class LuaCursor {
protected:
    /// Begins at the first token; what is wrong goes to `faults`.
    LuaCursor(
        const Sources& sources, const std::vector<LuaToken>& tokens, FileId file,
        std::vector<Remark>& faults
    );

    /// Tells whether a symbol or word stands here, or so many tokens ahead; strings are neither.
    bool is(std::string_view symbol, std::size_t ahead = 0) const;
    /// Tells whether a token of this kind stands here, or so many tokens ahead.
    bool is_kind(LuaTokenKind kind, std::size_t ahead = 0) const;
    /// Returns the place of the token here, or that of the end.
    Place here() const;
    /// Returns the place from a token to the last one passed over.
    Place since(std::size_t first) const;
    /// Says what is wrong.
    void fault(Place place, const char* what);
    /// Passes over `if ... end`, `function ... end`, `repeat ... until`, as a whole.
    void skip_block();
    /// Goes behind the last token of the line.
    void skip_line();
    /// Goes behind the bracket that closes the one here.
    void skip_brackets();

    std::vector<const LuaToken*> tokens_{}; ///< without the blank ones
    Place end_;                             ///< of the file
    std::size_t at_{};                      ///< the token here

private:
    bool begins_line(std::size_t index) const;

    const Sources& sources_;
    std::vector<Remark>& faults_;
};

} // namespace tlsdoctor::config
