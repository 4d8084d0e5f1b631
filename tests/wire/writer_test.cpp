// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "cases.hpp"
#include "registry/cipher_suite.hpp"
#include "wire/writer.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;

TEST_CASE("a writer writes numbers big-endian, bytes as they are and lengths in front") {
    Writer out;
    out.number(CipherSuite::TLS_AES_128_GCM_SHA256);
    out.uint(3, 0x040506);
    out.number(std::uint32_t{0x0708090a});
    out.bytes(test::hex("aabb"));
    out.opaque(1, test::hex("cc"));
    out.numbers(2, std::vector{CipherSuite{0x002f}, CipherSuite{0x0035}});
    CHECK(
        to_hex(out.take()) == "1301040506"
                              "0708090a"
                              "aabb"
                              "01cc"
                              "0004002f0035"
    );
    CHECK(out.take().empty());
}

TEST_CASE("blocks nest and their lengths are filled in") {
    Writer out;
    out.block(3, [&] {
        out.uint(1, 7);
        out.block(2, [&] { out.bytes(Bytes(0x0102, 0)); });
        out.block(1, [] {});
    });
    const Bytes bytes = out.take();
    CHECK(bytes.size() == 3 + 1 + 2 + 0x0102 + 1);
    CHECK(
        to_hex(ByteView(bytes).first(6)) == "000106"
                                            "07"
                                            "0102"
    );
    CHECK(bytes.back() == 0);
}

TEST_CASE("a vector of the largest size fits its prefix") {
    Writer out;
    out.opaque(1, Bytes(0xff, 1));
    out.opaque(2, Bytes(0xffff, 2));
    CHECK(out.take().size() == 1 + 0xff + 2 + 0xffff);
}
