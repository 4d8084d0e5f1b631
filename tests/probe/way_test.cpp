// SPDX-License-Identifier: Apache-2.0
// The way to TLS against scripted peers on loopback: dialogues and proxies that fail, stall, close
// and reset at each step. The words themselves are judged in tests/net/dialogue_test.cpp.
#include "probe/way.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "net/listener.hpp"
#include "net/peers.hpp"
#include "net/tds.hpp"
#include "probe/answers.hpp"
#include "probe/ask.hpp"
#include "probe/waiting.hpp"

namespace tlsdoctor::probe {
namespace {

using namespace std::string_view_literals;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Reach;
using net::Address;
using net::Listener;
using net::Loop;
using net::testing::Script;
using net::testing::soon_enough;
using net::testing::Step;
using testing::k_long;
using testing::listener_on;
using testing::patient;
using Kind = Step::Kind;

constexpr milliseconds k_brief{60};

Question tls_1_2_question() {
    return make_question(
        {.version = ProtocolVersion::tls_1_2, .shape = evidence::Shape::openssl}, seeded_random(1)
    );
}

asio::awaitable<void> ask_into(
    Loop& loop, Address address, Question what, Patience patience, Route route, Exchange& exchange
) {
    auto answer = co_await ask(loop, address, what, patience, route);
    exchange = std::move(answer);
}

Exchange asked(const Script& script, const Route& route, milliseconds answer = k_long) {
    Loop loop;
    Listener listener = listener_on(loop);
    const Patience patience{.connect = k_long, .answer = answer, .deadline = soon_enough()};
    Exchange exchange;
    loop.spawn(net::testing::play(loop, listener, script));
    loop.spawn(ask_into(loop, listener.address(), tls_1_2_question(), patience, route, exchange));
    loop.run();
    return exchange;
}

Route upgrading(std::string_view protocol) {
    return {.port = 25, .starttls = net::find_starttls(protocol), .name = "a.example"};
}

Route through(net::ProxyKind kind) {
    return {
        .proxy = net::Proxy{.kind = kind, .host = "p", .port = 1}, .host = "a.example", .port = 25
    };
}

Step say(std::string_view text) {
    return {.kind = Kind::say, .text = std::string(text)};
}

Step hear(std::size_t count) {
    return {.kind = Kind::hear, .count = count};
}

const std::string k_alert_70("\x15\x03\x03\x00\x02\x02\x46", 7);
constexpr std::string_view k_ehlo = "EHLO [127.0.0.1]\r\n";
constexpr std::string_view k_starttls = "STARTTLS\r\n";

/// A mail server as far as TLS, which refuses the hello.
Script smtp() {
    return {
        say("220 mail\r\n"),     hear(k_ehlo.size()),     say("250 STARTTLS\r\n"),
        hear(k_starttls.size()), say("220 go ahead\r\n"), hear(tls_1_2_question().bytes.size()),
        say(k_alert_70),         {.kind = Kind::fin},
    };
}

} // namespace

TEST_CASE("a hello goes out behind its dialogue") {
    const Exchange exchange = asked(smtp(), upgrading("smtp"));
    CHECK(exchange.outcome == Outcome::refused);
    CHECK(exchange.reach == Reach::open);
    REQUIRE(exchange.dialogue.has_value());
    CHECK(exchange.dialogue->protocol == "smtp");
    CHECK(exchange.dialogue->result == "started");
    CHECK(exchange.dialogue->said == "220 go ahead");
    CHECK(as_text(exchange.received) == k_alert_70);
    CHECK(exchange.sent == tls_1_2_question().bytes);
}

TEST_CASE("a dialogue that fails at any step leaves its result, and no hello") {
    const struct {
        Kind kind;
        std::string_view result;
    } ends[] = {{Kind::fin, "closed"}, {Kind::reset, "reset"}, {Kind::stall, "silent"}};
    for (const auto& end : ends) {
        for (const std::size_t steps : {0U, 2U, 4U}) {
            CAPTURE(end.result);
            CAPTURE(steps);
            const Script whole = smtp();
            Script script(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(steps));
            script.push_back({.kind = end.kind});
            const Exchange exchange = asked(script, upgrading("smtp"), k_brief);
            CHECK(exchange.outcome == Outcome::not_tested);
            CHECK(!exchange.error.empty());
            CHECK(exchange.sent.empty());
            REQUIRE(exchange.dialogue.has_value());
            CHECK(exchange.dialogue->result == end.result);
            CHECK(!is_shut(exchange));
        }
    }
}

TEST_CASE("words of a dialogue that ends it for good are kept") {
    const Exchange none =
        asked({say("220 x\r\n"), hear(k_ehlo.size()), say("250 HELP\r\n")}, upgrading("smtp"));
    CHECK(none.dialogue->result == "not_offered");
    CHECK(none.dialogue->said == "250 HELP");
    CHECK(is_shut(none));
    const Exchange refused = asked({say("421 busy\r\n")}, upgrading("smtp"));
    CHECK(refused.dialogue->result == "refused");
    CHECK(!is_shut(refused));
}

TEST_CASE("another protocol in the place of the dialogue is an answer like any other") {
    const Exchange http = asked({say("HTTP/1.1 400 Bad Request\r\n")}, upgrading("smtp"));
    CHECK(http.outcome == Outcome::not_tls);
    CHECK(http.protocol == "http");
    CHECK(http.dialogue->result == "other_protocol");
    const Exchange tls = asked({say(k_alert_70)}, upgrading("smtp"));
    CHECK(tls.outcome == Outcome::not_tested);
    CHECK(tls.dialogue->result == "other_protocol");
}

TEST_CASE("what comes with the last words of a dialogue is read as the answer to the hello") {
    Script script = smtp();
    script[4] = say("220 go ahead\r\n250 injected\r\n");
    const Exchange exchange = asked(script, upgrading("smtp"));
    CHECK(exchange.outcome == Outcome::not_tls);
    CHECK(as_text(exchange.received).starts_with("250 injected"));
}

TEST_CASE("the handshake of TDS travels in packets") {
    const auto prelogin =
        "\x04\x01\x00\x1a\x00\x00\x01\x00\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff\x10\x00\x0f\xa0\x00\x00\x01"sv;
    const Bytes alert = net::in_tds_packets(as_bytes(k_alert_70));
    const std::size_t hello = net::in_tds_packets(tls_1_2_question().bytes).size();
    const Script script = {
        hear(26), say(prelogin), hear(hello), say(as_text(alert)), {.kind = Kind::fin}
    };
    const Exchange exchange = asked(script, upgrading("mssql"));
    CHECK(exchange.outcome == Outcome::refused);
    CHECK(as_text(exchange.received) == k_alert_70);
}

TEST_CASE("a proxy opens the way, and the dialogue follows in the tunnel") {
    constexpr auto connect = "CONNECT a.example:25 HTTP/1.1\r\nHost: a.example:25\r\n\r\n"sv;
    Script script = smtp();
    script.front() = say("HTTP/1.1 200 OK\r\n\r\n220 mail\r\n"); // in one segment
    script.insert(script.begin(), hear(connect.size()));
    Route route = through(net::ProxyKind::http);
    route.starttls = net::find_starttls("smtp");
    const Exchange exchange = asked(script, route);
    CHECK(exchange.outcome == Outcome::refused);
    CHECK(exchange.proxy_error.empty());
    CHECK(exchange.dialogue->result == "started");
}

TEST_CASE("a proxy's refusal says nothing of the server") {
    const struct {
        net::ProxyKind kind;
        Script script;
        std::string_view words;
    } cases[] = {
        {net::ProxyKind::http, {say("HTTP/1.1 403 Forbidden\r\n\r\n")}, "refused: HTTP/1.1 403"},
        {net::ProxyKind::http, {say("SSH-2.0-x\r\n")}, "other protocol: SSH-2.0-x"},
        {net::ProxyKind::http, {{.kind = Kind::fin}}, "closed"},
        {net::ProxyKind::http, {{.kind = Kind::stall}}, "silent"},
        {net::ProxyKind::socks5, {say("\x05\xff"sv)}, "refused: SOCKS5: no acceptable"},
        {net::ProxyKind::socks5,
         {say("\x05\x00"sv), hear(3), say("\x05\x05\x00\x01\0\0\0\0\0\0"sv)},
         "refused: SOCKS5: connection refused (5)"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.words);
        const Exchange exchange = asked(c.script, through(c.kind), k_brief);
        CHECK(exchange.proxy_error.starts_with(c.words));
        CHECK(exchange.outcome == Outcome::unreachable);
        CHECK(exchange.reach == Reach::unreachable);
        CHECK(exchange.sent.empty());
        CHECK(is_shut(exchange));
    }
}

TEST_CASE("a proxy that does not listen is the proxy's failure") {
    Loop loop;
    Exchange exchange;
    const Address nobody{.text = "127.0.0.1", .port = 1};
    const Route route = through(net::ProxyKind::http);
    loop.spawn(ask_into(loop, nobody, tls_1_2_question(), patient(), route, exchange));
    loop.run();
    CHECK(exchange.proxy_error.starts_with("no connection to the proxy"));
    CHECK(exchange.reach == Reach::unreachable);
}

TEST_CASE("a silence that was not waited for to its end is no answer") {
    Loop loop;
    auto listener = Listener::open(loop, {});
    REQUIRE(listener.has_value());
    for (const Route& route : {upgrading("smtp"), through(net::ProxyKind::http)}) {
        Exchange exchange;
        const Patience patience{
            .connect = k_long, .answer = k_long, .deadline = Clock::now() + k_brief
        };
        loop.spawn(
            ask_into(loop, listener->address(), tls_1_2_question(), patience, route, exchange)
        );
        loop.run();
        CHECK(exchange.outcome == Outcome::not_tested);
        CHECK(exchange.error.empty());
        CHECK(exchange.proxy_error.empty());
        CHECK(!exchange.dialogue.has_value());
    }
}

} // namespace tlsdoctor::probe
