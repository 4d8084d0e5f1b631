// SPDX-License-Identifier: Apache-2.0
// Reads the presentation language of TLS [RFC 8446 3]: numbers, fixed arrays and vectors with a
// length in front. The first error sticks: what is read after it is zero or empty, so that a
// message's reader looks like the RFC's struct and asks once, at its end. Nothing here throws on
// what a peer sent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace tlsdoctor::wire {

/// Why bytes could not be read: always the first reason.
struct ParseError {
    std::string what{};   ///< `needs 2 bytes, has 1`
    std::string field{};  ///< the RFC's name of the field
    std::size_t offset{}; ///< of the field's first byte, from the start of what was read

    bool operator==(const ParseError&) const = default;
};

/// Returns `cipher_suites at byte 35: needs 2 bytes, has 1`.
std::string describe(const ParseError& error);

/// A number of the wire: an open enumeration or an unsigned integer.
template <typename T>
concept WireNumber = std::is_enum_v<T> || std::is_unsigned_v<T>;

/// A position in borrowed bytes. Readers of one message share its error: once it is set, every one
/// of them has nothing more.
class Reader final {
public:
    /// Starts at the first of `bytes`; borrows both arguments.
    Reader(ByteView bytes, std::optional<ParseError>& error) : left_(bytes), error_(&error) {}

    /// Reads a big-endian number of T's size.
    template <WireNumber T>
    T number(std::string_view field) {
        return static_cast<T>(uint(sizeof(T), field));
    }

    /// Reads a big-endian number of `width` bytes, at most 4: for the RFCs' uint24.
    std::uint32_t uint(std::size_t width, std::string_view field);

    /// Reads exactly N bytes.
    template <std::size_t N>
    std::array<std::uint8_t, N> array(std::string_view field) {
        std::array<std::uint8_t, N> result{};
        const ByteView bytes = take(N, field);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            result[i] = bytes[i];
        }
        return result;
    }

    /// Reads exactly `size` bytes.
    Bytes bytes(std::size_t size, std::string_view field);

    /// Reads a vector of bytes: its length in `length_bytes` bytes, at most `most`, and then the
    /// bytes.
    Bytes opaque(
        std::size_t length_bytes, std::string_view field,
        std::size_t most = std::numeric_limits<std::size_t>::max()
    );

    /// Reads a vector's length and returns a reader of what is inside it.
    Reader block(std::size_t length_bytes, std::string_view field);

    /// Returns a reader of the next `size` bytes, for a vector whose length stood elsewhere.
    Reader part(std::size_t size, std::string_view field);

    /// Reads a vector of numbers; a length that is no multiple of a number's size is an error.
    template <WireNumber T>
    std::vector<T> numbers(std::size_t length_bytes, std::string_view field) {
        std::vector<T> result;
        for (Reader list = block(length_bytes, field); list.more();) {
            result.push_back(list.number<T>(field));
        }
        return result;
    }

    /// Tells whether bytes are left and no error has happened.
    [[nodiscard]] bool more() const { return !*error_ && !left_.empty(); }

    /// Reads all that is left.
    Bytes rest();

    /// Refuses bytes that are left over; `field` names what has ended.
    void end(std::string_view field);

    /// Sets the error, unless there is one, at the current position.
    void fail(std::string what, std::string_view field);

private:
    Reader(ByteView bytes, std::optional<ParseError>* error, std::size_t offset)
        : left_(bytes), error_(error), offset_(offset) {}

    ByteView take(std::size_t size, std::string_view field);

    ByteView left_;
    std::optional<ParseError>* error_;
    std::size_t offset_{};
};

/// Runs `read` on the whole of `body`; its result, or the first error. Bytes left over are an
/// error.
template <typename Read>
auto read_message(ByteView body, Read read)
    -> std::expected<std::invoke_result_t<Read, Reader&>, ParseError> {
    std::optional<ParseError> error;
    Reader in(body, error);
    auto message = read(in);
    in.end("message");
    if (error) {
        return std::unexpected(std::move(*error));
    }
    return message;
}

} // namespace tlsdoctor::wire
