// SPDX-License-Identifier: Apache-2.0
// Checks for all tokenizers; see the header.
#include "config/lossless.hpp"

#include <algorithm>

#include <doctest/doctest.h>

namespace tlsdoctor::config {

void check_lossless(const std::string& text, const Tokenizer& tokenizer) {
    Sources sources;
    const FileId file = sources.add("/x", text);
    const Document document = tokenizer(sources, file);
    if (print(sources, document) != text) {
        CHECK_MESSAGE(false, "bytes are lost of: " << text);
    }
    for (const Place word : words_of(document)) {
        const auto lies_in = std::ranges::count_if(document.tokens, [&](Place token) {
            return token.begin <= word.begin && word.end <= token.end;
        });
        if (lies_in != 1 || word.begin == word.end) {
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
