// SPDX-License-Identifier: Apache-2.0
// Captures as tcpdump and Wireshark write them, made here packet by packet.
#include "capture/first_hello.hpp"

#include <algorithm>
#include <functional>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "client/hello.hpp"
#include "client/profile.hpp"
#include "client/replay.hpp"

namespace tlsdoctor::capture {

namespace {

Bytes a_hello(std::string_view id = "cap-chromium-156") {
    const client::Profile* profile = client::find_profile(id);
    REQUIRE(profile != nullptr);
    return client::replay_bytes(*profile, {.random = seeded_random(5), .server_name = "a.test"});
}

void add(Bytes& to, ByteView bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

void add_number(Bytes& to, std::size_t width, std::uint64_t value, bool big_endian = true) {
    for (std::size_t i = 0; i < width; ++i) {
        const std::size_t place = big_endian ? width - 1 - i : i;
        to.push_back(place < 8 ? static_cast<std::uint8_t>(value >> (8 * place)) : std::uint8_t{0});
    }
}

/// A TCP segment from port 50000 to 443.
Bytes tcp(std::uint32_t sequence, ByteView payload) {
    Bytes bytes;
    add_number(bytes, 2, 50000);
    add_number(bytes, 2, 443);
    add_number(bytes, 4, sequence);
    add_number(bytes, 4, 1);
    add_number(bytes, 2, 0x6018); // a header of 24 bytes, PSH and ACK
    add_number(bytes, 10, 0);     // window, checksum, urgent pointer, an option
    add(bytes, payload);
    return bytes;
}

Bytes ipv4(const Bytes& tcp, std::uint16_t fragment = 0) {
    Bytes bytes = {0x45, 0};
    add_number(bytes, 2, 20 + tcp.size());
    add_number(bytes, 2, 1);
    add_number(bytes, 2, fragment);
    add(bytes, Bytes{64, 6, 0, 0, 192, 0, 2, 7, 192, 0, 2, 1});
    add(bytes, tcp);
    return bytes;
}

Bytes ipv6(const Bytes& tcp) {
    Bytes bytes = {0x60, 0, 0, 0};
    add_number(bytes, 2, 8 + tcp.size());
    add(bytes, Bytes{0, 64}); // hop-by-hop options come first
    for (const std::uint8_t last : Bytes{7, 1}) {
        add(bytes, Bytes{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last});
    }
    add(bytes, Bytes{6, 0, 1, 4, 0, 0, 0, 0});
    add(bytes, tcp);
    return bytes;
}

Bytes framed(const Bytes& header, const Bytes& ip) {
    Bytes bytes = header;
    add(bytes, ip);
    return bytes;
}

Bytes ethernet(const Bytes& ip) {
    Bytes header(12, 2);
    add_number(header, 2, ip[0] == 0x45 ? 0x0800 : 0x86dd);
    return framed(header, ip);
}

struct PcapForm {
    bool big_endian{};
    bool nanoseconds{};
};

Bytes pcap(std::uint16_t link, const std::vector<Bytes>& packets, PcapForm form = {}) {
    Bytes file;
    add_number(file, 4, form.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, form.big_endian);
    add_number(file, 2, 2, form.big_endian);
    add_number(file, 2, 4, form.big_endian);
    add_number(file, 8, 0);
    add_number(file, 4, 262144, form.big_endian);
    add_number(file, 4, link, form.big_endian);
    for (const Bytes& packet : packets) {
        add_number(file, 8, 0);
        add_number(file, 4, packet.size(), form.big_endian);
        add_number(file, 4, packet.size(), form.big_endian);
        add(file, packet);
    }
    return file;
}

void add_block(Bytes& file, std::uint32_t type, Bytes body, bool big_endian) {
    body.resize((body.size() + 3) / 4 * 4);
    add_number(file, 4, type, big_endian);
    add_number(file, 4, body.size() + 12, big_endian);
    add(file, body);
    add_number(file, 4, body.size() + 12, big_endian);
}

Bytes pcapng(const std::vector<Bytes>& packets, bool big_endian, bool simple) {
    Bytes file;
    Bytes section;
    add_number(section, 4, 0x1a2b3c4d, big_endian);
    add_number(section, 4, 1, big_endian);
    add_number(section, 8, ~std::uint64_t{0}, big_endian);
    add_block(file, 0x0a0d0d0a, section, big_endian);
    for (const unsigned link : {1U, 113U}) {
        Bytes interface;
        add_number(interface, 2, link, big_endian);
        add_number(interface, 6, 0, big_endian);
        add_block(file, 1, interface, big_endian);
    }
    add_block(file, 5, Bytes(8), big_endian); // statistics
    for (const Bytes& packet : packets) {
        Bytes body;
        if (!simple) {
            add_number(body, 12, 0);
            add_number(body, 4, packet.size(), big_endian);
        }
        add_number(body, 4, packet.size(), big_endian);
        add(body, packet);
        add_block(file, simple ? 3 : 6, body, big_endian);
    }
    return file;
}

/// The hello in segments of this size, behind each other.
std::vector<Bytes> in_segments(ByteView hello, std::size_t size, std::uint32_t sequence = 1000) {
    std::vector<Bytes> packets;
    for (std::size_t at = 0; at < hello.size(); at += size) {
        const ByteView part = hello.subspan(at, std::min(size, hello.size() - at));
        packets.push_back(ethernet(ipv4(tcp(sequence + static_cast<std::uint32_t>(at), part))));
    }
    return packets;
}

void check_found(const Bytes& file, const Bytes& hello) {
    const auto found = first_hello(file);
    REQUIRE_MESSAGE(found, found.error().what);
    CHECK(found->stream == hello);
}

} // namespace

TEST_CASE("first_hello opens every kind of link") {
    const Bytes hello = a_hello();
    const Bytes v4 = ipv4(tcp(1, hello));
    const Bytes v6 = ipv6(tcp(1, hello));
    struct Row {
        std::string_view name{};
        std::uint16_t link{};
        Bytes packet{};
    };
    const Row rows[] = {
        {"Ethernet", 1, ethernet(v4)},
        {"Ethernet, IPv6", 1, ethernet(v6)},
        {"VLAN", 1, framed({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0x81, 0, 0, 5, 8, 0}, v4)},
        {"two VLANs", 1,
         framed({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 8, 0}, v4)},
        {"PPPoE", 1,
         framed({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0x88, 0x64, 0x11, 0, 0, 1, 0, 9, 0, 0x21}, v4)
        },
        {"Linux cooked", 113, framed({0, 4, 0, 1, 0, 6, 1, 1, 1, 1, 1, 1, 0, 0, 8, 0}, v4)},
        {"Linux cooked 2", 276,
         framed({8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 4, 6, 1, 1, 1, 1, 1, 1, 0, 0}, v4)},
        {"loopback", 0, framed({2, 0, 0, 0}, v4)},
        {"loopback of OpenBSD", 108, framed({0, 0, 0, 24}, v6)},
        {"raw", 101, v4},
        {"raw, IPv6", 101, v6},
        {"IPv4", 228, v4},
        {"IPv6", 229, v6},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        check_found(pcap(row.link, {row.packet}), hello);
    }
    const auto found = first_hello(pcap(1, {ethernet(v4)}));
    CHECK(found->from == "192.0.2.7:50000");
    CHECK(found->to == "192.0.2.1:443");
    CHECK(found->packet == 1);
    CHECK(first_hello(pcap(101, {v6}))->to == "[2001:db8:0:0:0:0:0:1]:443");
}

TEST_CASE("first_hello reads every kind of file") {
    const Bytes hello = a_hello();
    const auto packets = in_segments(hello, 1400);
    for (const bool big_endian : {false, true}) {
        CAPTURE(big_endian);
        check_found(pcap(1, packets, {.big_endian = big_endian}), hello);
        check_found(pcap(1, packets, {.big_endian = big_endian, .nanoseconds = true}), hello);
        check_found(pcapng(packets, big_endian, false), hello);
        check_found(pcapng(packets, big_endian, true), hello);
    }
}

TEST_CASE("first_hello puts segments together in any order") {
    const Bytes hello = a_hello();
    for (const std::size_t size : {64U, 500U, 1400U, 5000U}) {
        CAPTURE(size);
        auto packets = in_segments(hello, size);
        check_found(pcap(1, packets), hello);
        const auto twice = packets;
        packets.insert(packets.end(), twice.begin(), twice.end());
        std::ranges::reverse(packets);
        check_found(pcap(1, packets), hello);
    }
    SUBCASE("sequence numbers wrap around") {
        check_found(pcap(1, in_segments(hello, 500, 0xffffff00)), hello);
    }
    SUBCASE("segments overlap") {
        auto packets = in_segments(hello, 700);
        packets.insert(
            packets.begin() + 1, ethernet(ipv4(tcp(1300, ByteView(hello).subspan(300, 500))))
        );
        check_found(pcap(1, packets), hello);
    }
    SUBCASE("the hello comes after STARTTLS") {
        auto packets = in_segments(hello, 1400, 1020);
        packets.insert(
            packets.begin(), ethernet(ipv4(tcp(1000, as_bytes("EHLO a\r\nSTARTTLS\r\n"))))
        );
        check_found(pcap(1, packets), hello);
    }
    SUBCASE("in SSL 2.0's format") {
        const Bytes old = a_hello("cap-openssl-0.9.7m-s-client");
        check_found(pcap(1, in_segments(old, 1400)), old);
    }
}

TEST_CASE("first_hello says what a file holds instead") {
    const Bytes hello = a_hello();
    struct Row {
        Bytes file{};
        std::string_view what{};
    };
    const Row rows[] = {
        {{}, "is neither pcap nor pcapng"},
        {hello, "is neither pcap nor pcapng"},
        {pcap(1, {}), "holds no packet"},
        {pcap(127, {ethernet(ipv4(tcp(1, hello)))}),
         "holds packets of link type 127, which is not read here; wanted are Ethernet, Linux "
         "cooked, loopback or IP"},
        {pcap(1, {ethernet(ipv4(tcp(1, ByteView(hello).first(900))))}),
         "holds no whole ClientHello in 1 packet, 1 of them with a TCP segment"},
        {pcap(1, {ethernet(ipv4(tcp(1, hello), 0x2000))}),
         "holds no whole ClientHello in 1 packet, 0 of them with a TCP segment"},
        {pcap(1, {ethernet(ipv4(tcp(1, as_bytes("GET / HTTP/1.1\r\n\r\n"))))}),
         "holds no whole ClientHello in 1 packet, 1 of them with a TCP segment"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const auto found = first_hello(row.file);
        REQUIRE_FALSE(found);
        CHECK(found.error().what == row.what);
    }
}

TEST_CASE("first_hello survives every truncation and any bytes") {
    const auto packets = in_segments(a_hello(), 1400);
    const RandomSource random = seeded_random(11);
    for (const Bytes& file : {pcap(1, packets), pcapng(packets, true, false)}) {
        for (std::size_t size = 0; size + 4 < file.size(); ++size) {
            CHECK_FALSE(first_hello(ByteView(file).first(size)));
        }
        for (std::size_t i = 0; i < 3000; ++i) {
            Bytes broken = file;
            const Bytes dice = random_bytes(random, 3);
            broken[(std::size_t{dice[0]} << 8U | dice[1]) % broken.size()] = dice[2];
            const auto found = first_hello(broken);
            CHECK((!found || client::read_hello(found->stream)));
        }
    }
}

TEST_CASE("first_hello forgets the oldest of too many connections") {
    const Bytes hello = a_hello();
    std::vector<Bytes> packets;
    for (std::size_t i = 0; i < 6000; ++i) {
        Bytes segment = tcp(1, ByteView(hello).first(50));
        segment[0] = static_cast<std::uint8_t>(i >> 8U);
        segment[1] = static_cast<std::uint8_t>(i);
        packets.push_back(ethernet(ipv4(segment)));
    }
    packets.push_back(ethernet(ipv4(tcp(1, hello))));
    check_found(pcap(1, packets), hello);
}

TEST_CASE("hello_of_file takes captures and everything else") {
    const Bytes hello = a_hello();
    const std::string digits = to_hex(hello);
    for (const Bytes& file :
         {pcap(1, in_segments(hello, 1400)), hello, Bytes(digits.begin(), digits.end())}) {
        const auto found = hello_of_file(file);
        REQUIRE_MESSAGE(found, found.error().what);
        CHECK(found->stream == hello);
    }
    CHECK(hello_of_file({}).error().what == "is empty");
}

} // namespace tlsdoctor::capture
