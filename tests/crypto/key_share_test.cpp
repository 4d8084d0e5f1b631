// SPDX-License-Identifier: Apache-2.0
// Key shares against published vectors, and against shares that a hostile peer could send.
#include "crypto/key_share.hpp"

#include <array>
#include <string>

#include <doctest/doctest.h>

#include "wire/cases.hpp"

namespace tlsdoctor::crypto {

namespace {

constexpr std::string_view k_alice =
    "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";

// clang-format off
constexpr std::string_view k_p256_initiator =
    "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433";
constexpr std::string_view k_p256_initiator_point =
    "04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"
    "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3";
constexpr std::string_view k_p256_responder_point =
    "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
    "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab";
constexpr std::string_view k_p256_off_the_curve =
    "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
    "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872aa";
// clang-format on

using wire::test::hex;

} // namespace

TEST_CASE("key shares agree with the published vectors") {
    struct Case {
        std::string name{};
        NamedGroup group{};
        std::string_view key{};
        std::string_view public_bytes{};
        std::string_view peer{};
        std::string_view secret{};
    };
    // clang-format off
    const std::array cases = {
        Case{"RFC 7748 6.1, Alice", NamedGroup::x25519, k_alice,
             "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
             "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
             "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
        Case{"RFC 7748 6.1, Bob", NamedGroup::x25519,
             "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
             "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
             "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
             "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
        Case{"RFC 5903 8.1, initiator", NamedGroup::secp256r1, k_p256_initiator,
             k_p256_initiator_point, k_p256_responder_point,
             "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"},
        Case{"RFC 5903 8.1, responder", NamedGroup::secp256r1,
             "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53",
             k_p256_responder_point, k_p256_initiator_point,
             "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"},
    };
    // clang-format on
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto share = KeyShare::from_private(c.group, hex(c.key));
        REQUIRE(share);
        CHECK(share->group() == c.group);
        CHECK(to_hex(share->public_bytes()) == c.public_bytes);
        const auto secret = share->shared_secret(hex(c.peer));
        REQUIRE(secret);
        CHECK(to_hex(*secret) == c.secret);
    }
}

TEST_CASE("two new key shares of a group agree on a secret, and differ each time") {
    const RandomSource random = seeded_random(7);
    for (const NamedGroup group : {
             NamedGroup::x25519,
             NamedGroup::x448,
             NamedGroup::secp256r1,
             NamedGroup::secp384r1,
             NamedGroup::secp521r1,
         }) {
        CAPTURE(name_of(group));
        const auto one = KeyShare::generate(group);
        const auto other = KeyShare::drawn(group, random);
        REQUIRE(one);
        REQUIRE(other);
        CHECK(one->public_bytes() != other->public_bytes());
        CHECK(
            one->shared_secret(other->public_bytes()).value() ==
            other->shared_secret(one->public_bytes()).value()
        );
    }
}

TEST_CASE("a key share refuses what a hostile peer may send") {
    struct Case {
        std::string name{};
        NamedGroup group{};
        std::string_view key{};
        Bytes peer{};
    };
    Bytes hybrid = hex(k_p256_responder_point);
    hybrid[0] = 0x07;
    const std::array cases = {
        Case{"nothing", NamedGroup::x25519, k_alice, {}},
        Case{"31 bytes", NamedGroup::x25519, k_alice, Bytes(31, 9)},
        Case{"33 bytes", NamedGroup::x25519, k_alice, Bytes(33, 9)},
        Case{"the all-zero secret", NamedGroup::x25519, k_alice, Bytes(32, 0)},
        Case{"no point", NamedGroup::secp256r1, k_p256_initiator, {}},
        Case{"the point at infinity", NamedGroup::secp256r1, k_p256_initiator, {0}},
        Case{
            "a point off the curve", NamedGroup::secp256r1, k_p256_initiator,
            hex(k_p256_off_the_curve)
        },
        Case{"a hybrid form", NamedGroup::secp256r1, k_p256_initiator, hybrid},
        Case{"zeros", NamedGroup::secp256r1, k_p256_initiator, Bytes(65, 0)},
        Case{"no hybrid share", NamedGroup::X25519MLKEM768, k_alice, {}},
        Case{"half a hybrid share", NamedGroup::X25519MLKEM768, k_alice, Bytes(1088, 9)},
        Case{"a byte too few", NamedGroup::X25519MLKEM768, k_alice, Bytes(1119, 9)},
        Case{"a byte too many", NamedGroup::X25519MLKEM768, k_alice, Bytes(1121, 9)},
        Case{"a hybrid share of zeros", NamedGroup::X25519MLKEM768, k_alice, Bytes(1120, 0)},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto share = KeyShare::from_private(c.group, hex(c.key));
        REQUIRE(share);
        const auto secret = share->shared_secret(c.peer);
        REQUIRE_FALSE(secret);
        CHECK(secret.error().what == "cannot use the peer's share for " + name_of(c.group));
    }
}

TEST_CASE("the hybrid share is an ML-KEM key and the x25519 share behind it") {
    const auto hybrid = KeyShare::from_private(NamedGroup::X25519MLKEM768, hex(k_alice));
    const auto classical = KeyShare::from_private(NamedGroup::x25519, hex(k_alice));
    REQUIRE(hybrid);
    const Bytes& share = hybrid->public_bytes();
    CHECK(hybrid->group() == NamedGroup::X25519MLKEM768);
    REQUIRE(share.size() == 1216);
    CHECK(Bytes(share.end() - 32, share.end()) == classical->public_bytes());
    const auto secret = hybrid->shared_secret(Bytes(1120, 9));
    REQUIRE(secret);
    REQUIRE(secret->size() == 64);
    CHECK(
        Bytes(secret->end() - 32, secret->end()) == classical->shared_secret(Bytes(32, 9)).value()
    );
    CHECK_FALSE(KeyShare::generate(NamedGroup::X25519MLKEM768));
}

TEST_CASE("key shares of other groups and of impossible keys are errors") {
    CHECK(
        KeyShare::generate(NamedGroup::ffdhe2048).error().cause ==
        "no keys of this group are known here"
    );
    CHECK_FALSE(KeyShare::drawn(NamedGroup::ffdhe2048, seeded_random(7)));
    CHECK_FALSE(KeyShare::from_private(NamedGroup::x448, Bytes(32, 1)));
    CHECK_FALSE(KeyShare::from_private(NamedGroup::x25519, Bytes(31, 1)));
    CHECK_FALSE(KeyShare::from_private(NamedGroup::secp256r1, Bytes(33, 1)));
    CHECK_FALSE(KeyShare::from_private(NamedGroup::secp256r1, Bytes(32, 0)));
    CHECK_FALSE(KeyShare::from_private(NamedGroup::secp256r1, Bytes(32, 0xff)));
}

} // namespace tlsdoctor::crypto
