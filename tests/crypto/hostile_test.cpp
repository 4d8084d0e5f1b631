// SPDX-License-Identifier: Apache-2.0
// Peers that send nonsense, stop anywhere or change bytes: a session ends with a reason, and never
// hangs.
#include <array>
#include <random>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "conversation.hpp"

namespace tlsdoctor::crypto {

namespace {

using test::ask;
using test::localhost;
using test::trusting;

/// A server context for one version; made once, since the tests open hundreds of sessions.
const ServerContext& context_for(ProtocolVersion version) {
    static const auto make = [](ProtocolVersion v) {
        return test::must(
            ServerContext::create({.min_version = v, .max_version = v, .identity = localhost()})
        );
    };
    static const ServerContext tls_1_2 = make(ProtocolVersion::tls_1_2);
    static const ServerContext tls_1_3 = make(ProtocolVersion::tls_1_3);
    return version == ProtocolVersion::tls_1_3 ? tls_1_3 : tls_1_2;
}

std::uint64_t new_seed() {
    const std::uint64_t seed = std::random_device{}();
    MESSAGE("seed " << seed);
    return seed;
}

/// Random bytes of a random length up to `most`, behind `start`.
Bytes noise(const RandomSource& random, Bytes start, std::size_t most) {
    std::array<std::uint8_t, 2> size{};
    random(size);
    const std::size_t length = (std::size_t{size[0]} << 8U | size[1]) % most;
    const std::size_t before = start.size();
    start.resize(before + length);
    random(std::span(start).subspan(before));
    return start;
}

} // namespace

TEST_CASE("a client fails with a reason wherever the server's flight is cut") {
    for (const auto version : {ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3}) {
        for (const StreamEnd end : {StreamEnd::closed, StreamEnd::reset}) {
            for (std::size_t cut = 0; cut < 600; cut += 7) {
                CAPTURE(name_of(version));
                CAPTURE(cut);
                ServerSession server = test::must(context_for(version).accept());
                ClientSession client = ask(trusting());
                server.feed(client.take_output());
                const Bytes flight = server.take_output();
                REQUIRE(flight.size() > cut);
                client.feed(ByteView(flight).first(cut));
                client.end(end);
                CHECK(client.state() == SessionState::failed);
                CHECK(client.failure().ends_with("the connection inside the handshake"));
            }
        }
    }
}

TEST_CASE("a server fails with a reason wherever the client's flight is cut") {
    const ServerContext& context = context_for(ProtocolVersion::tls_1_3);
    const Bytes flight = ask(trusting()).take_output();
    for (std::size_t cut = 0; cut < flight.size(); ++cut) {
        CAPTURE(cut);
        ServerSession server = test::must(context.accept());
        server.feed(ByteView(flight).first(cut));
        server.end(StreamEnd::closed);
        CHECK(server.failure() == "the client closed the connection inside the handshake");
    }
}

TEST_CASE("a client survives a server whose bytes were changed on the way") {
    const std::uint64_t seed = new_seed();
    const RandomSource random = seeded_random(seed);
    for (const auto version : {ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3}) {
        for (std::size_t at = 0; at < 600; at += 5) {
            CAPTURE(seed);
            CAPTURE(name_of(version));
            CAPTURE(at);
            ServerSession server = test::must(context_for(version).accept());
            ClientSession client = ask(trusting());
            server.feed(client.take_output());
            Bytes flight = server.take_output();
            REQUIRE(flight.size() > at);
            random(std::span(flight).subspan(at, 1));
            client.feed(flight);
            server.feed(client.take_output());
            client.feed(server.take_output());
            client.end(StreamEnd::closed);
            CHECK(client.state() != SessionState::wants_input);
            CHECK((client.state() == SessionState::failed) == !client.failure().empty());
        }
    }
}

TEST_CASE("sessions survive random bytes, bare and inside records") {
    const std::uint64_t seed = new_seed();
    const RandomSource random = seeded_random(seed);
    const std::array<Bytes, 6> starts = {{
        {},
        {0x16, 3, 3, 0x01, 0x00},                         // a handshake record
        {0x16, 3, 3, 0x01, 0x00, 0x02, 0, 0, 0xfc, 3, 3}, // ... with a ServerHello in it
        {0x16, 3, 1, 0x01, 0x00, 0x01, 0, 0, 0xfc, 3, 3}, // ... with a ClientHello
        {0x15, 3, 3, 0x00, 0x02},                         // an alert
        {0x80, 0x40, 0x01, 3, 1},                         // SSL 2.0
    }};
    for (int round = 0; round < 300; ++round) {
        CAPTURE(seed);
        CAPTURE(round);
        const Bytes bytes = noise(random, starts.at(static_cast<std::size_t>(round) % 6), 600);
        ClientSession client = ask(trusting());
        ServerSession server = test::must(context_for(ProtocolVersion::tls_1_2).accept());
        test::feed_in_pieces(client, bytes, 37);
        test::feed_in_pieces(server, bytes, 37);
        client.end(StreamEnd::closed);
        server.end(StreamEnd::reset);
        CHECK(client.state() == SessionState::failed);
        CHECK(server.state() == SessionState::failed);
        CHECK_FALSE(client.failure().empty());
        CHECK_FALSE(server.failure().empty());
    }
}

TEST_CASE("an established session survives random bytes") {
    const std::uint64_t seed = new_seed();
    CAPTURE(seed);
    const RandomSource random = seeded_random(seed);
    for (const auto version : {ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3}) {
        ServerSession server = test::must(context_for(version).accept());
        ClientSession client = ask(trusting());
        test::converse(client, server);
        client.feed(noise(random, {0x17, 3, 3, 0x01, 0x00}, 600));
        client.feed(Bytes(600, 0));
        CHECK(client.state() == SessionState::done);
        CHECK_FALSE(client.failure_after().empty());
        CHECK_FALSE(client.write("too late"));
    }
}

TEST_CASE("a client gives up on a handshake that never ends") {
    ClientSession client = ask(trusting());
    // HelloRequests are ignored at any time before TLS 1.3 [RFC 5246 7.4.1.1], without a limit.
    constexpr std::array<std::uint8_t, 9> k_hello_request = {0x16, 3, 3, 0, 4, 0, 0, 0, 0};
    for (int i = 0; i < 200'000 && client.state() == SessionState::wants_input; ++i) {
        client.feed(k_hello_request);
    }
    CHECK(client.state() == SessionState::failed);
    CHECK(client.failure() == "the server sent more than 1 MiB without finishing the handshake");
}

} // namespace tlsdoctor::crypto
