// SPDX-License-Identifier: Apache-2.0
// A completed template is the hello that make_question makes with the same random bytes.
#include "probe/hello_template.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "probe/hello.hpp"
#include "reading.hpp"

namespace tlsdoctor::probe {

TEST_CASE("a completed template has the bytes of make_question, for every length of a name") {
    constexpr std::uint64_t k_seed = 7;
    HelloTemplates templates(seeded_random(k_seed));
    const RandomSource same = seeded_random(k_seed);
    std::vector<std::optional<std::string>> names = {std::nullopt, "", "a.example", "b.example"};
    for (std::size_t length = 1; length <= 253; length += 7) {
        names.emplace_back(std::string(length, 'x'));
    }
    for (const auto& name : names) {
        for (const ProtocolVersion version : testing::k_ssl_3_0_and_later) {
            for (const evidence::Shape shape : testing::k_shapes) {
                CAPTURE(name_of(version));
                CAPTURE(evidence::name_of(shape));
                CAPTURE(name.value_or("none"));
                const Ask ask{.version = version, .shape = shape, .sni = name};
                const ByteView hello = templates.hello(ask);
                const Bytes made = make_question(ask, same).bytes;
                CHECK(std::ranges::equal(hello, made));
            }
        }
    }
    const Ask oldest{.version = ProtocolVersion::ssl_2_0, .shape = evidence::Shape::ssl2};
    const ByteView hello = templates.hello(oldest);
    CHECK(std::ranges::equal(hello, make_question(oldest, same).bytes));
    CHECK(templates.hello({.shape = evidence::Shape::nothing}).empty());
}

TEST_CASE("a source in large pieces gives each byte once") {
    std::uint8_t next = 0;
    const RandomSource counting = in_large_pieces([&](std::span<std::uint8_t> out) {
        std::ranges::generate(out, [&] { return next++; });
    });
    std::uint8_t expected = 0;
    for (const std::size_t size : {3UL, 32UL, 1UL, 500UL}) {
        for (const std::uint8_t byte : random_bytes(counting, size)) {
            CHECK(byte == expected++);
        }
    }
    CHECK(random_bytes(counting, 10'000).size() == 10'000);
    for (std::size_t i = 0; i < 1'000; ++i) {
        CHECK(random_bytes(counting, 32).size() == 32);
    }
}

} // namespace tlsdoctor::probe
