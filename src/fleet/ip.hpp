// SPDX-License-Identifier: Apache-2.0
// IP addresses as numbers, and the ranges between them: a block of a list is never written out.
#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace tlsdoctor::fleet {

/// An address. IPv4 comes before IPv6, and within each they are ordered as numbers.
struct Ip {
    bool v6{};
    std::uint64_t high{}; ///< the upper half of an IPv6 address
    std::uint64_t low{};

    auto operator<=>(const Ip&) const = default;
};

/// The addresses from the first to the last, both inclusive and of one family.
struct Block {
    Ip first{};
    Ip last{};

    bool operator==(const Block&) const = default;
};

/// Reads an address without brackets or zone; nullopt for anything else.
std::optional<Ip> ip_in(std::string_view text);

/// Returns the address in its shortest form.
std::string text_of(const Ip& ip);

/// Returns the address after this one; of the last address of all the first of its family.
Ip after(const Ip& ip);

/// Returns the address before this one; of the first the last of its family.
Ip before(const Ip& ip);

/// Tells whether a text means a block: an address, a slash, digits.
bool is_block(std::string_view text);

/// Reads `192.0.2.0/24` or `2001:db8::/112`; bits behind the prefix do not matter. The error says
/// what is wrong.
std::expected<Block, std::string> read_block(std::string_view text);

/// Returns the block of this prefix around an address.
Block around(const Ip& ip, unsigned prefix);

/// Returns how many addresses there are; the greatest number where it is no longer one.
std::uint64_t size_of(const Block& block);

/// IPv6 blocks above 2^20 addresses are nearly empty, and asking each address would take for ever.
inline constexpr unsigned k_shortest_v6_prefix = 108;

} // namespace tlsdoctor::fleet
