// SPDX-License-Identifier: Apache-2.0
// The lines of a text are sorted into blocks of bytes: a dump restarts its offsets with each block,
// plain digits are one block. The first block that holds a hello wins. Nothing is guessed about
// columns: where offsets say how many bytes a line has, just those are taken.
#include "client/hello_file.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "client/hello.hpp"
#include "wire/record.hpp"

namespace tlsdoctor::client {

namespace {

constexpr std::size_t k_most = 1U << 20U;
constexpr std::size_t k_most_in_line = 64; ///< bytes of a dump
constexpr std::size_t k_message_header = 4;
constexpr std::size_t k_most_starts = 4096; ///< places in a block that look like a hello's start

struct DumpLine {
    std::size_t offset{};
    std::vector<std::uint8_t> bytes{}; ///< what looks like bytes, the characters' column included
};

bool is_hex(char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f') ||
           (letter >= 'A' && letter <= 'F');
}

std::uint8_t value_of(char letter) {
    if (letter <= '9') {
        return static_cast<std::uint8_t>(letter - '0');
    }
    return static_cast<std::uint8_t>((letter | 0x20) - 'a' + 10);
}

std::size_t digits_at(std::string_view text, std::size_t at) {
    const auto end = std::find_if_not(
        text.begin() + static_cast<std::ptrdiff_t>(std::min(at, text.size())), text.end(), is_hex
    );
    return static_cast<std::size_t>(end - text.begin()) - at;
}

/// The bytes from `at` on; it ends where a pair of digits is missing, or two blanks come after the
/// first eight bytes: there the column of characters begins.
std::vector<std::uint8_t> bytes_in_line(std::string_view line, std::size_t at) {
    constexpr std::size_t half = 8;
    std::vector<std::uint8_t> bytes;
    while (at < line.size() && bytes.size() < k_most_in_line) {
        const std::size_t digits = digits_at(line, at);
        if (digits == 0 || digits % 2 != 0) {
            break;
        }
        for (std::size_t end = at + digits; at < end; at += 2) {
            bytes.push_back(
                static_cast<std::uint8_t>(value_of(line[at]) << 4U | value_of(line[at + 1]))
            );
        }
        const std::size_t next = std::min(line.find_first_not_of(" \t-", at), line.size());
        const bool gap = next - at > 1;
        if (gap && bytes.size() != half) {
            break;
        }
        at = next;
    }
    return bytes;
}

/// A line that begins with an offset: `00000010: `, `0010  `, `0010 - `, `0000020 `.
std::optional<DumpLine> dump_line(std::string_view line) {
    constexpr std::size_t least = 4;
    constexpr std::size_t most = 8;
    const std::string_view text = trimmed(line);
    const std::size_t digits = digits_at(text, 0);
    if (digits < least || digits > most || digits >= text.size()) {
        return std::nullopt;
    }
    const std::size_t start = text.find_first_not_of(": \t-", digits);
    const bool separated = text[digits] == ':' || text[digits] == ' ' || text[digits] == '\t';
    if (!separated || start == std::string_view::npos) {
        return std::nullopt;
    }
    DumpLine result{.bytes = bytes_in_line(text, start)};
    std::from_chars(text.data(), text.data() + digits, result.offset, 16);
    return result.bytes.empty() ? std::nullopt : std::optional(std::move(result));
}

/// Joins the lines of dumps; an offset that does not grow begins a new block.
std::vector<Bytes> blocks_of_dump(const std::vector<DumpLine>& lines) {
    std::vector<Bytes> blocks;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const DumpLine& line = lines[i];
        if (i == 0 || line.offset <= lines[i - 1].offset) {
            blocks.emplace_back();
        }
        std::size_t count = line.bytes.size();
        if (i + 1 < lines.size() && lines[i + 1].offset > line.offset) {
            count = std::min(count, lines[i + 1].offset - line.offset);
        }
        blocks.back().insert(
            blocks.back().end(), line.bytes.begin(),
            line.bytes.begin() + static_cast<std::ptrdiff_t>(count)
        );
    }
    return blocks;
}

/// Tells whether each offset is reached by the bytes before it: digits alone can look like a dump.
bool offsets_fit(const std::vector<DumpLine>& lines) {
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        const std::size_t next = lines[i + 1].offset;
        if (next > lines[i].offset && next - lines[i].offset > lines[i].bytes.size()) {
            return false;
        }
    }
    return lines.size() > 1 && lines.front().offset == 0;
}

/// One line of digits without an offset; nullopt where anything else stands in it.
std::optional<Bytes> plain_line(std::string_view line) {
    constexpr std::string_view between = " \t\r,:;-{}\"'\\()";
    Bytes bytes;
    for (std::size_t at = 0; at < line.size();) {
        if (between.find(line[at]) != std::string_view::npos) {
            ++at;
            continue;
        }
        const std::string_view rest = line.substr(at);
        if (rest.starts_with("0x") || rest.starts_with("0X")) {
            at += 2;
        } else if (rest.starts_with("x") && at > 0 && line[at - 1] == '\\') {
            at += 1;
        }
        const std::size_t digits = digits_at(line, at);
        if (digits == 0 || digits % 2 != 0) {
            return std::nullopt;
        }
        for (std::size_t end = at + digits; at < end; at += 2) {
            bytes.push_back(
                static_cast<std::uint8_t>(value_of(line[at]) << 4U | value_of(line[at + 1]))
            );
        }
    }
    return bytes;
}

