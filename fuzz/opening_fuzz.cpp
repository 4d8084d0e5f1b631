// SPDX-License-Identifier: Apache-2.0
// What a client says first, in pieces of any size: the same kind, and of a hello the same bytes.
#include <algorithm>
#include <cstdint>

#include "property.hpp"
#include "wire/opening.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace wire = tlsdoctor::wire;

namespace {

wire::OpeningReader opened(tlsdoctor::ByteView bytes, std::size_t piece) {
    wire::OpeningReader reader(4096);
    for (std::size_t at = 0; at < bytes.size() && !reader.complete(); at += piece) {
        reader.feed(bytes.subspan(at, std::min(piece, bytes.size() - at)));
    }
    return reader;
}

bool is_hello(wire::OpeningKind kind) {
    return kind == wire::OpeningKind::hello || kind == wire::OpeningKind::ssl2_hello;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tlsdoctor::ByteView bytes(data, size);
    const wire::OpeningReader whole = opened(bytes, size + 1);
    const wire::OpeningReader pieces = opened(bytes, 1);
    fuzz::require(whole.bytes().size() <= 4096, "the limit is kept");
    fuzz::require(whole.kind() == pieces.kind(), "pieces make no difference");
    fuzz::require(
        !is_hello(whole.kind()) || std::ranges::equal(whole.bytes(), pieces.bytes()),
        "a hello is the same bytes"
    );
    wire::protocol_of_client(bytes);
    return 0;
}
