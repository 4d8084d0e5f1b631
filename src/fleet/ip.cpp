// SPDX-License-Identifier: Apache-2.0
// 128-bit arithmetic on two halves.
#include "fleet/ip.hpp"

#include <array>
#include <limits>

#include <arpa/inet.h>
#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::fleet {

namespace {

constexpr std::uint64_t k_all_ones = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t k_last_v4 = 0xffff'ffff;
constexpr unsigned k_half_bits = 64;
constexpr std::size_t k_longest_address = 45; // INET6_ADDRSTRLEN less its zero

std::uint64_t big_endian(const unsigned char* bytes, std::size_t count) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < count; ++i) {
        number = (number << 8U) | bytes[i];
    }
    return number;
}

void put_big_endian(std::uint64_t number, unsigned char* bytes, std::size_t count) {
    for (std::size_t i = count; i > 0; --i) {
        bytes[i - 1] = static_cast<unsigned char>(number & 0xffU);
        number >>= 8U;
    }
}

/// The lowest `bits` bits set.
std::uint64_t ones(unsigned bits) {
    return bits >= k_half_bits ? k_all_ones : (std::uint64_t{1} << bits) - 1;
}

} // namespace

std::optional<Ip> ip_in(std::string_view text) {
    if (text.empty() || text.size() > k_longest_address) {
        return std::nullopt;
    }
    const std::string whole(text); // inet_pton wants a zero
    std::array<unsigned char, 16> bytes{};
    if (whole.contains('\0')) {
        return std::nullopt;
    }
    if (inet_pton(AF_INET, whole.c_str(), bytes.data()) == 1) {
        return Ip{.low = big_endian(bytes.data(), 4)};
    }
    if (inet_pton(AF_INET6, whole.c_str(), bytes.data()) == 1) {
        return Ip{
            .v6 = true, .high = big_endian(bytes.data(), 8), .low = big_endian(bytes.data() + 8, 8)
        };
    }
    return std::nullopt;
}

std::string text_of(const Ip& ip) {
    std::array<unsigned char, 16> bytes{};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (ip.v6) {
        put_big_endian(ip.high, bytes.data(), 8);
        put_big_endian(ip.low, bytes.data() + 8, 8);
    } else {
        put_big_endian(ip.low, bytes.data(), 4);
    }
    inet_ntop(ip.v6 ? AF_INET6 : AF_INET, bytes.data(), text.data(), text.size());
    return text.data();
}

Ip after(const Ip& ip) {
    Ip next = ip;
    next.low = ip.v6 ? ip.low + 1 : (ip.low + 1) & k_last_v4;
    if (ip.v6 && next.low == 0) {
        ++next.high;
    }
    return next;
}

Ip before(const Ip& ip) {
    Ip previous = ip;
    previous.low = ip.v6 ? ip.low - 1 : (ip.low - 1) & k_last_v4;
    if (ip.v6 && ip.low == 0) {
        --previous.high;
    }
    return previous;
}

bool is_block(std::string_view text) {
    const std::size_t slash = text.find('/');
    return slash != std::string_view::npos && slash + 1 < text.size() &&
           text.find_first_not_of("0123456789", slash + 1) == std::string_view::npos &&
           ip_in(text.substr(0, slash)).has_value();
}

std::expected<Block, std::string> read_block(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto ip = ip_in(text.substr(0, slash));
    if (slash == std::string_view::npos || !ip) {
        return std::unexpected("not a block of addresses");
    }
    const unsigned most = ip->v6 ? 128 : 32;
    const auto prefix = number_in(text.substr(slash + 1), most);
    if (!prefix) {
        return std::unexpected(fmt::format(
            "'{}' is not a prefix of 0 to {} bits", harmless(text.substr(slash + 1)), most
        ));
    }
    if (ip->v6 && *prefix < k_shortest_v6_prefix) {
        return std::unexpected(fmt::format(
            "an IPv6 block of more than 2^20 addresses (/{} or more) cannot be scanned one by one: "
            "list the hosts, or blocks of /{} and smaller",
            k_shortest_v6_prefix - 1, k_shortest_v6_prefix
        ));
    }
    return around(*ip, *prefix);
}

Block around(const Ip& ip, unsigned prefix) {
    const unsigned free = (ip.v6 ? 128U : 32U) - prefix;
    const std::uint64_t low = ones(free);
    const std::uint64_t high = free > k_half_bits ? ones(free - k_half_bits) : 0;
    Block block{.first = ip, .last = ip};
    block.first.low &= ~low;
    block.first.high &= ~high;
    block.last.low |= low;
    block.last.high |= high;
    return block;
}

std::uint64_t size_of(const Block& block) {
    const std::uint64_t high =
        block.last.high - block.first.high - (block.last.low < block.first.low ? 1 : 0);
    const std::uint64_t low = block.last.low - block.first.low;
    return high != 0 || low == k_all_ones ? k_all_ones : low + 1;
}

} // namespace tlsdoctor::fleet
