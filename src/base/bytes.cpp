// SPDX-License-Identifier: Apache-2.0
// Hexadecimal and printable views of bytes.
#include "base/bytes.hpp"

#include <algorithm>

namespace tlsdoctor {

namespace {

constexpr std::string_view k_digits = "0123456789abcdef";

std::optional<std::uint8_t> nibble(char c) {
    if (c >= '0' && c <= '9') {
        return static_cast<std::uint8_t>(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return static_cast<std::uint8_t>(c - 'a' + 10);
    }
    if (c >= 'A' && c <= 'F') {
        return static_cast<std::uint8_t>(c - 'A' + 10);
    }
    return std::nullopt;
}

bool separates(char c) {
    return c == ' ' || c == ':' || c == '\n' || c == '\r' || c == '\t';
}

} // namespace

std::string to_hex(ByteView bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += k_digits[byte >> 4U];
        text += k_digits[byte & 0x0fU];
    }
    return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
    Bytes bytes;
    std::optional<std::uint8_t> high;
    for (const char c : text) {
        if (!high && separates(c)) {
            continue;
        }
        const auto value = nibble(c);
        if (!value) {
            return std::nullopt;
        }
        if (!high) {
            high = value;
            continue;
        }
        bytes.push_back(static_cast<std::uint8_t>((*high << 4U) | *value));
        high.reset();
    }
    if (high) {
        return std::nullopt;
    }
    return bytes;
}

ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string printable(ByteView bytes, std::size_t most) {
    std::string text;
    for (const std::uint8_t byte : bytes.first(std::min(most, bytes.size()))) {
        text += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
    }
    return text;
}

} // namespace tlsdoctor
