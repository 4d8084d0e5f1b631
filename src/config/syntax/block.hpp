// SPDX-License-Identifier: Apache-2.0
// The block syntax of nginx: directives that end in `;`, sections in braces, quotes, comments. The
// tokenizer follows nginx's own (ngx_conf_read_token) letter by letter, so `#` in a word, `${name}`
// and a brace in quotes are what nginx takes them for; a `*_by_lua_block` is skipped as Lua.
#pragma once

#include <cstddef>

#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// Sections in sections go no deeper.
inline constexpr std::size_t k_most_block_depth = 100;

/// Reads a file. Never fails: what nginx would refuse is a fault, and reading goes on after it.
Document read_block(const Sources& sources, FileId file);

} // namespace tlsdoctor::config
