// SPDX-License-Identifier: Apache-2.0
// Words that hold a digit, or are hexadecimal and long, tell nothing that two equal messages share.
#include "explain/normal.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace tlsdoctor::explain {

namespace {

constexpr std::size_t k_long_enough_for_hex = 8;
constexpr std::size_t k_much = 2'000;

bool of_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Numbers, and words that are only hexadecimal: `1467857490`, `140735752786888`, `c0870e1a`.
bool tells_nothing(std::string_view word) {
    const bool digits = std::ranges::any_of(word, is_digit);
    const bool hex = std::ranges::all_of(word, is_hex);
    return (digits && (hex || is_digit(word.front()))) ||
           (hex && word.size() >= k_long_enough_for_hex);
}

} // namespace

std::string normal_form(std::string_view line) {
    line = line.substr(0, k_much);
    std::string result;
    result.reserve(line.size());
    for (std::size_t at = 0; at < line.size();) {
        std::size_t end = at;
        while (end < line.size() && of_word(line[end])) {
            ++end;
        }
        if (end == at) {
            const char c = line[at++];
            const bool joins = c == ' ' || c == ':' || c == '.' || c == '-' || c == '/';
            if (!(joins && (result.ends_with('#') || result.ends_with(' ')))) {
                result += c;
            }
            continue;
        }
        const std::string_view word = line.substr(at, end - at);
        if (!tells_nothing(word)) {
            std::ranges::transform(word, std::back_inserter(result), [](char c) {
                return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
            });
        } else if (!result.ends_with('#')) {
            result += '#';
        }
        at = end;
    }
    return result;
}

} // namespace tlsdoctor::explain
