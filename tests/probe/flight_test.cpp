// SPDX-License-Identifier: Apache-2.0
// What the first flight says beyond the ServerHello: flights of OpenSSL and of a server that is
// played, however the network cuts them.
#include "probe/flight.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "crypto/conversation.hpp"
#include "crypto/flights.hpp"
#include "probe/answers.hpp"
#include "probe/reply.hpp"
#include "wire/cases.hpp"
#include "wire/certificate_request.hpp"
#include "wire/extensions.hpp"
#include "wire/server_key_exchange.hpp"
#include "wire/tls13.hpp"

namespace tlsdoctor::probe {
namespace {

using crypto::test::KnownHello;
using crypto::test::PlayedServer;
using evidence::Ending;
using evidence::Exchange;
using evidence::Outcome;
using wire::HandshakeType;
using wire::test::hex;

Insight insight_for(const KnownHello& hello, bool look_inside = true) {
    return {.keys = hello.keys, .client_hello = hello.message, .look_inside = look_inside};
}

/// Says everything that the flight has: `ServerHello, EC P-256 by ... for ...`.
std::string told_flight(const Exchange& exchange) {
    if (!exchange.flight) {
        return "none";
    }
    const evidence::Flight& flight = *exchange.flight;
    std::string text = flight.stage;
    text += flight.renegotiation_info ? ", renegotiation_info" : "";
    text += flight.extended_master_secret ? ", extended_master_secret" : "";
    text += flight.alpn ? ", alpn " + *flight.alpn : "";
    text += flight.certificate_key.empty() ? "" : ", " + flight.certificate_key;
    text += flight.certificate_issuer.empty() ? "" : " by " + flight.certificate_issuer;
    for (const std::string& name : flight.certificate_names) {
        text += " for " + name;
    }
    text += flight.dh_bits == 0 ? "" : fmt::format(", DHE of {} bits", flight.dh_bits);
    text += flight.signature_scheme ? ", " + name_of(*flight.signature_scheme) : "";
    text += flight.certificate_requested ? ", wants a certificate" : "";
    for (const std::string& name : flight.certificate_authorities) {
        text += " of " + name;
    }
    text += flight.failure.empty() ? "" : "; " + flight.failure;
    if (exchange.alert_after) {
        text += fmt::format(
            "; alert {}{}", std::to_underlying(exchange.alert_after->description),
            exchange.after_encrypted ? " in cipher" : " in clear"
        );
    }
    return text;
}

Exchange
judged(const Bytes& answer, ProtocolVersion offered, const Insight& insight, std::size_t piece) {
    ReplyReader reader(test::offer_of(offered), 443, insight);
    for (ByteView left = answer; !left.empty();) {
        const std::size_t size = std::min(piece, left.size());
        reader.feed(left.first(size));
        left = left.subspan(size);
    }
    Exchange exchange;
    reader.conclude(Ending::ours, exchange);
    return exchange;
}

Exchange judged_13(const Bytes& answer, const Insight& insight, std::size_t piece = 1'000'000) {
    return judged(answer, ProtocolVersion::tls_1_3, insight, piece);
}

Bytes operator+(Bytes first, const Bytes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

Bytes flight_named(std::string_view name) {
    for (const auto& block : wire::test::blocks_of("server_flights.txt")) {
        if (block.find("name")->second == name) {
            return hex(block.find("flight")->second);
        }
    }
    FAIL("no such flight: " << name);
    return {};
}

Bytes answer_of_openssl(const KnownHello& hello) {
    return crypto::test::answer_of({.identity = crypto::test::localhost()}, hello);
}

constexpr std::string_view k_whole =
    "Finished, EC P-256 by CN=Private root for localhost for 127.0.0.1 for ::1, "
    "ecdsa_secp256r1_sha256";

} // namespace

TEST_CASE("the flight of TLS 1.3 is read wherever the network cuts it") {
    const KnownHello hello = crypto::test::known_hello();
    const Insight insight = insight_for(hello);
    const Bytes answer = answer_of_openssl(hello);
    for (const std::size_t piece : {1U, 2U, 7U, 100U, 1'000U, 100'000U}) {
        CAPTURE(piece);
        const Exchange exchange = judged_13(answer, insight, piece);
        CHECK(test::told(exchange) == "accepted TLS 1.3 0x1301 x25519, ours");
        CHECK(told_flight(exchange) == k_whole);
    }
}

TEST_CASE("the leaf of a flight is written down whole") {
    const KnownHello hello = crypto::test::known_hello();
    const Exchange exchange = judged_13(answer_of_openssl(hello), insight_for(hello));
    REQUIRE(exchange.flight);
    CHECK(exchange.flight->certificate_subject == "CN=localhost");
    CHECK(exchange.flight->certificate_sha256.size() == 64);
    CHECK(exchange.flight->certificate_not_before.ends_with("Z"));
    CHECK(exchange.flight->certificate_not_after.ends_with("Z"));
    CHECK_FALSE(exchange.flight->session_id); // TLS 1.3 echoes the client's
}

TEST_CASE("what the messages of a flight say of features is written down") {
    using wire::Extension;
    const wire::ServerHello hello{
        .legacy_session_id_echo = Bytes(32, 1),
        .legacy_compression_method = 1,
        .extensions = {{.type = ExtensionType::session_ticket, .data = {}}},
    };
    evidence::Flight flight = flight_of(hello);
    CHECK(flight.session_id);
    CHECK(flight.compression == 1);
    CHECK(flight.extensions == std::vector{ExtensionType::session_ticket});
    evidence::Selection selection{.version = ProtocolVersion::tls_1_3};
    const auto hear = [&](HandshakeType type, const Bytes& body) {
        take_down({.type = type, .body = body}, false, selection, flight);
    };
    hear(
        HandshakeType::encrypted_extensions,
        write(wire::tls13::EncryptedExtensions{
            .extensions = {{.type = ExtensionType::heartbeat, .data = {1}}}
        })
    );
    CHECK(flight.extensions.back() == ExtensionType::heartbeat);
    hear(
        HandshakeType::certificate,
        write(wire::tls13::Certificate{
            .certificate_list =
                {{.cert_data = {0x30, 0x00},
                  .extensions = {{.type = ExtensionType::status_request, .data = {1}}}}}
        })
    );
    CHECK(flight.certificate_extensions == std::vector{ExtensionType::status_request});
    hear(HandshakeType::compressed_certificate, {0});
    CHECK(flight.certificate_compressed);
    hear(HandshakeType::certificate_status, {1});
    CHECK(flight.certificate_status);
    selection = {.version = ProtocolVersion::tls_1_2, .cipher_suite = CipherSuite{0x0033}};
    const wire::ServerKeyExchange parameters{
        .params = wire::ServerDhParams{.dh_p = {0, 0x80, 1}, .dh_g = {2}, .dh_Ys = {3}},
        .signature = wire::ParamsSignature{.algorithm = SignatureScheme{0x0201}, .signature = {1}},
    };
    hear(HandshakeType::server_key_exchange, write(parameters));
    CHECK(flight.dh_bits == 16);
    CHECK(flight.dh_prime == Bytes{0x80, 1});
}

TEST_CASE("half a flight is as much as came, and no prefix changes what was accepted") {
    const KnownHello hello = crypto::test::known_hello();
    const Insight insight = insight_for(hello, false);
    const Bytes answer = answer_of_openssl(hello);
    const std::size_t hello_size =
        5 + crypto::test::server_hello_in(crypto::test::records_in(answer)).size();
    for (std::size_t size = hello_size; size < answer.size(); ++size) {
        CAPTURE(size);
        const Bytes part(answer.begin(), answer.begin() + static_cast<std::ptrdiff_t>(size));
        const Exchange exchange = judged_13(part, insight);
        CHECK(exchange.outcome == Outcome::accepted);
        REQUIRE(exchange.flight);
        CHECK(exchange.flight->failure.empty());
        CHECK(exchange.flight->stage != "Finished");
    }
}

TEST_CASE("a flight with damage anywhere behind the ServerHello leaves it accepted") {
    const KnownHello hello = crypto::test::known_hello();
    const Insight insight = insight_for(hello, false);
    const Bytes answer = answer_of_openssl(hello);
    const auto records = crypto::test::records_in(answer);
    for (std::size_t at = 5 + records.front().fragment.size(); at < answer.size(); ++at) {
        CAPTURE(at);
        Bytes damaged = answer;
        damaged[at] ^= 0x10;
        const Exchange exchange = judged_13(damaged, insight);
        CHECK(exchange.outcome == Outcome::accepted);
        CHECK_FALSE(exchange.alert_after);
        REQUIRE(exchange.flight);
    }
}

TEST_CASE("without keys the answer of TLS 1.3 ends with its ServerHello") {
    const KnownHello hello = crypto::test::known_hello();
    const Exchange exchange = judged_13(answer_of_openssl(hello), {});
    CHECK(test::told(exchange) == "accepted TLS 1.3 0x1301 x25519, ours");
    CHECK(told_flight(exchange) == "ServerHello");
}

TEST_CASE("keys that are not the hello's open nothing, and the flight says so") {
    const KnownHello hello = crypto::test::known_hello();
    Insight wrong = insight_for(hello);
    SUBCASE("another hello") {
        wrong.client_hello.back() ^= 1;
        CHECK(
            told_flight(judged_13(answer_of_openssl(hello), wrong)) ==
            "ServerHello; a record that the keys do not open"
        );
    }
    SUBCASE("another group") {
        wrong.keys = crypto::test::known_hello({.groups = {NamedGroup::secp256r1}}).keys;
        CHECK(
            told_flight(judged_13(answer_of_openssl(hello), wrong)) ==
            "ServerHello; the private key for x25519 is not known"
        );
    }
}

TEST_CASE("a refusal behind the ServerHello is seen, with the last message before it") {
    const KnownHello hello = crypto::test::known_hello();
    const Bytes extensions = write(wire::tls13::EncryptedExtensions{});
    const std::vector<std::string> h2{"h2"};
    const Bytes with_alpn =
        write(wire::tls13::EncryptedExtensions{.extensions = {wire::write_alpn(h2)}});
    const std::vector<Bytes> names{
        hex("300f310d300b06035504030c04526f6f74"), hex("3000"), hex("31")
    };
    const wire::tls13::CertificateRequest request{
        .extensions = {wire::tls13::write_certificate_authorities(names)}
    };
    struct Case {
        std::string name{};
        std::vector<std::pair<HandshakeType, Bytes>> messages{};
        std::string told{};
    };
    const Case cases[] = {
        {"at once", {}, "ServerHello; alert 40 in cipher"},
        {"after its extensions",
         {{HandshakeType::encrypted_extensions, extensions}},
         "EncryptedExtensions; alert 40 in cipher"},
        {"after it chose a protocol",
         {{HandshakeType::encrypted_extensions, with_alpn}},
         "EncryptedExtensions, alpn h2; alert 40 in cipher"},
        {"after it asked for a certificate",
         {{HandshakeType::encrypted_extensions, extensions},
          {HandshakeType::certificate_request, write(request)}},
         "CertificateRequest, wants a certificate of CN=Root of  of unreadable; alert 40 in cipher"
        },
        {"after a certificate that is none",
         {{HandshakeType::encrypted_extensions, extensions},
          {HandshakeType::certificate,
           write(wire::tls13::Certificate{.certificate_list = {{.cert_data = {1, 2, 3}}}})}},
         "Certificate, unreadable; alert 40 in cipher"},
        {"after messages that are none",
         {{HandshakeType::encrypted_extensions, {}},
          {HandshakeType::certificate_request, {9}},
          {HandshakeType::certificate, {}},
          {HandshakeType::certificate_verify, {8}}},
         "CertificateVerify, wants a certificate; alert 40 in cipher"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        PlayedServer server(hello);
        Bytes answer = server.hello();
        for (const auto& [type, body] : c.messages) {
            answer = answer + server.say(type, body);
        }
        answer = answer + server.say(AlertDescription::handshake_failure);
        for (const std::size_t piece : {1U, 100'000U}) {
            const Exchange exchange = judged_13(answer, insight_for(hello), piece);
            CHECK(exchange.outcome == Outcome::accepted);
            CHECK_FALSE(succeeded(exchange));
            CHECK(told_flight(exchange) == c.told);
        }
    }
}

TEST_CASE("an alert in clear behind a ServerHello of TLS 1.3 is seen") {
    const KnownHello hello = crypto::test::known_hello();
    const PlayedServer server(hello);
    const Bytes answer = server.hello() + hex("14030300010115030300020250");
    CHECK(told_flight(judged_13(answer, insight_for(hello))) == "ServerHello; alert 80 in clear");
}

TEST_CASE("a message in clear behind a ServerHello of TLS 1.3 is no part of the flight") {
    const KnownHello hello = crypto::test::known_hello();
    const PlayedServer server(hello);
    const Bytes finished = handshake_message(HandshakeType::finished, Bytes(32, 0));
    SUBCASE("in a record of its own") {
        const Bytes answer =
            server.hello() +
            wire::record(wire::ContentType::handshake, ProtocolVersion::tls_1_2, finished);
        CHECK(
            told_flight(judged_13(answer, insight_for(hello))) ==
            "ServerHello; a record in clear where it must be in cipher"
        );
    }
    SUBCASE("in the ServerHello's record") {
        const auto first = crypto::test::records_in(server.hello()).front();
        const Bytes answer = wire::record(first.type, first.version, first.fragment + finished);
        CHECK(
            told_flight(judged_13(answer, insight_for(hello))) ==
            "ServerHello; a message in clear where it must be in cipher"
        );
    }
}

TEST_CASE("a flight without end is left") {
    const KnownHello hello = crypto::test::known_hello();
    PlayedServer server(hello);
    Bytes answer = server.hello();
    for (int round = 0; round < 30; ++round) {
        answer = answer + server.seal(wire::ContentType::handshake, Bytes(1, 8), 16'000);
    }
    const Exchange exchange = judged_13(answer, insight_for(hello));
    CHECK(exchange.outcome == Outcome::accepted);
    CHECK(exchange.flight->stage == "ServerHello");
    CHECK(exchange.received.size() == 16'384);
}

TEST_CASE("a long chain of TLS 1.3 is read to its end") {
    const KnownHello hello = crypto::test::known_hello();
    PlayedServer server(hello);
    wire::tls13::Certificate chain;
    chain.certificate_list.resize(10, {.cert_data = Bytes(12'000, 0x30)});
    Bytes answer = server.hello() + server.say(HandshakeType::encrypted_extensions, Bytes{0, 0});
    const Bytes message = handshake_message(HandshakeType::certificate, write(chain));
    for (ByteView left = message; !left.empty();) {
        const std::size_t size = std::min<std::size_t>(left.size(), 16'000);
        answer = answer + server.seal(wire::ContentType::handshake, left.first(size));
        left = left.subspan(size);
    }
    answer = answer + server.say(HandshakeType::finished, Bytes(32, 0));
    for (const std::size_t piece : {999U, 1'000'000U}) {
        const Exchange exchange = judged_13(answer, insight_for(hello, false), piece);
        CHECK(told_flight(exchange) == "Finished");
    }
}

TEST_CASE("the flights in clear say as much") {
    struct Case {
        std::string name{};
        ProtocolVersion version{};
        std::string told{};
    };
    using enum ProtocolVersion;
    const Case cases[] = {
        {"TLS 1.0 ECDHE-RSA, asks for a certificate", tls_1_0,
         "ServerHelloDone, renegotiation_info, extended_master_secret, RSA 2048 by "
         "CN=www.example.com, wants a certificate of CN=www.example.com"},
        {"TLS 1.1 DHE-RSA", tls_1_1,
         "ServerHelloDone, renegotiation_info, extended_master_secret, RSA 2048 by "
         "CN=www.example.com, DHE of 2048 bits"},
        {"TLS 1.2 ECDHE-RSA", tls_1_2,
         "ServerHelloDone, renegotiation_info, extended_master_secret, RSA 2048 by "
         "CN=www.example.com, rsa_pkcs1_sha256"},
        {"TLS 1.2 DHE-RSA", tls_1_2,
         "ServerHelloDone, renegotiation_info, extended_master_secret, RSA 2048 by "
         "CN=www.example.com, DHE of 2048 bits, rsa_pkcs1_sha256"},
        {"TLS 1.2 ECDHE-ECDSA, asks for a certificate", tls_1_2,
         "ServerHelloDone, renegotiation_info, extended_master_secret, EC P-256 by "
         "CN=www.example.com, ecdsa_secp256r1_sha256, wants a certificate of CN=www.example.com"},
        {"TLS 1.2 ECDHE-PSK with hint", tls_1_2,
         "ServerHelloDone, renegotiation_info, extended_master_secret"},
        {"TLS 1.2 RSA without any extension", tls_1_2,
         "ServerHelloDone, RSA 2048 by CN=www.example.com"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        for (const std::size_t piece : {1U, 100'000U}) {
            const Exchange exchange =
                judged(flight_named(c.name), c.version, {.look_inside = true}, piece);
            CHECK(told_flight(exchange) == c.told);
        }
    }
}

TEST_CASE("a certificate is looked into only where that was asked for") {
    const Exchange exchange = judged(
        flight_named("TLS 1.2 ECDHE-ECDSA, asks for a certificate"), ProtocolVersion::tls_1_2, {},
        100'000
    );
    CHECK(exchange.flight->certificate_key.empty());
    CHECK(exchange.flight->certificate_authorities.empty());
    CHECK(exchange.flight->certificate_requested);
    CHECK(exchange.flight->signature_scheme);
}

TEST_CASE("a HelloRetryRequest has no flight") {
    const KnownHello hello =
        crypto::test::known_hello({.groups_without_share = {NamedGroup::secp521r1}});
    const Bytes answer =
        crypto::test::answer_of({.groups = "P-521", .identity = crypto::test::localhost()}, hello);
    const Exchange exchange = judged_13(answer, insight_for(hello));
    CHECK(test::told(exchange) == "accepted TLS 1.3 0x1301 secp521r1 by HelloRetryRequest, ours");
    CHECK(told_flight(exchange) == "none");
}

TEST_CASE("the ClientHello is found in what was sent") {
    const KnownHello hello = crypto::test::known_hello();
    const ByteView line = as_bytes("PROXY TCP4 192.0.2.1 192.0.2.2 1234 443\r\n");
    const Bytes proxy(line.begin(), line.end());
    const auto half = hello.message.begin() + 100;
    const Bytes two_records =
        wire::record(
            wire::ContentType::handshake, ProtocolVersion::tls_1_0,
            Bytes(hello.message.begin(), half)
        ) +
        wire::record(
            wire::ContentType::handshake, ProtocolVersion::tls_1_0, Bytes(half, hello.message.end())
        );
    CHECK(client_hello_in(hello.record) == hello.message);
    CHECK(client_hello_in(two_records) == hello.message);
    CHECK(client_hello_in(proxy + hello.record) == hello.message);
    CHECK(client_hello_in(proxy).empty());
    CHECK(client_hello_in(as_bytes("PROXY ")).empty());
    CHECK(client_hello_in({}).empty());
    CHECK(client_hello_in(crypto::test::PlayedServer(hello).hello()).empty());
}

} // namespace tlsdoctor::probe
