// SPDX-License-Identifier: Apache-2.0
#include "net/tds.hpp"

#include <string>

#include <doctest/doctest.h>

namespace tlsdoctor::net {
namespace {

Bytes unwrapped(ByteView packets, std::size_t size) {
    TdsUnwrapper unwrapper;
    Bytes tls;
    for (std::size_t at = 0; at < packets.size(); at += size) {
        const Bytes more = unwrapper.feed(packets.subspan(at, std::min(size, packets.size() - at)));
        tls.insert(tls.end(), more.begin(), more.end());
    }
    return tls;
}

TEST_CASE("a flight comes out of its packets as it went in, cut anywhere") {
    for (const std::size_t length : {1U, 517U, 4088U, 4089U, 20'000U}) {
        const Bytes flight(length, 0x16);
        const Bytes packets = in_tds_packets(flight);
        CHECK(packets.size() == length + 8 * ((length + 4087) / 4088));
        for (const std::size_t size : {1U, 7U, 9U, 30'000U}) {
            CAPTURE(length);
            CAPTURE(size);
            CHECK(unwrapped(packets, size) == flight);
        }
    }
    CHECK(in_tds_packets({}).empty());
}

TEST_CASE("the last packet alone is marked so") {
    const Bytes packets = in_tds_packets(Bytes(5000, 1));
    CHECK(packets[1] == 0);
    CHECK(packets[4096 + 1] == 1);
    CHECK(packets[4096 + 6] == 1);
}

TEST_CASE("half a packet gives nothing yet") {
    const Bytes packets = in_tds_packets(Bytes(100, 1));
    for (std::size_t length = 0; length < packets.size(); ++length) {
        CHECK(unwrapped(ByteView(packets).first(length), 1).empty());
    }
}

TEST_CASE("what is no packet comes out as it is") {
    const std::string_view text = "HTTP/1.1 400 Bad Request\r\n";
    const Bytes out = unwrapped(as_bytes(text), 3);
    CHECK(as_text(out) == text);
    const Bytes too_short = {0x12, 1, 0, 7, 0, 0, 0, 0, 9};
    CHECK(unwrapped(too_short, 1) == too_short);
}

} // namespace
} // namespace tlsdoctor::net
