// SPDX-License-Identifier: Apache-2.0
// Lines out of bytes; see the header.
#include "explain/lines.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tlsdoctor::explain {

namespace {

constexpr char k_escape = '\x1b';
constexpr std::size_t k_enough_to_tell = 4;

void append_utf8(std::string& text, std::uint32_t c) {
    const auto tail = [&](unsigned shift) {
        text += static_cast<char>(0x80U | ((c >> shift) & 0x3fU));
    };
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xc0U | (c >> 6U));
        tail(0);
    } else if (c < 0x10000) {
        text += static_cast<char>(0xe0U | (c >> 12U));
        tail(6);
        tail(0);
    } else {
        text += static_cast<char>(0xf0U | (c >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

/// Returns the length of the escape sequence at the beginning: CSI, OSC, or two characters.
std::size_t escape_length(std::string_view text) {
    if (text.size() < 2) {
        return text.size();
    }
    if (text[1] == '[') {
        std::size_t at = 2;
        while (at < text.size() && !(text[at] >= '@' && text[at] <= '~')) {
            ++at;
        }
        return std::min(at + 1, text.size());
    }
    if (text[1] == ']') {
        const std::size_t end = text.find_first_of("\x07\x1b", 2);
        return end == std::string_view::npos ? text.size() : end + 1;
    }
    return 2;
}

/// `\n`, `\"`, `\/` of a JSON string.
char unescaped(char c) {
    switch (c) {
    case 'n':
    case 't':
    case 'r':
        return ' ';
    default:
        return c;
    }
}

bool is_json_escape(std::string_view text) {
    return text.size() > 1 && text[0] == '\\' &&
           std::string_view{"nrt\"/\\"}.find(text[1]) != std::string_view::npos;
}

bool is_plain(std::string_view line) {
    return std::ranges::none_of(line, [](char c) {
        return (static_cast<unsigned char>(c) < 0x20) || c == '\x7f';
    });
}

} // namespace

void clean_line(std::string_view line, std::string& clean) {
    clean.clear();
    while (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    const bool json = line.starts_with('{') || line.find("\\\"") != std::string_view::npos;
    if (!json && is_plain(line)) {
        clean.assign(line);
        return;
    }
    for (std::size_t at = 0; at < line.size();) {
        const char c = line[at];
        if (c == k_escape) {
            at += escape_length(line.substr(at));
        } else if (json && is_json_escape(line.substr(at, 2))) {
            clean += unescaped(line[at + 1]);
            at += 2;
        } else if (c == '\r') {
            clean.clear();
            ++at;
        } else {
            const bool control = static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
            if (!control || clean.empty() || clean.back() != ' ' || c == '\t') {
                clean += control ? ' ' : c;
            }
            ++at;
        }
    }
}

void LineCutter::feed(std::string_view bytes) {
    if (encoding_ != Encoding::unknown) {
        return take(bytes);
    }
    head_ += bytes;
    if (head_.size() >= k_enough_to_tell) {
        begin(head_);
        head_.clear();
    }
}

/// Tells the encoding from a byte order mark, or from zeros where the letters of ASCII have them.
void LineCutter::begin(std::string_view bytes) {
    const auto zero = [&](std::size_t at) {
        return at < bytes.size() && bytes[at] == '\0';
    };
    encoding_ = Encoding::bytes;
    if (bytes.starts_with("\xff\xfe")) {
        encoding_ = Encoding::utf16_le;
        bytes.remove_prefix(2);
    } else if (bytes.starts_with("\xfe\xff")) {
        encoding_ = Encoding::utf16_be;
        bytes.remove_prefix(2);
    } else if (bytes.starts_with("\xef\xbb\xbf")) {
        bytes.remove_prefix(3);
    } else if (zero(1) && zero(3) && !zero(0) && !zero(2)) {
        encoding_ = Encoding::utf16_le;
    } else if (zero(0) && zero(2) && !zero(1) && !zero(3)) {
        encoding_ = Encoding::utf16_be;
    }
    take(bytes);
}

void LineCutter::take(std::string_view bytes) {
    if (encoding_ == Encoding::utf16_le || encoding_ == Encoding::utf16_be) {
        take_utf16(bytes);
        bytes = decoded_;
    }
    while (!bytes.empty()) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        const std::size_t room = k_longest_line - std::min(line_.size(), k_longest_line);
        line_ += bytes.substr(0, std::min(end, room));
        if (end == bytes.size()) {
            return;
        }
        end_line();
        bytes.remove_prefix(end + 1);
    }
}

void LineCutter::take_utf16(std::string_view bytes) {
    odd_ += bytes;
    decoded_.clear();
    const bool little = encoding_ == Encoding::utf16_le;
    std::size_t at = 0;
    for (; at + 1 < odd_.size(); at += 2) {
        const auto first = static_cast<unsigned char>(odd_[at]);
        const auto second = static_cast<unsigned char>(odd_[at + 1]);
        const std::uint32_t unit =
            little ? first | (std::uint32_t{second} << 8U) : second | (std::uint32_t{first} << 8U);
        if (unit >= 0xd800 && unit < 0xdc00) {
            high_ = unit;
        } else if (unit >= 0xdc00 && unit < 0xe000) {
            append_utf8(decoded_, 0x10000U + ((high_ & 0x3ffU) << 10U) + (unit & 0x3ffU));
        } else {
            append_utf8(decoded_, unit);
        }
    }
    odd_.erase(0, at);
}

void LineCutter::end_line() {
    clean_line(line_, clean_);
    line_.clear();
    sink_(clean_);
}

void LineCutter::finish() {
    if (encoding_ == Encoding::unknown && !head_.empty()) {
        begin(head_);
        head_.clear();
    }
    if (!line_.empty()) {
        end_line();
    }
}

} // namespace tlsdoctor::explain
