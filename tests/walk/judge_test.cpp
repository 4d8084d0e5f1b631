// SPDX-License-Identifier: Apache-2.0
#include "walk/judge.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::walk {

namespace {

using evidence::Reaction;
using peer::Meeting;

const Bytes k_some_hello = {0x16, 3, 1, 0, 1, 1};
const Bytes k_key_exchange = {0x16, 3, 3, 0, 4, 16, 0, 0, 0};

Meeting refusing(unsigned alert) {
    Meeting meeting{.hello = k_some_hello, .version = ProtocolVersion::tls_1_2};
    meeting.alerts.push_back(
        {.level = AlertLevel::fatal, .description = static_cast<AlertDescription>(alert)}
    );
    return meeting;
}

process::Result ended(int code) {
    return {.ending = process::Ending::exited, .exit_code = code};
}

} // namespace

TEST_CASE("the server's side decides what a client accepts") {
    const Meeting completed{
        .hello = k_some_hello, .completed = true, .version = ProtocolVersion::tls_1_3
    };
    struct Case {
        const char* name;
        Judged judged;
        std::vector<Meeting> met;
        int exit_code;
        bool trusts_us;
        Reaction expected;
    };
    const Case cases[] = {
        {"a completed handshake, whatever the program says",
         Judged::by_handshake,
         {completed},
         1,
         true,
         Reaction::accepted},
        {"nobody came, whatever the program says",
         Judged::by_handshake,
         {},
         0,
         true,
         Reaction::unclear},
        {"a connection without a hello",
         Judged::by_handshake,
         {Meeting{}},
         0,
         true,
         Reaction::unclear},
        {"an alert about the version",
         Judged::by_handshake,
         {refusing(70)},
         0,
         false,
         Reaction::refused},
        {"an alert about trust by who trusts us",
         Judged::by_handshake,
         {refusing(48)},
         1,
         true,
         Reaction::refused},
        {"an alert about trust by who does not",
         Judged::by_handshake,
         {refusing(48)},
         1,
         false,
         Reaction::accepted},
        {"the same, bad_certificate",
         Judged::by_handshake,
         {refusing(42)},
         1,
         false,
         Reaction::accepted},
        {"the same, certificate_unknown",
         Judged::by_handshake,
         {refusing(46)},
         1,
         false,
         Reaction::accepted},
        {"an expired certificate is not about the issuer",
         Judged::by_handshake,
         {refusing(45)},
         1,
         false,
         Reaction::refused},
        {"the second try succeeds",
         Judged::by_handshake,
         {refusing(70), completed},
         0,
         true,
         Reaction::accepted},
        {"it left after the ServerHello",
         Judged::by_handshake,
         {Meeting{.hello = k_some_hello, .version = ProtocolVersion::tls_1_0}},
         1,
         true,
         Reaction::refused},
        {"our server found nothing in common",
         Judged::by_handshake,
         {Meeting{.hello = k_some_hello, .failure = "unsupported protocol"}},
         1,
         true,
         Reaction::refused},
        {"a key exchange for a server played by hand",
         Judged::by_key_exchange,
         {Meeting{.hello = k_some_hello, .reaction = k_key_exchange}},
         1,
         true,
         Reaction::accepted},
        {"an alert to a server played by hand",
         Judged::by_key_exchange,
         {Meeting{.hello = k_some_hello, .reaction = {0x15, 3, 0, 0, 2, 2, 70}}},
         1,
         true,
         Reaction::refused},
        {"a failure that it noticed after the handshake",
         Judged::by_text,
         {completed},
         1,
         true,
         Reaction::refused},
        {"a failure that it did not notice",
         Judged::by_text,
         {completed},
         0,
         true,
         Reaction::accepted},
        {"a refusal for trust is what a failing server is for",
         Judged::by_text,
         {refusing(48)},
         1,
         false,
         Reaction::refused},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Trial trial{.name = "x", .judged = c.judged};
        const auto step = judged(trial, c.met, ended(c.exit_code), c.trusts_us);
        CHECK(evidence::name_of(step.acceptance) == evidence::name_of(c.expected));
        CHECK_FALSE(step.how.empty());
        CHECK(step.exit_code == c.exit_code);
    }
}

TEST_CASE("who was ended by us before it answered has refused nothing") {
    const Meeting left{.hello = k_some_hello, .version = ProtocolVersion::tls_1_2};
    const process::Result late{.ending = process::Ending::timed_out};
    CHECK(judged({.name = "x"}, {left}, late, true).acceptance == Reaction::unclear);
    CHECK(judged({.name = "x"}, {refusing(70)}, late, true).acceptance == Reaction::refused);
}

