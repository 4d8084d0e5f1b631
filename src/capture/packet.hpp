// SPDX-License-Identifier: Apache-2.0
// From a captured packet to the TCP segment in it: Ethernet with VLAN tags and PPPoE, Linux's
// cooked forms, loopback and bare IP; IPv4 and IPv6 with its extension headers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "capture/file.hpp"

namespace tlsdoctor::capture {

/// One end of a connection; IPv4 addresses fill the first four bytes.
struct End {
    std::array<std::uint8_t, 16> address{};
    bool ipv6{};
    std::uint16_t port{};

    auto operator<=>(const End&) const = default;
};

/// Returns `192.0.2.1:443` or `[2001:db8::1]:443`.
std::string text_of(const End& end);

/// A TCP segment; borrows from the packet.
struct Segment {
    End from{};
    End to{};
    std::uint32_t sequence{};
    bool syn{};
    ByteView payload{};
};

/// Tells whether packets of this kind of link can be opened.
bool is_known(std::uint16_t link_type);

/// Returns the segment, nullopt where the packet holds something else, or a part of one.
std::optional<Segment> segment_of(const Packet& packet);

} // namespace tlsdoctor::capture
