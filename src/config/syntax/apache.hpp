// SPDX-License-Identifier: Apache-2.0
// The syntax of Apache httpd, which ProFTPD shares: one directive a line, `\` at the end goes on in
// the next, `<Section words>` to `</Section>`. Lossless: what is not understood is covered by
// tokens too, and becomes a fault with its place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// What differs between the servers that have this syntax.
struct SectionDialect {
    bool comment_words{};          ///< a word that begins with `#` ends the line
    bool comments_continue{};      ///< a comment line that ends in `\` swallows the next line
    std::string_view quotes{"\""}; ///< what may begin a quoted word
};

inline constexpr SectionDialect k_apache_dialect{.comments_continue = true, .quotes = "\"'"};
inline constexpr SectionDialect k_proftpd_dialect{.comment_words = true};

/// Sections go no deeper; what does is a fault.
inline constexpr std::size_t k_most_section_depth = 64;

/// Reads a file. The first word of a section is its name without `<`, its place has it. A fault is
/// what the server refuses: a section that is not closed, a `</x>` that closes nothing.
Document read_sections(const Sources& sources, FileId file, const SectionDialect& dialect);

/// Splits a value into words, quotes taken away, as the server does once variables are expanded.
std::vector<std::string> section_words(std::string_view value, const SectionDialect& dialect);

/// Returns the bytes of a place as the server sees them: lines joined where one ends in `\`.
std::string joined_lines(std::string_view bytes);

} // namespace tlsdoctor::config
