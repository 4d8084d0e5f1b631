// SPDX-License-Identifier: Apache-2.0
// Groups for key agreement: elliptic curves, finite fields, post-quantum hybrids [IANA TLS
// Supported Groups]. The table is data/registry/groups.tsv.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tlsdoctor {

/// A group's number; open: GREASE and private numbers survive.
enum class NamedGroup : std::uint16_t {
    secp256r1 = 0x0017,
    secp384r1 = 0x0018,
    secp521r1 = 0x0019,
    x25519 = 0x001d,
    x448 = 0x001e,
    ffdhe2048 = 0x0100,
    ffdhe3072 = 0x0101,
    SecP256r1MLKEM768 = 0x11eb,
    X25519MLKEM768 = 0x11ec,
    SecP384r1MLKEM1024 = 0x11ed,
};

/// What the keys of a group are made of; a hybrid joins a post-quantum and a classical one.
enum class GroupKind : std::uint8_t { elliptic_curve, finite_field, post_quantum, hybrid, other };

/// A row of the table; the texts live as long as the program.
struct NamedGroupInfo {
    NamedGroup id{};
    std::string_view name{};
    GroupKind kind{};
    std::uint16_t bits{}; ///< size of the field or, for hybrids, 0
};

/// Returns the whole table, by number.
std::span<const NamedGroupInfo> named_groups();

/// Returns the row, or null for an unknown number.
const NamedGroupInfo* find(NamedGroup group);

/// Returns the registry's name, or `0x1a1a`.
std::string name_of(NamedGroup group);

} // namespace tlsdoctor
