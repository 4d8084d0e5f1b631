// SPDX-License-Identifier: Apache-2.0
#include "registry/named_group.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>

namespace tlsdoctor {

TEST_CASE("the table of groups is sorted, and no name occurs twice") {
    CHECK(
        std::ranges::adjacent_find(
            named_groups(), std::ranges::greater_equal{}, &NamedGroupInfo::id
        ) == named_groups().end()
    );
    std::set<std::string_view> names;
    for (const NamedGroupInfo& row : named_groups()) {
        CAPTURE(row.name);
        CHECK(names.insert(row.name).second);
        CHECK(find(row.id) == &row);
        CHECK(name_of(row.id) == row.name);
    }
    CHECK(names.size() > 60);
}

TEST_CASE("groups have the registry's names, and kinds and sizes that follow from them") {
    struct Case {
        NamedGroup group{};
        std::string_view name{};
        GroupKind kind{};
        std::uint16_t bits{};
    };
    constexpr Case cases[] = {
        {NamedGroup{0x0001}, "sect163k1", GroupKind::elliptic_curve, 163},
        {NamedGroup{0x0016}, "secp256k1", GroupKind::elliptic_curve, 256},
        {NamedGroup::secp256r1, "secp256r1", GroupKind::elliptic_curve, 256},
        {NamedGroup::secp384r1, "secp384r1", GroupKind::elliptic_curve, 384},
        {NamedGroup::secp521r1, "secp521r1", GroupKind::elliptic_curve, 521},
        {NamedGroup{0x001a}, "brainpoolP256r1", GroupKind::elliptic_curve, 256},
        {NamedGroup::x25519, "x25519", GroupKind::elliptic_curve, 255},
        {NamedGroup::x448, "x448", GroupKind::elliptic_curve, 448},
        {NamedGroup{0x0029}, "curveSM2", GroupKind::elliptic_curve, 256},
        {NamedGroup::ffdhe2048, "ffdhe2048", GroupKind::finite_field, 2048},
        {NamedGroup::ffdhe3072, "ffdhe3072", GroupKind::finite_field, 3072},
        {NamedGroup{0x0104}, "ffdhe8192", GroupKind::finite_field, 8192},
        {NamedGroup{0x0201}, "MLKEM768", GroupKind::post_quantum, 0},
        {NamedGroup::SecP256r1MLKEM768, "SecP256r1MLKEM768", GroupKind::hybrid, 0},
        {NamedGroup::X25519MLKEM768, "X25519MLKEM768", GroupKind::hybrid, 0},
        {NamedGroup::SecP384r1MLKEM1024, "SecP384r1MLKEM1024", GroupKind::hybrid, 0},
        {NamedGroup{0x4138}, "CECPQ2", GroupKind::hybrid, 0},
        {NamedGroup{0x6399}, "X25519Kyber768Draft00", GroupKind::hybrid, 0},
        {NamedGroup{0xff01}, "arbitrary_explicit_prime_curves", GroupKind::other, 0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const NamedGroupInfo* row = find(c.group);
        REQUIRE(row != nullptr);
        CHECK(row->name == c.name);
        CHECK(row->kind == c.kind);
        CHECK(row->bits == c.bits);
    }
}

TEST_CASE("groups without a row survive as hexadecimal") {
    CHECK(find(NamedGroup{0x1a1a}) == nullptr);
    CHECK(name_of(NamedGroup{0x1a1a}) == "0x1a1a");
    CHECK(name_of(NamedGroup{0x0000}) == "0x0000");
    CHECK(name_of(NamedGroup{0xffff}) == "0xffff");
}

} // namespace tlsdoctor
