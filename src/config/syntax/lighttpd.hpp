// SPDX-License-Identifier: Apache-2.0
// lighttpd's files: `key = value` with strings, lists and `+`, and conditions with braces. Every
// token is a word; what a value comes to depends on variables, so who reads them works that out.
#pragma once

#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// Cuts a file into statements. A string is one word with its quotes taken away;
/// `$SERVER["socket"]` is one word as it stands, as are `=`, `+=`, `:=`, `=>`, `(`, `)`, `,`, `+`
/// and `==`. A condition is a section; `else` is its first word where it stands there.
Document read_lighttpd_syntax(const Sources& sources, FileId file);

} // namespace tlsdoctor::config
