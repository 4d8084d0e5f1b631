// SPDX-License-Identifier: Apache-2.0
// Writes the presentation language of TLS [RFC 8446 3]. What does not fit its length prefix is our
// own bug and ends the process; nothing a peer sent may come here unmeasured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include "base/bytes.hpp"

namespace tlsdoctor::wire {

/// Collects bytes.
class Writer final {
public:
    /// Writes a big-endian number of T's size.
    template <typename T>
        requires std::is_enum_v<T> || std::is_unsigned_v<T>
    void number(T value) {
        uint(sizeof(T), static_cast<std::uint32_t>(value));
    }

    /// Writes a big-endian number in `width` bytes, at most 4; it must fit.
    void uint(std::size_t width, std::uint32_t value);

    /// Writes bytes as they are.
    void bytes(ByteView bytes);

    /// Writes a vector of bytes, its length in front.
    void opaque(std::size_t length_bytes, ByteView bytes);

    /// Writes a vector: its length, and then whatever `write` writes here.
    template <typename Write>
    void block(std::size_t length_bytes, Write write) {
        const std::size_t start = open(length_bytes);
        write();
        close(length_bytes, start);
    }

    /// Writes a vector of numbers, its length in front.
    template <typename List>
    void numbers(std::size_t length_bytes, const List& list) {
        block(length_bytes, [&] {
            for (const auto value : list) {
                number(value);
            }
        });
    }

    /// Returns what was written and leaves the writer empty.
    [[nodiscard]] Bytes take() { return std::exchange(out_, {}); }

private:
    std::size_t open(std::size_t length_bytes);
    void close(std::size_t length_bytes, std::size_t start);

    Bytes out_{};
};

} // namespace tlsdoctor::wire
