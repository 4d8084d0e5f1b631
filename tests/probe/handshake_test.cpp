// SPDX-License-Identifier: Apache-2.0
// Whole handshakes over loopback with crypto's own server, which shows what it is told to, and with
// peers that leave in the middle.
#include "probe/handshake.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <unistd.h>

#include "crypto/conversation.hpp"
#include "net/peers.hpp"
#include "probe/waiting.hpp"

namespace tlsdoctor::probe {
namespace {

using crypto::test::authority;
using crypto::test::must;
using evidence::Handshake;
using net::Address;
using net::Listener;
using net::Loop;
using net::testing::Script;
using net::testing::soon_enough;
using testing::hasty;
using testing::listener_on;
using testing::patient;
using Kind = net::testing::Step::Kind;

/// The root of the tests as a file, for as long as the program runs.
class AuthorityFile {
public:
    AuthorityFile() {
        const int file = mkstemp(path_.data());
        REQUIRE(file >= 0);
        ::close(file);
        std::ofstream(path_) << authority().certificate_pem;
    }
    AuthorityFile(const AuthorityFile&) = delete;
    AuthorityFile& operator=(const AuthorityFile&) = delete;
    ~AuthorityFile() { unlink(path_.c_str()); }
    const std::string& path() const { return path_; }

private:
    std::string path_ = std::filesystem::temp_directory_path() / "tlsdoctor-test-XXXXXX";
};

HandshakeOptions trusting(const std::string& name) {
    static const AuthorityFile file;
    return {.name = name, .ca_file = file.path()};
}

crypto::ServerOptions
showing(const std::vector<std::string>& names, const crypto::IssueOptions& how = {}) {
    return {.identity = must(crypto::issue(authority(), names, how))};
}

asio::awaitable<void> shake_into(
    Loop& loop, Address address, HandshakeOptions options, Patience patience, Handshake& result
) {
    auto handshake = co_await shake_hands(loop, address, options, patience);
    result = std::move(handshake);
}

/// Serves one connection until the client ends it.
asio::awaitable<void> serve(Listener& listener, crypto::ServerSession& session) {
    auto stream = co_await listener.accept();
    REQUIRE(stream.has_value());
    std::array<std::uint8_t, 4096> buffer{};
    const std::span<std::uint8_t> room(buffer);
    const TimePoint limit = soon_enough();
    while (session.state() != crypto::SessionState::failed) {
        const auto got = co_await stream->read_some(room, limit);
        if (!got) {
            co_return;
        }
        session.feed(room.first(*got));
        const Bytes output = session.take_output();
        const ByteView reply = output;
        co_await stream->write_all(reply, limit);
    }
}

/// What both sides of a handshake saw.
struct Both {
    Handshake client{};
    std::string server_name{};
    std::vector<crypto::ReceivedAlert> alerts{};
    std::string heard{}; ///< by the server, inside TLS
};

Both shaken(const crypto::ServerOptions& server, const HandshakeOptions& client) {
    Loop loop;
    Listener listener = listener_on(loop);
    crypto::ServerSession session = crypto::test::serve(server);
    Both both;
    loop.spawn(serve(listener, session));
    loop.spawn(shake_into(loop, listener.address(), client, patient(), both.client));
    loop.run();
    both.server_name = session.server_name();
    both.alerts = session.alerts();
    both.heard = session.read();
    return both;
}

Handshake shaken_with(const Script& script, Patience patience) {
    Loop loop;
    Listener listener = listener_on(loop);
    Handshake handshake;
    loop.spawn(net::testing::play(loop, listener, script));
    loop.spawn(shake_into(loop, listener.address(), trusting("localhost"), patience, handshake));
    loop.run();
    return handshake;
}

} // namespace

TEST_CASE("a certificate is judged by the private CA, the clock and the name") {
    struct Case {
        const char* name{};
        crypto::ServerOptions server{};
        std::string wanted{};
        std::string_view trust{};
    };
    const Case cases[] = {
        {"all is well", showing({"localhost"}), "localhost", "trusted"},
        {"for an address", showing({"127.0.0.1"}), "127.0.0.1", "trusted"},
        {"expired", showing({"localhost"}, {.not_before_days = -30, .not_after_days = -1}),
         "localhost", "expired"},
        {"not yet valid", showing({"localhost"}, {.not_before_days = 5}), "localhost",
         "not_yet_valid"},
        {"for another name", showing({"www.example.com"}), "localhost", "name_mismatch"},
        {"its own issuer", {.names = {"localhost"}}, "localhost", "self_signed"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Handshake handshake = shaken(c.server, trusting(c.wanted)).client;
        CHECK(handshake.completed);
        CHECK(evidence::name_of(handshake.trust) == c.trust);
        CHECK(handshake.trust_error.empty() == (c.trust == "trusted"));
        CHECK(handshake.failure.empty());
        CHECK_FALSE(handshake.chain.empty());
        CHECK(handshake.ms > 0);
    }
}

TEST_CASE("without the private CA its certificates have an unknown issuer") {
    const Handshake handshake = shaken(showing({"localhost"}), {.name = "localhost"}).client;
    CHECK(handshake.completed);
    CHECK(evidence::name_of(handshake.trust) == "unknown_issuer");
}

TEST_CASE("a handshake tells version, suite and certificate") {
    crypto::ServerOptions server = showing({"localhost", "127.0.0.1"});
    server.max_version = ProtocolVersion::tls_1_2;
    server.cipher_list = "ECDHE-ECDSA-AES256-GCM-SHA384";
    const Handshake handshake = shaken(server, trusting("localhost")).client;
    REQUIRE(handshake.completed);
    CHECK(handshake.version == ProtocolVersion::tls_1_2);
    CHECK(handshake.cipher_suite == CipherSuite{0xc02c});
    REQUIRE_FALSE(handshake.chain.empty());
    const evidence::Certificate& leaf = handshake.chain.front();
    CHECK(leaf.subject == "CN=localhost");
    CHECK(leaf.issuer == "CN=Private root");
    CHECK(leaf.names == std::vector<std::string>{"localhost", "127.0.0.1"});
    CHECK(leaf.key == "EC P-256");
    CHECK(leaf.sha256.size() == 64);
    CHECK(leaf.not_before < leaf.not_after);
}

TEST_CASE("every version that OpenSSL has can complete") {
    for (const ProtocolVersion version :
         {ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1, ProtocolVersion::tls_1_2,
          ProtocolVersion::tls_1_3}) {
        CAPTURE(name_of(version));
        crypto::ServerOptions server = showing({"localhost"});
        server.min_version = version;
        server.max_version = version;
        const Handshake handshake = shaken(server, trusting("localhost")).client;
        CHECK_MESSAGE(handshake.completed, handshake.failure);
        CHECK(handshake.version == version);
    }
}

TEST_CASE("the name is sent unless it is not to be, or is an address") {
    struct Case {
        const char* name{};
        HandshakeOptions options{};
        std::string sent{};
    };
    HandshakeOptions quiet = trusting("localhost");
    quiet.send_name = false;
    const Case cases[] = {
        {"a name", trusting("localhost"), "localhost"},
        {"a name that is not to be sent", quiet, ""},
        {"an address", trusting("127.0.0.1"), ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Both both = shaken(showing({"localhost", "127.0.0.1"}), c.options);
        CHECK(both.server_name == c.sent);
        CHECK(evidence::name_of(both.client.trust) == "trusted");
    }
}

TEST_CASE("a completed handshake is left with close_notify") {
    const Both both = shaken(showing({"localhost"}), trusting("localhost"));
    REQUIRE_FALSE(both.alerts.empty());
    CHECK(both.alerts.back().description == AlertDescription::close_notify);
}

TEST_CASE("the alert for a missing client certificate is told, in both places where it comes") {
    struct Case {
        const char* name{};
        ProtocolVersion version{};
        unsigned alert{};
        bool after{};
        std::string http_host{};
    };
    const Case cases[] = {
        {"TLS 1.2", ProtocolVersion::tls_1_2, 40, false, ""},
        {"TLS 1.3", ProtocolVersion::tls_1_3, 116, true, ""},
        {"TLS 1.3, with a request", ProtocolVersion::tls_1_3, 116, true, "localhost"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        crypto::ServerOptions server = showing({"localhost"});
        server.min_version = c.version;
        server.max_version = c.version;
        server.client_ca_pem = authority().certificate_pem;
        HandshakeOptions client = trusting("localhost");
        client.http_host = c.http_host;
        const Handshake handshake = shaken(server, client).client;
        CHECK(handshake.asked_for_certificate);
        CHECK(handshake.completed == c.after);
        REQUIRE(handshake.alert);
        CHECK(static_cast<unsigned>(handshake.alert->description) == c.alert);
        CHECK(handshake.alert->record_version == ProtocolVersion::tls_1_2);
        CHECK(handshake.alert_encrypted == c.after);
        CHECK(handshake.http_status.empty());
    }
}

TEST_CASE("no request is sent where no certificate was asked for") {
    HandshakeOptions client = trusting("localhost");
    client.http_host = "localhost";
    const Both both = shaken(showing({"localhost"}), client);
    CHECK(both.client.completed);
    CHECK_FALSE(both.client.alert);
    CHECK(both.heard.empty());
    CHECK(both.client.http_status.empty());
}

TEST_CASE("an alert in place of a handshake is named") {
    crypto::ServerOptions server = showing({"localhost"});
    server.only_names = {"www.example.com"};
    const Handshake handshake = shaken(server, trusting("localhost")).client;
    CHECK_FALSE(handshake.completed);
    CHECK(handshake.failure.find("alert 112 unrecognized_name") != std::string::npos);
    CHECK(handshake.chain.empty());
    CHECK(evidence::name_of(handshake.trust) == "not_judged");
}

TEST_CASE("a peer that leaves or stalls at any step ends the handshake with a reason") {
    const std::string half_a_record("\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03", 11);
    struct Case {
        const char* name{};
        Script script{};
    };
    const Case cases[] = {
        {"close after accepting", {{.kind = Kind::close}}},
        {"RST after accepting", {{.kind = Kind::reset}}},
        {"FIN after the hello", {{.kind = Kind::hear, .count = 100}, {Kind::fin}, {Kind::stall}}},
        {"RST after the hello", {{.kind = Kind::hear, .count = 100}, {Kind::reset}}},
        {"close in the middle of the answer",
         {{.kind = Kind::hear, .count = 100},
          {.kind = Kind::say, .text = half_a_record},
          {Kind::close}}},
        {"RST in the middle of the answer",
         {{.kind = Kind::hear, .count = 100},
          {.kind = Kind::say, .text = half_a_record},
          {Kind::reset}}},
        {"silence from the start", {{.kind = Kind::stall}}},
        {"silence in the middle of the answer",
         {{.kind = Kind::say, .text = half_a_record}, {.kind = Kind::stall}}},
        {"another protocol",
         {{.kind = Kind::say, .text = "220 mail.example.com ESMTP\r\n"}, {.kind = Kind::stall}}},
        {"half an answer byte by byte, then silence",
         {{.kind = Kind::drip, .text = half_a_record}, {.kind = Kind::stall}}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Handshake handshake = shaken_with(c.script, hasty());
        CHECK_FALSE(handshake.completed);
        CHECK_FALSE(handshake.failure.empty());
        CHECK(evidence::name_of(handshake.trust) == "not_judged");
        CHECK(handshake.ms < 10'000);
    }
}

TEST_CASE("a target whose time is over makes no handshake") {
    Loop loop;
    const Listener listener = listener_on(loop);
    Patience late = patient();
    late.deadline = Clock::now() - std::chrono::seconds(1);
    Handshake handshake;
    loop.spawn(shake_into(loop, listener.address(), trusting("localhost"), late, handshake));
    loop.run();
    CHECK_FALSE(handshake.completed);
    CHECK_FALSE(handshake.failure.empty());
}

TEST_CASE("a closed port and an unreadable CA file are reasons too") {
    Loop loop;
    Listener listener = listener_on(loop);
    const Address address = listener.address();
    listener.close();
    Handshake refused;
    Handshake unreadable;
    const HandshakeOptions no_file{.name = "localhost", .ca_file = "/nonexistent/ca.pem"};
    loop.spawn(shake_into(loop, address, trusting("localhost"), patient(), refused));
    loop.spawn(shake_into(loop, address, no_file, patient(), unreadable));
    loop.run();
    CHECK_FALSE(refused.failure.empty());
    CHECK(unreadable.failure.find("ca.pem") != std::string::npos);
}

} // namespace tlsdoctor::probe
