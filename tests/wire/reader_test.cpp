// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "cases.hpp"
#include "wire/reader.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;

namespace {

enum class Colour : std::uint16_t { red = 1 };

} // namespace

TEST_CASE("a reader reads numbers of every size, big-endian") {
    const Bytes bytes = test::hex("01 0203 040506 0708090a 0001");
    std::optional<ParseError> error;
    Reader in(bytes, error);
    CHECK(in.number<std::uint8_t>("a") == 0x01);
    CHECK(in.number<std::uint16_t>("b") == 0x0203);
    CHECK(in.uint(3, "c") == 0x040506);
    CHECK(in.number<std::uint32_t>("d") == 0x0708090a);
    CHECK(in.number<Colour>("e") == Colour::red);
    CHECK_FALSE(in.more());
    CHECK_FALSE(error);
}

TEST_CASE("the first error sticks and what is read after it is empty") {
    const Bytes bytes = test::hex("0102030405");
    std::optional<ParseError> error;
    Reader in(bytes, error);
    in.uint(1, "first");
    CHECK(in.opaque(1, "second") == test::hex("0304"));
    CHECK(in.number<std::uint16_t>("third") == 0);
    CHECK(in.number<std::uint8_t>("fourth") == 0);
    CHECK(in.array<2>("fifth") == std::array<std::uint8_t, 2>{});
    CHECK(in.bytes(1, "sixth").empty());
    CHECK(in.rest().empty());
    CHECK_FALSE(in.more());
    CHECK(error == ParseError{.what = "needs 2 bytes, has 1", .field = "third", .offset = 4});
}

TEST_CASE("a block shares the error of its message and counts from the message's start") {
    const Bytes bytes = test::hex("ff 03 020102 ee");
    std::optional<ParseError> error;
    Reader in(bytes, error);
    in.uint(1, "before");
    Reader block = in.block(1, "block");
    Reader inner = block.block(1, "inner");
    inner.uint(3, "number");
    CHECK_FALSE(in.more());
    CHECK_FALSE(block.more());
    CHECK(error == ParseError{.what = "needs 3 bytes, has 2", .field = "number", .offset = 3});
}

TEST_CASE("a vector over its largest size is refused at its length") {
    const auto read = [](Reader& in) {
        return in.opaque(1, "session_id", 2);
    };
    CHECK(read_message(test::hex("02aabb"), read) == test::hex("aabb"));
    const auto over = read_message(test::hex("03aabbcc"), read);
    REQUIRE_FALSE(over);
    CHECK(describe(over.error()) == "session_id at byte 0: length 3 is over 2");
}

TEST_CASE("a vector of numbers that ends inside a number is refused") {
    const auto read = [](Reader& in) {
        return in.numbers<Colour>(1, "colours");
    };
    CHECK(read_message(test::hex("00"), read)->empty());
    const auto odd = read_message(test::hex("03000100"), read);
    REQUIRE_FALSE(odd);
    CHECK(describe(odd.error()) == "colours at byte 3: needs 2 bytes, has 1");
}

TEST_CASE("a message with bytes left over is refused, unless it takes the rest") {
    const auto one = read_message(test::hex("0102"), [](Reader& in) { return in.uint(1, "a"); });
    REQUIRE_FALSE(one);
    CHECK(describe(one.error()) == "message at byte 1: has 1 byte too many");
    CHECK(read_message(test::hex("0102"), [](Reader& in) {
              return in.rest();
          }) == test::hex("0102"));
}
