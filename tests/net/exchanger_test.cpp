// SPDX-License-Identifier: Apache-2.0
// Every way in which a conversation can end, each against a scripted peer on loopback, and held to
// what a Stream says of the same.
#include "net/exchanger.hpp"

#include <sys/resource.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "net/event.hpp"
#include "net/group.hpp"
#include "net/peers.hpp"

namespace tlsdoctor::net {
namespace {

using testing::Script;
using testing::soon_enough;
using Kind = testing::Step::Kind;

constexpr ErrandTimes k_patient{
    .connect = milliseconds{20'000}, .answer = milliseconds{20'000}, .rest = milliseconds{20'000}
};

/// Says one thing, keeps what it hears, and hangs up at the words that it is told.
class Caller final : public Errand {
public:
    explicit Caller(Event& told, std::string words = "hello")
        : told_(told), words_(std::move(words)) {}

    ByteView hello() override {
        connected = true;
        return as_bytes(words_);
    }

    Listening heard(ByteView bytes) override {
        text += as_text(bytes);
        if (!hang_up_at.empty() && text.find(hang_up_at) != std::string::npos) {
            return Listening::no_more;
        }
        const bool near = !hurry_at.empty() && text.find(hurry_at) != std::string::npos;
        return near ? Listening::shortly : Listening::on;
    }

    void over(const Parting& how) override {
        CHECK_FALSE(end.has_value());
        end = how;
        told_.set();
    }

    std::string hang_up_at{};
    std::string hurry_at{};
    std::string text{};
    bool connected{};
    std::optional<Parting> end{};

private:
    Event& told_;
    std::string words_;
};

asio::awaitable<void> wait_for(Event& event, Caller& caller) {
    while (!caller.end) {
        co_await event.wait();
    }
}

Listener exchange_listener(Loop& loop) {
    auto listener = Listener::open(loop, {});
    REQUIRE_MESSAGE(listener.has_value(), listener.error().text);
    return std::move(*listener);
}

/// Runs one errand against a script.
void converse(
    const Script& script, const ErrandTimes& times, Caller& caller, Event& told, Loop& loop
) {
    Listener listener = exchange_listener(loop);
    Exchanger exchanger(loop, 10);
    const auto to = endpoint_of(listener.address());
    REQUIRE(to.has_value());
    exchanger.begin(*to, caller, times);
    CHECK(exchanger.in_flight() == 1);
    loop.spawn(play(loop, listener, script));
    loop.spawn(wait_for(told, caller));
    loop.run();
    CHECK(exchanger.in_flight() == 0);
}

} // namespace

TEST_CASE("a conversation ends as the peer ends it, with everything that was said before") {
    struct Case {
        const char* name{};
        Script script{};
        std::string text{};
        std::optional<StreamFailure> end{};
    };
    const Case cases[] = {
        {"FIN after the hello",
         {{.kind = Kind::hear, .count = 5}, {.kind = Kind::close}},
         "",
         StreamFailure::closed},
        {"words, then FIN",
         {{.kind = Kind::hear, .count = 5},
          {.kind = Kind::say, .text = "alert"},
          {.kind = Kind::close}},
         "alert",
         StreamFailure::closed},
        {"words byte by byte, then FIN",
         {{.kind = Kind::hear, .count = 5},
          {.kind = Kind::drip, .text = "alert"},
          {.kind = Kind::close}},
         "alert",
         StreamFailure::closed},
        {"reset",
         {{.kind = Kind::hear, .count = 5}, {.kind = Kind::reset}},
         "",
         StreamFailure::reset},
        {"words, then reset",
         {{.kind = Kind::hear, .count = 5},
          {.kind = Kind::say, .text = "alert"},
          {.kind = Kind::reset}},
         "alert",
         StreamFailure::reset},
        {"the answer is whole",
         {{.kind = Kind::hear, .count = 5},
          {.kind = Kind::say, .text = "enough"},
          {.kind = Kind::stall}},
         "enough",
         std::nullopt},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Loop loop;
        Event told(loop);
        Caller caller(told);
        caller.hang_up_at = "enough";
        converse(c.script, k_patient, caller, told, loop);
        REQUIRE(caller.end.has_value());
        CHECK(caller.connected);
        CHECK(caller.text == c.text);
        CHECK(caller.end->end == c.end);
        CHECK_FALSE(caller.end->not_connected.has_value());
        CHECK(caller.end->send_code == 0);
    }
}

TEST_CASE("an answer that does not come, or not to its end, is over when its time is") {
    struct Case {
        const char* name{};
        Script script{};
        ErrandTimes times{};
    };
    constexpr milliseconds soon{60};
    const Case cases[] = {
        {"silence", {{.kind = Kind::stall}}, {.answer = soon}},
        {"the rest of an answer",
         {{.kind = Kind::hear, .count = 5},
          {.kind = Kind::say, .text = "near"},
          {.kind = Kind::stall}},
         {.answer = milliseconds{20'000}, .rest = soon}},
        {"a rest that may last longer than the answer",
         {{.kind = Kind::hear, .count = 5},
          {.kind = Kind::say, .text = "near"},
          {.kind = Kind::stall}},
         {.answer = soon, .rest = milliseconds{20'000}}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Loop loop;
        Event told(loop);
        Caller caller(told);
        caller.hurry_at = "near";
        const TimePoint begun = Clock::now();
        converse(c.script, c.times, caller, told, loop);
        REQUIRE(caller.end.has_value());
        CHECK(caller.end->end == StreamFailure::timed_out);
        CHECK_FALSE(caller.end->nothing_acknowledged); // the peer's kernel took it
        CHECK(Clock::now() - begun >= soon);
        CHECK(Clock::now() - begun < milliseconds{15'000});
    }
}

TEST_CASE("no connection says why, and nothing is called from inside begin") {
    struct Case {
        const char* name{};
        Address to{};
        ConnectFailure why{};
    };
    Loop probing;
    const Address closed = exchange_listener(probing).address(); // closed by its destruction
    const Case cases[] = {
        {"nobody listens", closed, ConnectFailure::refused},
        {"broadcast", {.text = "255.255.255.255", .port = 443}, ConnectFailure::unreachable},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Loop loop;
        Event told(loop);
        Caller caller(told);
        Exchanger exchanger(loop, 10);
        exchanger.begin(*endpoint_of(c.to), caller, k_patient);
        CHECK_FALSE(caller.end.has_value());
        loop.spawn(wait_for(told, caller));
        loop.run();
        REQUIRE(caller.end.has_value());
        CHECK_FALSE(caller.connected);
        CHECK(caller.end->not_connected == c.why);
        CHECK_FALSE(words_of(*caller.end).empty());
    }
}

TEST_CASE("a process without descriptors blames nobody") {
    Loop loop;
    Event told(loop);
    Caller caller(told);
    Listener listener = exchange_listener(loop);
    Exchanger exchanger(loop, 10);
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const rlimit none{.rlim_cur = 3, .rlim_max = limit.rlim_max};
    REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
    exchanger.begin(*endpoint_of(listener.address()), caller, k_patient);
    REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    loop.spawn(wait_for(told, caller));
    loop.run();
    REQUIRE(caller.end.has_value());
    CHECK(caller.end->not_connected == ConnectFailure::exhausted);
}

TEST_CASE("cancel_all and cut end what is under way, and what begins after cancel_all") {
    Loop loop;
    Event told(loop);
    Caller cut(told);
    Caller cancelled(told);
    Caller late(told);
    Listener listener = exchange_listener(loop);
    Exchanger exchanger(loop, 2);
    const auto to = *endpoint_of(listener.address());
    const Exchanger::Ticket ticket = exchanger.begin(to, cut, k_patient);
    exchanger.begin(to, cancelled, k_patient);
    CHECK_FALSE(exchanger.has_room());
    exchanger.cut(ticket);
    CHECK(exchanger.has_room());
    exchanger.cut(ticket); // nobody's any more
    REQUIRE(cut.end.has_value());
    CHECK(cut.end->not_connected == ConnectFailure::timed_out);
    loop.cancel_all();
    REQUIRE(cancelled.end.has_value());
    CHECK(cancelled.end->not_connected == ConnectFailure::cancelled);
    exchanger.begin(to, late, k_patient);
    loop.spawn(wait_for(told, late));
    loop.run();
    REQUIRE(late.end.has_value());
    CHECK(late.end->not_connected == ConnectFailure::cancelled);
}

TEST_CASE("many conversations at once each hear their own answer") {
    constexpr std::size_t k_many = 200;
    Loop loop;
    Event told(loop);
    Listener listener = exchange_listener(loop);
    Exchanger exchanger(loop, k_many);
    std::vector<std::unique_ptr<Caller>> callers;
    const Script script = {
        {.kind = Kind::hear, .count = 5},
        {.kind = Kind::say, .text = "enough"},
        {.kind = Kind::stall}
    };
    for (std::size_t i = 0; i < k_many; ++i) {
        callers.push_back(std::make_unique<Caller>(told));
        callers.back()->hang_up_at = "enough";
        exchanger.begin(*endpoint_of(listener.address()), *callers.back(), k_patient);
        loop.spawn(play(loop, listener, script));
    }
    const auto all = [&]() -> asio::awaitable<void> {
        for (const auto& caller : callers) {
            co_await wait_for(told, *caller);
        }
    };
    loop.spawn(all());
    loop.run();
    for (const auto& caller : callers) {
        CHECK(caller->text == "enough");
    }
    CHECK(exchanger.in_flight() == 0);
}

} // namespace tlsdoctor::net