bool is_message_title(std::string_view line) {
    return line.starts_with(">>> ") || line.starts_with("<<< ");
}

/// `openssl s_client -msg`: what is sent stands under `>>>` lines, the record's header alone.
std::vector<Bytes> blocks_of_messages(const std::vector<std::string_view>& lines) {
    std::vector<Bytes> blocks(1);
    bool sent = false;
    for (const std::string_view raw : lines) {
        const std::string_view line = trimmed(raw);
        if (is_message_title(line)) {
            sent = line.starts_with(">>> ");
            continue;
        }
        const auto bytes = sent ? plain_line(line) : std::nullopt;
        if (bytes) {
            blocks.front().insert(blocks.front().end(), bytes->begin(), bytes->end());
        }
        sent = sent && bytes.has_value();
    }
    return blocks;
}

using Blocks = std::expected<std::vector<Bytes>, HelloFileError>;

Blocks blocks_of_text(std::string_view text) {
    const auto lines = split(text, '\n');
    if (std::ranges::any_of(lines, [](auto line) { return line.starts_with(">>> "); })) {
        return blocks_of_messages(lines);
    }
    std::vector<DumpLine> dump;
    Bytes plain;
    std::optional<std::size_t> odd; // the first line that is no line of digits
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string_view line = trimmed(lines[i]);
        if (line.empty() || line.starts_with('#') || line.starts_with("//")) {
            continue;
        }
        if (auto dumped = dump_line(line)) {
            dump.push_back(*std::move(dumped));
        }
        if (const auto bytes = plain_line(line)) {
            plain.insert(plain.end(), bytes->begin(), bytes->end());
        } else {
            odd = odd.value_or(i + 1);
        }
    }
    std::vector<Bytes> blocks = blocks_of_dump(dump);
    blocks.insert(offsets_fit(dump) ? blocks.end() : blocks.begin(), plain);
    if (plain.empty() && dump.empty()) {
        return std::unexpected(HelloFileError{
            .what = "holds neither a hello's bytes nor hexadecimal digits", .line = odd.value_or(0)
        });
    }
    return blocks;
}

/// The message without records, as TLS libraries log it.
std::optional<Bytes> bare_message(ByteView bytes) {
    if (bytes.size() < k_message_header || bytes[0] != 1) {
        return std::nullopt;
    }
    const std::size_t size = k_message_header + (std::size_t{bytes[1]} << 16U) +
                             (std::size_t{bytes[2]} << 8U) + bytes[3];
    if (bytes.size() < size) {
        return std::nullopt;
    }
    auto stream =
        wire::records(wire::ContentType::handshake, ProtocolVersion::tls_1_0, bytes.first(size));
    return read_hello(stream) ? std::optional(std::move(stream)) : std::nullopt;
}

bool may_begin_hello(ByteView bytes) {
    return bytes.size() > 5 && bytes[0] == 0x16 && bytes[1] == 3 && bytes[5] == 1;
}

/// The hello at the start of a block, or within one that begins with headers of a packet.
std::optional<Bytes> hello_in(ByteView block) {
    if (const auto fields = read_hello(block)) {
        const ByteView hello = block.first(fields->size);
        return Bytes(hello.begin(), hello.end());
    }
    if (auto message = bare_message(block)) {
        return message;
    }
    std::size_t starts = 0;
    for (std::size_t at = 1; at < block.size() && starts < k_most_starts; ++at) {
        const ByteView rest = block.subspan(at);
        if (!may_begin_hello(rest)) {
            continue;
        }
        ++starts;
        const ByteView bounded =
            rest.first(std::min(rest.size(), std::size_t{wire::k_max_fragment}));
        if (const auto fields = read_hello(bounded)) {
            return Bytes(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(fields->size));
        }
    }
    return std::nullopt;
}

bool is_text(ByteView content) {
    return std::ranges::none_of(content, [](std::uint8_t byte) {
        return (byte < ' ' && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7f;
    });
}

} // namespace

std::string describe(const HelloFileError& error) {
    return error.line == 0 ? error.what : fmt::format("line {}: {}", error.line, error.what);
}

std::expected<Bytes, HelloFileError> hello_in_file(ByteView content) {
    if (content.size() > k_most) {
        return std::unexpected(HelloFileError{.what = "is larger than 1 MiB"});
    }
    if (content.empty()) {
        return std::unexpected(HelloFileError{.what = "is empty"});
    }
    if (auto hello = hello_in(content)) {
        return *std::move(hello);
    }
    if (!is_text(content)) {
        const auto why = read_hello(content);
        return std::unexpected(HelloFileError{
            .what = fmt::format("holds no ClientHello: {}", wire::describe(why.error()))
        });
    }
    const auto blocks = blocks_of_text(as_text(content));
    if (!blocks) {
        return std::unexpected(blocks.error());
    }
    for (const Bytes& block : *blocks) {
        if (auto hello = hello_in(block)) {
            return *std::move(hello);
        }
    }
    const auto longest = std::ranges::max_element(*blocks, {}, &Bytes::size);
    const auto why = read_hello(*longest);
    return std::unexpected(HelloFileError{
        .what = fmt::format(
            "holds hexadecimal digits, but no ClientHello: {}",
            why ? "it is cut short" : wire::describe(why.error())
        )
    });
}

} // namespace tlsdoctor::client
