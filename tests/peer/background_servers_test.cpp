// SPDX-License-Identifier: Apache-2.0
#include "peer/background_servers.hpp"

#include <array>

#include <doctest/doctest.h>

#include "crypto/client_session.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"
#include "peer/scripts.hpp"

namespace tlsdoctor::peer {

namespace {

constexpr milliseconds k_patience{20'000};

/// What a client met.
struct Visit {
    bool connected{};
    Bytes received{};
    std::string end{}; ///< how the server ended
    std::string failure{};
    std::string text{}; ///< application data
};

BackgroundServers start(std::vector<Behaviour> behaviours, Limits limits = {}) {
    auto made = BackgroundServers::start(std::move(behaviours), limits);
    REQUIRE_MESSAGE(made.has_value(), made.error());
    return std::move(*made);
}

asio::awaitable<void> say_hello(net::Loop& loop, std::uint16_t port, Bytes hello, Visit& visit) {
    const net::Address address{.text = "127.0.0.1", .port = port};
    const TimePoint deadline = Clock::now() + k_patience;
    auto stream = co_await net::connect(loop, address, deadline);
    visit.connected = stream.has_value();
    if (!stream) {
        co_return;
    }
    const ByteView bytes = hello;
    co_await stream->write_all(bytes, deadline);
    std::array<std::uint8_t, 4096> buffer{};
    const std::span<std::uint8_t> room(buffer);
    for (;;) {
        const auto size = co_await stream->read_some(room, deadline);
        if (!size) {
            visit.end = net::name_of(size.error().kind);
            co_return;
        }
        visit.received.insert(
            visit.received.end(), buffer.begin(),
            buffer.begin() + static_cast<std::ptrdiff_t>(*size)
        );
    }
}

asio::awaitable<void>
shake_hands(net::Loop& loop, std::uint16_t port, crypto::ClientSession& session, Visit& visit) {
    const net::Address address{.text = "127.0.0.1", .port = port};
    const TimePoint deadline = Clock::now() + k_patience;
    auto stream = co_await net::connect(loop, address, deadline);
    visit.connected = stream.has_value();
    std::array<std::uint8_t, 4096> buffer{};
    const std::span<std::uint8_t> room(buffer);
    bool said = false;
    while (stream) {
        if (session.state() == crypto::SessionState::done && !std::exchange(said, true)) {
            session.write("GET / HTTP/1.1\r\n\r\n");
        }
        const Bytes output = session.take_output();
        const ByteView bytes = output;
        co_await stream->write_all(bytes, deadline);
        const auto size = co_await stream->read_some(room, deadline);
        if (!size) {
            break;
        }
        const ByteView got = room.first(*size);
        session.feed(got);
        visit.text += session.read();
    }
    visit.failure = session.failure();
}

const Bytes& a_hello() {
    static const Bytes made = [] {
        auto session = crypto::ClientSession::create({.server_name = "localhost"});
        return session->take_output();
    }();
    return made;
}

Visit said_hello(std::uint16_t port, const Bytes& hello = a_hello()) {
    net::Loop loop;
    Visit visit;
    loop.spawn(say_hello(loop, port, hello, visit));
    loop.run();
    return visit;
}

Visit shaken(std::uint16_t port) {
    net::Loop loop;
    Visit visit;
    auto session = crypto::ClientSession::create({.server_name = "localhost"});
    loop.spawn(shake_hands(loop, port, *session, visit));
    loop.run();
    return visit;
}

Bytes text(std::string_view words) {
    const ByteView bytes = as_bytes(words);
    return {bytes.begin(), bytes.end()};
}

} // namespace

TEST_CASE("a server completes handshakes and says what it saw") {
    const auto v12 = ProtocolVersion::tls_1_2;
    auto servers =
        start({{.tls = crypto::ServerOptions{.max_version = v12}}, {.tls = crypto::ServerOptions{}}}
        );
    for (std::size_t i = 0; i < 2; ++i) {
        const Visit visit = shaken(servers.port(i));
        CHECK(visit.text.ends_with("\r\n\r\nok\n"));
        const auto met = servers.take_meetings(i, k_patience);
        REQUIRE(met.size() == 1);
        CHECK(met[0].completed);
        CHECK(met[0].spoke);
        CHECK(met[0].version == (i == 0 ? v12 : ProtocolVersion::tls_1_3));
        CHECK(met[0].server_name == "localhost");
        CHECK(met[0].hello.size() > 100);
    }
    CHECK(servers.take_meetings(0).empty());
}

TEST_CASE("a slow server in pieces is a healthy one") {
    auto servers = start(
        {{.tls = crypto::ServerOptions{},
          .delay = milliseconds(5),
          .piece = 200,
          .pace = milliseconds(1)}}
    );
    CHECK(shaken(servers.port(0)).text.ends_with("ok\n"));
}

TEST_CASE("a server spoils its first flight") {
    const auto spoiled = [](std::function<Bytes(ByteView)> spoils) {
        return Behaviour{.tls = crypto::ServerOptions{}, .spoils = std::move(spoils)};
    };
    auto servers = start({
        spoiled(half_of_first_record),
        spoiled([](ByteView flight) { return with_record_version(flight, ProtocolVersion{0x0505}); }
        ),
        spoiled([](ByteView) { return alert_record(AlertDescription::protocol_version); }),
        {.tls = crypto::ServerOptions{},
         .prefix = alert_record(AlertDescription::unrecognized_name, AlertLevel::warning)},
    });
    CHECK(said_hello(servers.port(0)).received.size() < 100);
    CHECK(shaken(servers.port(1)).failure == "wrong version number");
    CHECK(shaken(servers.port(2)).failure == "the server sent alert 70 protocol_version");
    CHECK(shaken(servers.port(3)).failure.empty());
}

TEST_CASE("scripts answer the first hello, whatever it is") {
    const auto echo = [](ByteView hello) {
        return Bytes(hello.begin(), hello.end());
    };
    auto servers = start({{.script = echo}, {.greeting = "SSH-2.0-x\r\n", .script = {}}});
    const std::pair<const char*, Bytes> hellos[] = {
        {"TLS", a_hello()},
        {"SSL 2.0", Bytes{0x80, 0x03, 0x01, 0x00, 0x02}},
        {"text", text("GET / HTTP/1.1\r\n\r\n")},
        {"a record that ends early", Bytes{0x16, 3, 1, 0, 1, 0}},
    };
    for (const auto& [name, hello] : hellos) {
        CAPTURE(name);
        const Visit visit = said_hello(servers.port(0), hello);
        CHECK(visit.received == hello);
        CHECK(visit.end == "closed");
    }
    CHECK(as_text(said_hello(servers.port(1)).received) == "SSH-2.0-x\r\n");
}

TEST_CASE("a server ends as it is told") {
    auto servers = start(
        {{.ending = Ending::closes},
         {.ending = Ending::resets},
         {.ending = Ending::waits},
         {.listens = false}},
        {.patience = milliseconds(200)}
    );
    CHECK(said_hello(servers.port(0)).end == "closed");
    CHECK(said_hello(servers.port(1)).end == "reset");
    CHECK(said_hello(servers.port(2)).end == "closed"); // when its patience is over
    CHECK_FALSE(said_hello(servers.port(3)).connected);
}

TEST_CASE("SMTP becomes TLS after STARTTLS, and tells a hello that it is none") {
    auto servers = start(
        {{.greeting = "220 x\r\n", .dialogue = Dialogue::smtp, .tls = crypto::ServerOptions{}}},
        {.patience = milliseconds(500)}
    );
    const Visit mail = said_hello(servers.port(0), text("EHLO a\r\nSTARTTLS\r\n"));
    CHECK(
        as_text(mail.received) ==
        "220 x\r\n250-mail.lab.example\r\n250 STARTTLS\r\n220 go ahead\r\n"
    );
    CHECK(
        as_text(said_hello(servers.port(0)).received) ==
        "220 x\r\n500 5.5.1 Command unrecognized\r\n"
    );
}

TEST_CASE("a server bears only so many connections, and only so much") {
    auto servers = start(
        {{.ending = Ending::waits}}, {.at_once = 1, .patience = milliseconds(300), .meetings = 2}
    );
    net::Loop loop;
    std::array<Visit, 4> visits;
    for (Visit& visit : visits) {
        loop.spawn(say_hello(loop, servers.port(0), a_hello(), visit));
    }
    loop.run();
    std::size_t borne = 0;
    for (const Visit& visit : visits) {
        borne += visit.end == "closed" ? 1U : 0U;
    }
    CHECK(borne == 1);
    const Bytes flood(200'000, 0x16);
    said_hello(servers.port(0), flood);
    CHECK(servers.take_meetings(0, k_patience).size() == 2);
}

TEST_CASE("servers stand on the ports that they were given, in both families") {
    auto any = start({{}}, {.both_families = true});
    const std::uint16_t taken = any.port(0);
    const auto refused = BackgroundServers::start({{}}, {.first_port = taken});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().starts_with("cannot listen on port " + std::to_string(taken)));
}

TEST_CASE("start says which options are impossible") {
    const auto refused =
        BackgroundServers::start({{.tls = crypto::ServerOptions{.cipher_list = "NO"}}});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().starts_with("cannot use the cipher list NO"));
}

} // namespace tlsdoctor::peer