TEST_CASE("a failure is not noticed, or refused, by who was ended by us only if it said so") {
    const Trial failing{.name = "x", .judged = Judged::by_text};
    const process::Result late{.ending = process::Ending::timed_out};
    const Meeting waiting{.hello = k_some_hello};
    const Meeting done{.hello = k_some_hello, .completed = true};
    CHECK(judged(failing, {waiting}, late, true).acceptance == Reaction::unclear);
    CHECK(judged(failing, {done}, late, true).acceptance == Reaction::unclear);
    CHECK(judged(failing, {refusing(48)}, late, true).acceptance == Reaction::refused);
}

TEST_CASE("what the walk's end cut was not tested") {
    const Meeting left{.hello = k_some_hello, .version = ProtocolVersion::tls_1_2};
    const Meeting done{.hello = k_some_hello, .completed = true};
    const process::Result late{.ending = process::Ending::timed_out};
    const auto outcome = [&](const std::vector<Meeting>& met) {
        return judged({.name = "x"}, met, late, true, true).acceptance;
    };
    CHECK(outcome({left}) == Reaction::not_tested);
    CHECK(outcome({}) == Reaction::not_tested);
    CHECK(outcome({refusing(70)}) == Reaction::refused);
    CHECK(outcome({done}) == Reaction::accepted);
}

TEST_CASE("only who minds something else than the version is asked in another way") {
    const auto asked_again = [](const std::vector<Meeting>& met) {
        return minds_the_rest(judged({.name = "x"}, met, ended(1), true), met);
    };
    CHECK(asked_again({refusing(80)}));
    CHECK(asked_again({Meeting{.hello = k_some_hello, .version = ProtocolVersion::tls_1_0}}));
    CHECK_FALSE(asked_again({refusing(70)}));
    CHECK_FALSE(asked_again({Meeting{.hello = k_some_hello, .failure = "no shared cipher"}}));
    CHECK_FALSE(asked_again({Meeting{.hello = k_some_hello, .completed = true}}));
    CHECK_FALSE(asked_again({}));
}

TEST_CASE("a client refuses what it refuses both times") {
    const auto answered = [](Reaction acceptance, const char* how) {
        return evidence::WalkStep{.name = "TLS 1.0", .acceptance = acceptance, .how = how};
    };
    const auto refused = answered(Reaction::refused, "the client sent alert 80");
    const auto taken = joined(refused, answered(Reaction::accepted, "completed"), "static RSA");
    CHECK(taken.acceptance == Reaction::accepted);
    CHECK(taken.only == "static RSA");
    CHECK(taken.how == "with static RSA: completed; otherwise the client sent alert 80");
    const auto both = joined(refused, answered(Reaction::refused, "the client left"), "static RSA");
    CHECK(both.acceptance == Reaction::refused);
    CHECK(both.only.empty());
    CHECK(both.how == "the client sent alert 80; with static RSA too: the client left");
    const auto open = joined(refused, answered(Reaction::not_tested, "over"), "static RSA");
    CHECK(open.acceptance == Reaction::not_tested);
    CHECK(open.only.empty());
}

TEST_CASE("judged names the client's alert") {
    const auto step = judged({.name = "TLS 1.0"}, {refusing(70)}, ended(35), true);
    CHECK(step.alert == AlertDescription::protocol_version);
    CHECK(step.how == "the client sent alert 70 protocol_version");
}

TEST_CASE("a client trusts us where it completes the handshake and goes on") {
    const Meeting quiet{.hello = k_some_hello, .completed = true};
    const Meeting speaking{.hello = k_some_hello, .completed = true, .spoke = true};
    CHECK(trusts({speaking}, ended(1)));
    CHECK(trusts({quiet}, ended(0)));
    CHECK_FALSE(trusts({quiet}, ended(60)));
    CHECK_FALSE(trusts({refusing(48)}, ended(0)));
    CHECK_FALSE(trusts({}, ended(0)));
}

TEST_CASE("telling_line finds the line that says why") {
    struct Case {
        const char* name;
        const char* output;
        const char* line;
    };
    const Case cases[] = {
        {"nothing", "", ""},
        {"one line", "curl: (35) OpenSSL: tlsv1 alert protocol version\n",
         "curl: (35) OpenSSL: tlsv1 alert protocol version"},
        {"the alert before the rest", "error: it failed\nSSL alert number 70\nbye\n",
         "SSL alert number 70"},
        {"Java's noise",
         "Picked up JAVA_TOOL_OPTIONS: -Dssl=1\nException in thread main\n\tat A.b\n",
         "Exception in thread main"},
        {"no telling word", "one\ntwo\n\n", "two"},
        {"an escape", "error \x1b[2J\n", "error \\x1b[2J"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(telling_line(c.output) == c.line);
    }
    CHECK(
        telling_line("curl: (60) SSL certificate problem: expired\ncurl failed to verify it") ==
        "curl: (60) SSL certificate problem: expired"
    );
    CHECK(telling_line("error " + std::string(5'000, '\x01')).size() == 300);
}

} // namespace tlsdoctor::walk
