// SPDX-License-Identifier: Apache-2.0
// One small message of every kind, as bytes, for the tests that hold each of them to the same
// rules; and the reader of the text files in this folder.
#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::wire::test {

/// A message that its reader accepts.
struct MessageCase {
    std::string_view name{};
    std::string_view hex{};
    std::expected<Bytes, ParseError> (*rewrite)(ByteView){}; ///< write(read(bytes))
    std::vector<std::size_t> whole_prefixes{}; ///< sizes at which less is a message too
};

/// Returns all cases.
const std::vector<MessageCase>& message_cases();

/// Returns the case of a name; it must exist.
const MessageCase& message_case(std::string_view name);

/// Returns the bytes; the text must be hexadecimal.
Bytes hex(std::string_view text);

/// A block of a text file: the first word of each line and what follows it.
using Block = std::map<std::string, std::string, std::less<>>;

/// Reads the blocks of a file in this folder, which empty lines part; lines with `#` are comments.
std::vector<Block> blocks_of(std::string_view file);

/// Returns 16-bit numbers as the text files have them: `1301 c02f`.
template <typename List>
std::string listed(const List& numbers) {
    std::string text;
    for (const auto number : numbers) {
        const auto value = static_cast<unsigned>(number);
        const Bytes bytes = {
            static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value & 0xffU)
        };
        text += (text.empty() ? "" : " ") + to_hex(bytes);
    }
    return text;
}

} // namespace tlsdoctor::wire::test
