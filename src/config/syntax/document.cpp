// SPDX-License-Identifier: Apache-2.0
// Printing what was read; see the header.
#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

namespace {

void collect_words(const std::vector<Statement>& statements, std::vector<Place>& places) {
    for (const Statement& statement : statements) {
        for (const Word& word : statement.words) {
            places.push_back(word.place);
        }
        collect_words(statement.body, places);
    }
}

} // namespace

std::string print(const Sources& sources, const Document& document) {
    std::string bytes;
    for (const Place token : document.tokens) {
        bytes += sources.text(token);
    }
    return bytes;
}

std::vector<Place> words_of(const Document& document) {
    std::vector<Place> places;
    collect_words(document.statements, places);
    return places;
}

std::vector<Place> tokens_around(FileId file, std::size_t size, const std::vector<Place>& words) {
    std::vector<Place> tokens;
    std::size_t at = 0;
    for (const Place word : words) {
        if (word.begin > at) {
            tokens.push_back({file, at, word.begin});
        }
        tokens.push_back(word);
        at = word.end;
    }
    if (at < size) {
        tokens.push_back({file, at, size});
    }
    return tokens;
}

} // namespace tlsdoctor::config
