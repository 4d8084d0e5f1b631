// SPDX-License-Identifier: Apache-2.0
// Each layer's function gets the bytes behind the layer before it. Lengths are compared with what
// is there before anything is read.
#include "capture/packet.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tlsdoctor::capture {

namespace {

// LINKTYPE_ values [tcpdump.org/linktypes.html].
enum class Link : std::uint16_t {
    null_loopback = 0,
    ethernet = 1,
    raw = 101,
    raw_of_bsd = 12,
    raw_of_openbsd = 14,
    openbsd_loopback = 108,
    linux_cooked = 113,
    ipv4 = 228,
    ipv6 = 229,
    linux_cooked_2 = 276,
};

constexpr std::uint16_t k_ether_ipv4 = 0x0800;
constexpr std::uint16_t k_ether_ipv6 = 0x86dd;
constexpr std::uint16_t k_ether_pppoe = 0x8864;
constexpr std::uint16_t k_vlan_tags[] = {0x8100, 0x88a8, 0x9100};
constexpr std::size_t k_most_tags = 4;
constexpr std::uint8_t k_tcp = 6;
constexpr std::size_t k_most_ipv6_headers = 8;

std::uint16_t u16(ByteView bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

std::uint32_t u32(ByteView bytes, std::size_t at) {
    return std::uint32_t{u16(bytes, at)} << 16U | u16(bytes, at + 2);
}

ByteView behind(ByteView bytes, std::size_t header) {
    return bytes.subspan(std::min(header, bytes.size()));
}

/// The IP packet behind an EtherType; empty for other protocols.
ByteView ip_behind_type(ByteView bytes, std::size_t at) {
    for (std::size_t tags = 0; bytes.size() >= at + 2 && tags <= k_most_tags; ++tags) {
        const std::uint16_t type = u16(bytes, at);
        const ByteView rest = behind(bytes, at + 2);
        if (type == k_ether_ipv4 || type == k_ether_ipv6) {
            return rest;
        }
        if (type == k_ether_pppoe) {
            return behind(rest, 8); // PPPoE's header and the protocol of PPP
        }
        if (std::ranges::find(k_vlan_tags, type) == std::end(k_vlan_tags)) {
            break;
        }
        at += 4;
    }
    return {};
}

ByteView ip_in(const Packet& packet) {
    switch (Link{packet.link_type}) {
    case Link::ethernet:
        return ip_behind_type(packet.bytes, 12);
    case Link::linux_cooked:
        return ip_behind_type(packet.bytes, 14);
    case Link::linux_cooked_2: // its EtherType stands first, before 18 further bytes
        return ip_behind_type(packet.bytes, 0).empty() ? ByteView{} : behind(packet.bytes, 20);
    case Link::null_loopback:
    case Link::openbsd_loopback:
        return behind(packet.bytes, 4);
    case Link::raw:
    case Link::raw_of_bsd:
    case Link::raw_of_openbsd:
    case Link::ipv4:
    case Link::ipv6:
        return packet.bytes;
    }
    return {};
}

/// What both versions of IP say before TCP.
struct Envelope {
    End from{};
    End to{};
    ByteView tcp{};
};

std::optional<Envelope> open_ipv4(ByteView ip) {
    constexpr std::size_t least = 20;
    if (ip.size() < least) {
        return std::nullopt;
    }
    const std::size_t header = std::size_t{ip[0] & 0x0fU} * 4;
    const std::size_t total = u16(ip, 2);
    const bool fragment = (u16(ip, 6) & 0x3fffU) != 0; // an offset, or more to come
    if (header < least || ip.size() < header || ip[9] != k_tcp || fragment) {
        return std::nullopt;
    }
    // A length of zero stands where the network card was to cut the packet.
    const std::size_t size = total == 0 ? ip.size() : std::min(total, ip.size());
    Envelope envelope{.tcp = behind(ip.first(size), header)};
    std::copy_n(ip.begin() + 12, 4, envelope.from.address.begin());
    std::copy_n(ip.begin() + 16, 4, envelope.to.address.begin());
    return envelope;
}

/// Where TCP begins behind IPv6's extension headers; nullopt for other protocols and fragments.
std::optional<std::size_t> tcp_in_ipv6(ByteView ip) {
    constexpr std::uint8_t hop_by_hop = 0;
    constexpr std::uint8_t routing = 43;
    constexpr std::uint8_t destination = 60;
    std::uint8_t next = ip[6];
    std::size_t at = 40;
    for (std::size_t i = 0; i < k_most_ipv6_headers; ++i) {
        if (next == k_tcp) {
            return at;
        }
        const bool skipped = next == hop_by_hop || next == routing || next == destination;
        if (!skipped || ip.size() < at + 8) {
            break;
        }
        next = ip[at];
        at += (std::size_t{ip[at + 1]} + 1) * 8;
    }
    return std::nullopt;
}

std::optional<Envelope> open_ipv6(ByteView ip) {
    constexpr std::size_t header = 40;
    if (ip.size() < header) {
        return std::nullopt;
    }
    const std::size_t length = u16(ip, 4);
    const auto tcp = tcp_in_ipv6(ip);
    if (!tcp) {
        return std::nullopt;
    }
    const std::size_t size = length == 0 ? ip.size() : std::min(header + length, ip.size());
    Envelope envelope{.tcp = behind(ip.first(size), *tcp)};
    std::copy_n(ip.begin() + 8, 16, envelope.from.address.begin());
    std::copy_n(ip.begin() + 24, 16, envelope.to.address.begin());
    envelope.from.ipv6 = true;
    envelope.to.ipv6 = true;
    return envelope;
}

} // namespace

std::string text_of(const End& end) {
    if (!end.ipv6) {
        const auto& a = end.address;
        return fmt::format("{}.{}.{}.{}:{}", a[0], a[1], a[2], a[3], end.port);
    }
    std::string groups;
    for (std::size_t at = 0; at < end.address.size(); at += 2) {
        groups += fmt::format("{}{:x}", at == 0 ? "" : ":", u16(end.address, at));
    }
    return fmt::format("[{}]:{}", groups, end.port);
}

bool is_known(std::uint16_t link_type) {
    constexpr Link known[] = {
        Link::null_loopback,  Link::ethernet,         Link::raw,          Link::raw_of_bsd,
        Link::raw_of_openbsd, Link::openbsd_loopback, Link::linux_cooked, Link::ipv4,
        Link::ipv6,           Link::linux_cooked_2,
    };
    return std::ranges::find(known, Link{link_type}) != std::end(known);
}

std::optional<Segment> segment_of(const Packet& packet) {
    const ByteView ip = ip_in(packet);
    if (ip.empty()) {
        return std::nullopt;
    }
    const unsigned version = ip[0] >> 4U;
    auto envelope = version == 4 ? open_ipv4(ip) : version == 6 ? open_ipv6(ip) : std::nullopt;
    constexpr std::size_t least = 20;
    if (!envelope || envelope->tcp.size() < least) {
        return std::nullopt;
    }
    const ByteView tcp = envelope->tcp;
    const std::size_t header = std::size_t{tcp[12]} / 16 * 4;
    if (header < least || header > tcp.size()) {
        return std::nullopt;
    }
    constexpr std::uint8_t syn = 0x02;
    envelope->from.port = u16(tcp, 0);
    envelope->to.port = u16(tcp, 2);
    return Segment{
        .from = envelope->from,
        .to = envelope->to,
        .sequence = u32(tcp, 4),
        .syn = (tcp[13] & syn) != 0,
        .payload = tcp.subspan(header),
    };
}

} // namespace tlsdoctor::capture
