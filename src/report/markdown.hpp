// SPDX-License-Identifier: Apache-2.0
// Markdown as our own pages use it, set for a terminal: headings, paragraphs, lists, code blocks,
// tables. Private to this module; anything else passes through as the text it is.
#pragma once

#include <string>
#include <string_view>

#include "report/page.hpp"

namespace tlsdoctor::report {

/// Writes a whole document.
void write_markdown(Page& page, std::string_view text);

/// Returns a paragraph's text without its markup: `**bold**` is bare, `[RFC 8446](https://...)` is
/// `RFC 8446`, and `` `code` `` keeps its quotes.
std::string plain_text(std::string_view markdown);

} // namespace tlsdoctor::report
