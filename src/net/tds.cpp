// SPDX-License-Identifier: Apache-2.0
// A packet is a header of 8 bytes (type, status, length with the header, channel, number, window)
// and its data. Servers answer a handshake with the type of the request, some with that of a
// result.
#include "net/tds.hpp"

#include <algorithm>

namespace tlsdoctor::net {

namespace {

constexpr std::size_t k_header = 8;
constexpr std::size_t k_most_data = 4096 - k_header; ///< before anything else was negotiated
constexpr std::uint8_t k_prelogin = 0x12;
constexpr std::uint8_t k_result = 0x04;
constexpr std::uint8_t k_last = 0x01;

} // namespace

Bytes in_tds_packets(ByteView tls) {
    Bytes packets;
    std::uint8_t number = 0;
    while (!tls.empty()) {
        const ByteView data = tls.first(std::min(tls.size(), k_most_data));
        tls = tls.subspan(data.size());
        const std::size_t length = data.size() + k_header;
        const Bytes header = {
            k_prelogin,
            tls.empty() ? k_last : std::uint8_t{0},
            static_cast<std::uint8_t>(length >> 8U),
            static_cast<std::uint8_t>(length & 0xffU),
            0,
            0,
            number++,
            0,
        };
        packets.insert(packets.end(), header.begin(), header.end());
        packets.insert(packets.end(), data.begin(), data.end());
    }
    return packets;
}

Bytes TdsUnwrapper::feed(ByteView bytes) {
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    Bytes tls;
    ByteView rest = pending_;
    while (!foreign_ && !rest.empty()) {
        foreign_ = rest[0] != k_prelogin && rest[0] != k_result;
        if (foreign_ || rest.size() < k_header) {
            break;
        }
        const std::size_t length = (std::size_t{rest[2]} << 8U) | rest[3];
        foreign_ = length < k_header;
        if (foreign_ || rest.size() < length) {
            break;
        }
        const ByteView data = rest.subspan(k_header, length - k_header);
        tls.insert(tls.end(), data.begin(), data.end());
        rest = rest.subspan(length);
    }
    if (foreign_) {
        tls.insert(tls.end(), rest.begin(), rest.end());
        rest = {};
    }
    pending_.erase(pending_.begin(), pending_.end() - static_cast<std::ptrdiff_t>(rest.size()));
    return tls;
}

} // namespace tlsdoctor::net
