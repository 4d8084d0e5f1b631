// SPDX-License-Identifier: Apache-2.0
// What every tokenizer makes of a file: statements of words, each with its place, and the tokens
// that cover the whole file without a gap. Nothing of a file is lost on the way: printing the
// tokens gives its bytes again, and an edit is a splice of them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "config/source.hpp"

namespace tlsdoctor::config {

/// One word (or value) of a statement.
struct Word {
    std::string text{}; ///< without quotes and escapes; variables are not expanded here
    Place place{};      ///< with its quotes
    bool quoted{};
};

/// A directive with its words, or a section with what is in it.
struct Statement {
    std::vector<Word> words{}; ///< the name first
    Place place{};             ///< from the first word to the end: `;`, `>`, the last word
    bool section{};            ///< has a body, maybe an empty one
    std::vector<Statement> body{};
    Place closing{}; ///< what ends the body: `}`, `</VirtualHost>`; empty for INI sections
};

/// A file.
struct Document {
    std::vector<Place> tokens{}; ///< words, blanks, comments ...: cover the file in order
    std::vector<Statement> statements{};
    std::vector<Remark> faults{}; ///< what could not be read; all else was
};

/// Returns the bytes that the tokens cover: the file's, where nothing was lost.
std::string print(const Sources& sources, const Document& document);

/// Returns the places of all words of all statements, in the file's order.
std::vector<Place> words_of(const Document& document);

/// Returns tokens that cover a file of `size` bytes: the words, which are in order and do not
/// overlap, and what lies between them.
std::vector<Place> tokens_around(FileId file, std::size_t size, const std::vector<Place>& words);

} // namespace tlsdoctor::config
