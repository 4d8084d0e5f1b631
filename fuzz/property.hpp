// SPDX-License-Identifier: Apache-2.0
// What the fuzzers hold a codec to, beyond not crashing: it is an exact inverse, and an incremental
// reader gives the same whatever the pieces it is fed with.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/bytes.hpp"

namespace tlsdoctor::fuzz {

/// Ends the process where a property does not hold; libFuzzer keeps the input.
inline void require(bool holds, const char* property) {
    if (!holds) {
        std::fprintf(stderr, "does not hold: %s\n", property);
        std::abort();
    }
}

/// Where `read` accepts `bytes`, `write` gives them back byte for byte, and they read the same
/// again.
template <typename Read, typename Write>
void exact(ByteView bytes, Read read, Write write) {
    const auto message = read(bytes);
    if (!message) {
        require(message.error().offset <= bytes.size(), "an error is inside what was read");
        require(!message.error().field.empty(), "an error names its field");
        return;
    }
    const Bytes written = write(*message);
    require(std::ranges::equal(written, bytes), "write(read(x)) == x");
    require(read(written) == message, "read(write(read(x))) == read(x)");
}

/// Everything that a reader yields until it needs more or refuses.
template <typename Item>
struct Drained {
    std::vector<Item> items{};
    bool refused{};

    bool operator==(const Drained&) const = default;
};

/// Feeds `reader` with pieces of 1 to `most` bytes, whose sizes follow from the bytes themselves.
template <typename Item, typename Reader>
Drained<Item> drain(Reader reader, ByteView bytes, std::size_t most) {
    Drained<Item> result;
    while (!bytes.empty() && !result.refused) {
        const std::size_t size = std::min(bytes.size(), 1 + (most == 1 ? 0 : bytes[0] % most));
        reader.feed(bytes.first(size));
        bytes = bytes.subspan(size);
        auto next = reader.next();
        for (; next && *next; next = reader.next()) {
            result.items.push_back(std::move(**next));
        }
        result.refused = !next;
    }
    return result;
}

/// Requires that the pieces make no difference and that what was yielded, written again, begins
/// `bytes`.
template <typename Item, typename Reader, typename Write>
void same_in_pieces(const Reader& fresh, ByteView bytes, Write write) {
    const Drained<Item> whole = drain<Item>(fresh, bytes, bytes.size() + 1);
    require(drain<Item>(fresh, bytes, 1) == whole, "one byte at a time gives the same");
    require(drain<Item>(fresh, bytes, 7) == whole, "small pieces give the same");
    Bytes written;
    for (const Item& item : whole.items) {
        const Bytes one = write(item);
        written.insert(written.end(), one.begin(), one.end());
    }
    require(written.size() <= bytes.size(), "no byte is invented");
    require(
        std::ranges::equal(written, bytes.first(written.size())), "written again they are equal"
    );
}

} // namespace tlsdoctor::fuzz
