// SPDX-License-Identifier: Apache-2.0
// One question against scripted peers on loopback that fail, stall, close and reset at each step.
// What is checked is the kind of the answer; times are only bounds.
#include "probe/ask.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include "net/group.hpp"
#include "net/peers.hpp"
#include "probe/answers.hpp"
#include "probe/waiting.hpp"

namespace tlsdoctor::probe {
namespace {

using namespace std::chrono_literals;
using evidence::Ending;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Reach;
using evidence::Shape;
using net::Address;
using net::Listener;
using net::Loop;
using net::testing::Script;
using net::testing::shortly;
using net::testing::soon_enough;
using net::testing::Step;
using testing::hasty;
using testing::listener_on;
using testing::patient;
using Kind = Step::Kind;

Question question(ProtocolVersion version) {
    const bool oldest = version == ProtocolVersion::ssl_2_0;
    return make_question(
        {.version = version, .shape = oldest ? Shape::ssl2 : Shape::openssl}, seeded_random(1)
    );
}

Question tls_1_2() {
    return question(ProtocolVersion::tls_1_2);
}

asio::awaitable<void>
ask_into(Loop& loop, Address address, Question what, Patience patience, Exchange& exchange) {
    auto answer = co_await ask(loop, address, what, patience);
    exchange = std::move(answer);
}

/// Asks where nobody plays a script.
Exchange asked_of(Loop& loop, const Address& address, Patience patience) {
    Exchange exchange;
    loop.spawn(ask_into(loop, address, tls_1_2(), patience, exchange));
    loop.run();
    return exchange;
}

/// Asks a peer that plays the script.
Exchange asked(const Script& script, Patience patience, const Question& what = tls_1_2()) {
    Loop loop;
    Listener listener = listener_on(loop);
    Exchange exchange;
    loop.spawn(net::testing::play(loop, listener, script));
    loop.spawn(ask_into(loop, listener.address(), what, patience, exchange));
    loop.run();
    return exchange;
}

Step hear_hello(const Question& what = tls_1_2()) {
    return {.kind = Kind::hear, .count = what.bytes.size()};
}

std::string text_of(const Bytes& bytes) {
    return std::string(as_text(bytes));
}

std::string hello_of_tls_1_2() {
    return text_of(test::server_hello_record(ProtocolVersion::tls_1_2));
}

std::string half_a_hello() {
    return hello_of_tls_1_2().substr(0, 30);
}

const std::string k_alert_70("\x15\x03\x03\x00\x02\x02\x46", 7);

} // namespace

TEST_CASE("a peer that closes, resets or ends after accepting says so") {
    struct Case {
        const char* name{};
        Kind kind{};
        std::vector<Outcome> outcomes{};
    };
    // Whether a close meets our hello before or after it left us is a race: RST or FIN.
    const Case cases[] = {
        {"close", Kind::close, {Outcome::closed, Outcome::reset}},
        {"FIN", Kind::fin, {Outcome::closed, Outcome::reset}},
        {"RST", Kind::reset, {Outcome::reset}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Exchange exchange = asked({{.kind = c.kind}}, patient());
        CAPTURE(evidence::name_of(exchange.outcome));
        CHECK(std::ranges::find(c.outcomes, exchange.outcome) != c.outcomes.end());
        CHECK(exchange.reach == Reach::open);
        CHECK(exchange.received.empty());
    }
}

TEST_CASE("a peer that fails at any later step leaves the outcome of that step") {
    struct Case {
        const char* name{};
        Script script{};
        std::string told{};
    };
    const Step hear = hear_hello();
    const Step half{.kind = Kind::say, .text = half_a_hello()};
    const Step whole{.kind = Kind::say, .text = hello_of_tls_1_2()};
    const Step alert{.kind = Kind::say, .text = k_alert_70};
    const Step http{.kind = Kind::say, .text = "HTTP/1.1 400 Bad Request\r\n\r\n"};
    const Step fin{.kind = Kind::fin};
    const Step close{.kind = Kind::close};
    const Step reset{.kind = Kind::reset};
    const Step stall{.kind = Kind::stall};
    const Case cases[] = {
        {"after the hello, close", {hear, close}, "closed, fin"},
        {"after the hello, FIN", {hear, fin, stall}, "closed, fin"},
        {"after the hello, RST", {hear, reset}, "reset, reset"},
        {"after half a hello, RST", {{.kind = Kind::hear, .count = 10}, reset}, "reset, reset"},
        {"in the middle of the answer, close", {hear, half, close}, "garbled, fin"},
        {"in the middle of the answer, FIN", {hear, half, fin, stall}, "garbled, fin"},
        {"in the middle of the answer, RST", {hear, half, reset}, "garbled, reset"},
        {"after an alert, close", {hear, alert, close}, "refused, alert fatal 70 in TLS 1.2, fin"},
        {"after an alert, RST", {hear, alert, reset}, "refused, alert fatal 70 in TLS 1.2, reset"},
        {"after an alert, nothing", {hear, alert, stall}, "refused, alert fatal 70 in TLS 1.2, ours"
        },
        {"after a ServerHello, close", {hear, whole, close}, "accepted TLS 1.2 0x002f, fin"},
        {"after a ServerHello, RST", {hear, whole, reset}, "accepted TLS 1.2 0x002f, reset"},
        {"after a ServerHello, nothing", {hear, whole, stall}, "accepted TLS 1.2 0x002f, ours"},
        {"a greeting before the hello", {http, hear, fin, stall}, "not_tls http, fin"},
        {"a greeting, then nothing", {http, stall}, "not_tls http, ours"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Exchange exchange = asked(c.script, patient());
        CHECK(test::told(exchange) == c.told);
        CHECK(exchange.reach == Reach::open);
        CHECK(exchange.sent == tls_1_2().bytes);
        CHECK(exchange.ms < 10'000);
    }
}

TEST_CASE("a peer that stalls is waited for no longer than its answer may take") {
    struct Case {
        const char* name{};
        Script script{};
        std::string told{};
    };
    const Case cases[] = {
        {"from the start", {{.kind = Kind::stall}}, "silent, ours"},
        {"in the middle of the answer",
         {hear_hello(), {.kind = Kind::say, .text = half_a_hello()}, {.kind = Kind::stall}},
         "garbled, ours"},
        {"after a warning",
         {hear_hello(),
          {.kind = Kind::say, .text = std::string("\x15\x03\x03\x00\x02\x01\x70", 7)},
          {.kind = Kind::stall}},
         "refused, alert warning 112 in TLS 1.2, ours"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Exchange exchange = asked(c.script, hasty());
        CHECK(test::told(exchange) == c.told);
        CHECK(exchange.ms >= 75);
        CHECK(exchange.ms < 10'000);
    }
}

TEST_CASE("an answer that comes byte by byte is judged like one that comes at once") {
    for (const test::Answer& answer : test::answers()) {
        if (answer.ending != Ending::fin || answer.bytes.size() > 200) {
            continue;
        }
        CAPTURE(answer.name);
        const Question what = question(answer.offered);
        const Script script{
            hear_hello(what),
            {.kind = Kind::drip, .text = text_of(answer.bytes)},
            {Kind::fin},
            {Kind::stall}
        };
        const Exchange exchange = asked(script, patient(), what);
        // Where nothing more could matter, we leave before the FIN and the last bytes.
        const Ending ending = exchange.ending == Ending::ours ? Ending::ours : answer.ending;
        CHECK(
            test::told(exchange) == answer.told.substr(0, answer.told.rfind(' ') + 1) +
                                        std::string(evidence::name_of(ending))
        );
        CHECK(std::ranges::equal(
            exchange.received, ByteView(answer.bytes).first(exchange.received.size())
        ));
    }
}

TEST_CASE("an alert sent before a RST is still read") {
    const Script script{{.kind = Kind::say, .text = k_alert_70}, {.kind = Kind::reset}};
    CHECK(asked(script, patient()).outcome == Outcome::refused);
}

TEST_CASE("garbage without end is cut at 16 KiB") {
    const Script script{
        {.kind = Kind::say, .text = std::string(1'000'000, 'x')}, {.kind = Kind::stall}
    };
    const Exchange exchange = asked(script, patient());
    CHECK(exchange.outcome == Outcome::not_tls);
    CHECK(exchange.received.size() <= 16'384);
}

TEST_CASE("SSL 2.0 is waited for a short time, and its silence is silence") {
    const Question what = question(ProtocolVersion::ssl_2_0);
    const Exchange exchange = asked({{.kind = Kind::stall}}, patient(), what);
    CHECK(test::told(exchange) == "silent, ours");
    CHECK(exchange.ms < 10'000);
}

TEST_CASE("a connection is given up with RST, never with close_notify") {
    Loop loop;
    Listener listener = listener_on(loop);
    net::testing::Heard heard;
    Exchange exchange;
    const auto server = [&]() -> asio::awaitable<void> {
        auto stream = co_await listener.accept();
        REQUIRE(stream.has_value());
        const ByteView alert = as_bytes(k_alert_70);
        const TimePoint limit = soon_enough();
        co_await stream->write_all(alert, limit);
        co_await net::testing::hear_all(*stream, heard, limit);
    };
    loop.spawn(server());
    loop.spawn(ask_into(loop, listener.address(), tls_1_2(), patient(), exchange));
    loop.run();
    CHECK(heard.text == text_of(tls_1_2().bytes));
    CHECK(net::name_of(heard.end.kind) == "reset");
}

TEST_CASE("a question that only listens sends nothing and hears a greeting") {
    const Question banner = make_question(
        {.purpose = evidence::Purpose::banner, .shape = Shape::nothing}, seeded_random(1)
    );
    const Script script{{.kind = Kind::say, .text = "SSH-2.0-test\r\n"}, {.kind = Kind::stall}};
    const Exchange exchange = asked(script, patient(), banner);
    CHECK(test::told(exchange) == "not_tls ssh, ours");
    CHECK(exchange.sent.empty());
    CHECK(exchange.purpose == evidence::Purpose::banner);
}

TEST_CASE("without a connection nothing was sent, and the way it failed is told apart") {
    struct Case {
        const char* name{};
        Address address{};
        Reach reach{};
    };
    Loop loop;
    Listener closed = listener_on(loop);
    const Address nobody = closed.address();
    closed.close();
    const Case cases[] = {
        {"a closed port", nobody, Reach::refused},
        {"an address that cannot be routed", {"255.255.255.255", 443}, Reach::unreachable},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Exchange exchange = asked_of(loop, c.address, patient());
        CHECK(exchange.outcome == Outcome::unreachable);
        CHECK(evidence::name_of(exchange.reach) == evidence::name_of(c.reach));
        CHECK_FALSE(exchange.error.empty());
        CHECK(exchange.sent.empty());
        CHECK(evidence::offers_only(exchange.offer, ProtocolVersion::tls_1_2));
    }
}

TEST_CASE("a SYN without an answer is filtered") {
    Loop loop;
    const Listener listener = listener_on(loop, {.backlog = 0});
    const Address address = listener.address();
    std::vector<net::Stream> waiting;
    const auto fill = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 8; ++i) {
            const TimePoint deadline = shortly();
            auto stream = co_await net::connect(loop, address, deadline);
            if (!stream) {
                co_return;
            }
            waiting.push_back(std::move(*stream));
        }
    };
    loop.spawn(fill());
    loop.run();
    const Exchange exchange = asked_of(loop, address, hasty());
    CHECK(exchange.outcome == Outcome::unreachable);
    CHECK(evidence::name_of(exchange.reach) == "filtered");
}

TEST_CASE("a target whose time is over before the question is not tested") {
    Loop loop;
    const Listener listener = listener_on(loop);
    Patience late = patient();
    late.deadline = Clock::now() - 1s;
    const Exchange exchange = asked_of(loop, listener.address(), late);
    CHECK(exchange.outcome == Outcome::not_tested);
    CHECK(evidence::name_of(exchange.reach) == "untried");
    CHECK(exchange.sent.empty());
}

TEST_CASE("a target whose time ends while it answers is not tested, unless the answer decided") {
    struct Case {
        const char* name{};
        Script script{};
        Outcome outcome{};
    };
    const Case cases[] = {
        {"silence", {{.kind = Kind::stall}}, Outcome::not_tested},
        {"half a ServerHello",
         {{.kind = Kind::say, .text = half_a_hello()}, {.kind = Kind::stall}},
         Outcome::not_tested},
        {"a warning",
         {{.kind = Kind::say, .text = std::string("\x15\x03\x03\x00\x02\x01\x70", 7)},
          {.kind = Kind::stall}},
         Outcome::not_tested},
        {"an alert",
         {{.kind = Kind::say, .text = k_alert_70}, {.kind = Kind::stall}},
         Outcome::refused},
        {"a greeting",
         {{.kind = Kind::say, .text = "SSH-2.0-test\r\n"}, {.kind = Kind::stall}},
         Outcome::not_tls},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Patience patience = patient();
        patience.deadline = shortly();
        CHECK(evidence::name_of(asked(c.script, patience).outcome) == evidence::name_of(c.outcome));
    }
}

TEST_CASE("a run that is cancelled leaves what it asked as not tested") {
    struct Case {
        const char* name{};
        std::string said{};
    };
    const Case cases[] = {
        {"while nothing comes", ""},
        {"in the middle of an answer", half_a_hello()},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Loop loop;
        Listener listener = listener_on(loop);
        Exchange exchange;
        Bytes hello(tls_1_2().bytes.size());
        const auto server = [&]() -> asio::awaitable<void> {
            auto stream = co_await listener.accept();
            REQUIRE(stream.has_value());
            const TimePoint limit = soon_enough();
            const std::span<std::uint8_t> room(hello);
            co_await stream->read_some(room, limit);
            const ByteView said = as_bytes(c.said);
            co_await stream->write_all(said, limit);
            asio::io_context& context = loop.context();
            for (int turn = 0; turn < 20; ++turn) { // until the other side has read it
                co_await asio::post(context, net::k_as_tuple);
            }
            loop.cancel_all();
        };
        loop.spawn(server());
        loop.spawn(ask_into(loop, listener.address(), tls_1_2(), patient(), exchange));
        loop.run();
        CHECK(evidence::name_of(exchange.outcome) == "not_tested");
        CHECK(text_of(exchange.received) == c.said);
    }
}

TEST_CASE("a run that was cancelled before asks nothing") {
    Loop loop;
    const Listener listener = listener_on(loop);
    loop.cancel_all();
    const Exchange exchange = asked_of(loop, listener.address(), patient());
    CHECK(exchange.outcome == Outcome::not_tested);
    CHECK(exchange.reach == Reach::untried);
}

} // namespace tlsdoctor::probe
