// SPDX-License-Identifier: Apache-2.0
// Text for terminals: what a peer sent is made safe, symbols become ASCII where the locale has
// nothing else, and paragraphs are wrapped by the columns that a terminal really uses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tlsdoctor::report {

/// Returns `text` as valid UTF-8 that cannot harm a terminal or a JSON reader: beyond base's
/// `harmless()`, overlong forms, surrogates and characters that reorder or hide text are shown as
/// \xNN.
std::string safe_text(std::string_view text);

/// Returns `safe_text()` of each line, the newlines kept.
std::string safe_lines(std::string_view text);

/// Returns `text` in ASCII: our symbols by their usual spelling (`->` for an arrow), the rest as
/// \xNN.
std::string ascii_text(std::string_view text);

/// Returns the number of terminal columns of valid UTF-8 text.
std::size_t width(std::string_view text);

/// Returns `text`, or as much of its beginning as fits into `columns` with an ellipsis.
std::string clipped(std::string_view text, std::size_t columns);

/// Returns `text` with spaces behind it up to `columns`.
std::string padded(std::string_view text, std::size_t columns);

/// Breaks one paragraph at spaces into lines of at most `columns`; a word that is longer is cut.
/// Several spaces in a row stay as they are inside a line. The result has at least one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

} // namespace tlsdoctor::report
