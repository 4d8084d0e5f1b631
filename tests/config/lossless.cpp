// SPDX-License-Identifier: Apache-2.0
// Checks for all tokenizers; see the header.
#include "config/lossless.hpp"

#include <algorithm>
#include <iterator>

#include <doctest/doctest.h>

namespace tlsdoctor::config {

void check_lossless(const std::string& text, const Tokenizer& tokenizer) {
    Sources sources;
    const FileId file = sources.add("/x", text);
    const Document document = tokenizer(sources, file);
    if (print(sources, document) != text) {
        CHECK_MESSAGE(false, "bytes are lost of: " << text);
    }
    // The tokens follow each other, so the one of a word is found by where they begin.
    const bool in_order = std::ranges::is_sorted(document.tokens, {}, &Place::begin);
    CHECK(in_order);
    for (const Place word : words_of(document)) {
        const auto behind =
            std::ranges::upper_bound(document.tokens, word.begin, {}, &Place::begin);
        const bool lies_in_one =
            behind != document.tokens.begin() && word.end <= std::prev(behind)->end;
        if (!lies_in_one || word.begin == word.end) {
            CHECK_MESSAGE(false, "a word is not in one token: " << text);
        }
    }
}

void check_every_truncation(const std::string& text, const Tokenizer& tokenizer) {
    for (std::size_t length = 0; length <= text.size(); ++length) {
        const std::string cut = text.substr(0, length);
        check_lossless(cut, tokenizer);
        for (const char rubbish : {'\0', '"', '\\', '{', '}', '[', '\n', '\xFF'}) {
            check_lossless(cut + rubbish, tokenizer);
        }
    }
}

} // namespace tlsdoctor::config
