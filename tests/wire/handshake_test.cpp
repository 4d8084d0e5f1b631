// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>

#include "cases.hpp"
#include "wire/handshake.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;

TEST_CASE("messages come out the same whatever the fragments they come in") {
    const std::vector<HandshakeMessage> sent = {
        {HandshakeType::server_hello, Bytes(70, 1)},
        {HandshakeType::certificate, Bytes(3000, 2)},
        {HandshakeType{0x99}, test::hex("aabb")},
        {HandshakeType::server_hello_done, {}},
    };
    Bytes stream;
    for (const HandshakeMessage& message : sent) {
        const Bytes bytes = write(message);
        stream.insert(stream.end(), bytes.begin(), bytes.end());
    }
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{3}, std::size_t{4}, std::size_t{74}, std::size_t{1000},
          stream.size()}) {
        CAPTURE(size);
        HandshakeReader reader;
        std::vector<HandshakeMessage> received;
        for (ByteView left = stream; !left.empty();) {
            const ByteView fragment = left.first(std::min(size, left.size()));
            reader.feed(fragment);
            left = left.subspan(fragment.size());
            for (auto next = reader.next(); next && *next; next = reader.next()) {
                received.push_back(**next);
            }
        }
        CHECK(received == sent);
        CHECK(reader.pending() == 0);
    }
}

TEST_CASE("every truncation of a message is waited for") {
    const Bytes whole = handshake_message(HandshakeType::server_hello, test::hex("aabbcc"));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        HandshakeReader reader;
        reader.feed(ByteView(whole).first(size));
        CHECK(reader.next().value() == std::optional<HandshakeMessage>());
        CHECK(reader.pending() == size);
    }
}

TEST_CASE("a message over the limit is refused as soon as its length is there, and that stays") {
    HandshakeReader reader(16);
    reader.feed(test::hex("0e000000"
                          "0b000011"));
    CHECK(reader.next()->has_value());
    const auto over = reader.next();
    REQUIRE_FALSE(over);
    CHECK(describe(over.error()) == "length at byte 5: length 17 is over 16");
    reader.feed(Bytes(32, 0));
    CHECK_FALSE(reader.next());
}

TEST_CASE("a message of the limit is read") {
    HandshakeReader reader(16);
    reader.feed(handshake_message(HandshakeType::certificate, Bytes(16, 7)));
    CHECK(reader.next()->has_value());
}

TEST_CASE("the limit is 256 KiB where none is given") {
    HandshakeReader reader;
    reader.feed(test::hex("0b040000"));
    CHECK(reader.next().has_value());
    HandshakeReader other;
    other.feed(test::hex("0b040001"));
    CHECK_FALSE(other.next());
}
