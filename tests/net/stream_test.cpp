// SPDX-License-Identifier: Apache-2.0
// How connections fail and end, each against a scripted peer on loopback. Nothing here leaves
// loopback: the "unreachable" address is the broadcast address, which the kernel refuses for TCP by
// itself.
#include "net/stream.hpp"

#include <sys/resource.h>

#include <array>

#include <boost/asio/error.hpp>
#include <doctest/doctest.h>

#include "net/group.hpp"
#include "net/peers.hpp"

namespace tlsdoctor::net {
namespace {

using namespace std::chrono_literals;
using testing::Heard;
using testing::Script;
using testing::shortly;
using testing::soon_enough;
using Kind = testing::Step::Kind;

Listener listener_on(Loop& loop, ListenOptions options = {}) {
    auto listener = Listener::open(loop, options);
    REQUIRE_MESSAGE(listener.has_value(), listener.error().text);
    return std::move(*listener);
}

/// Runs one connect; returns its error, or `other` with the text "connected".
ConnectError error_of_connect(Loop& loop, const Address& address, TimePoint deadline) {
    ConnectError error{.kind = ConnectFailure::other, .text = "connected"};
    const auto client = [&]() -> asio::awaitable<void> {
        const auto stream = co_await connect(loop, address, deadline);
        if (!stream) {
            error = stream.error();
        }
    };
    loop.spawn(client());
    loop.run();
    return error;
}

/// Says `hello` to the scripted peer and returns what came back until the end or the deadline.
Heard conversation(const Script& script, milliseconds patience) {
    Loop loop;
    Listener listener = listener_on(loop);
    const Address address = listener.address();
    Heard heard;
    const auto client = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        auto stream = co_await connect(loop, address, limit);
        REQUIRE(stream.has_value());
        const ByteView hello = as_bytes("hello");
        const auto sent = co_await stream->write_all(hello, limit);
        CHECK(sent.has_value());
        const TimePoint deadline = Clock::now() + patience;
        co_await testing::hear_all(*stream, heard, deadline);
    };
    loop.spawn(testing::play(loop, listener, script));
    loop.spawn(client());
    loop.run();
    return heard;
}

TEST_CASE("a closed port is refused") {
    Loop loop;
    Listener listener = listener_on(loop);
    const Address address = listener.address();
    listener.close();
    const ConnectError error = error_of_connect(loop, address, soon_enough());
    CHECK(name_of(error.kind) == "refused");
    CHECK(error.code == ECONNREFUSED);
    CHECK(error.text == "Connection refused");
}

TEST_CASE("a closed port of IPv6 is refused") {
    Loop loop;
    Listener listener = listener_on(loop, {.v6 = true});
    const Address address = listener.address();
    CHECK(address.text == "::1");
    listener.close();
    CHECK(name_of(error_of_connect(loop, address, soon_enough()).kind) == "refused");
}

TEST_CASE("a listener whose queue is full leaves a connect unanswered until its deadline") {
    Loop loop;
    Listener listener = listener_on(loop, {.backlog = 0});
    const Address address = listener.address();
    std::vector<Stream> waiting;
    ConnectError error{.kind = ConnectFailure::other, .text = "connected every time"};
    const auto client = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 8; ++i) {
            const TimePoint deadline = shortly();
            auto stream = co_await connect(loop, address, deadline);
            if (!stream) {
                error = stream.error();
                co_return;
            }
            waiting.push_back(std::move(*stream));
        }
    };
    loop.spawn(client());
    loop.run();
    CHECK_MESSAGE(name_of(error.kind) == "timed_out", error.text);
    CHECK(error.code == 0);
}

TEST_CASE("an address that cannot be routed is unreachable") {
    Loop loop;
    const Address broadcast{.text = "255.255.255.255", .port = 443};
    const ConnectError error = error_of_connect(loop, broadcast, soon_enough());
    CHECK_MESSAGE(name_of(error.kind) == "unreachable", error.text);
    CHECK(error.code == ENETUNREACH);
}

TEST_CASE("what is not an IP address is an error of its own") {
    Loop loop;
    const ConnectError error = error_of_connect(loop, {"localhost", 443}, soon_enough());
    CHECK(name_of(error.kind) == "other");
    CHECK(error.text != "connected");
}

TEST_CASE("a deadline that has passed sends nothing") {
    Loop loop;
    Listener listener = listener_on(loop);
    const Address address = listener.address();
    const ConnectError error = error_of_connect(loop, address, Clock::now() - 1s);
    CHECK(name_of(error.kind) == "timed_out");
}

TEST_CASE("a process without descriptors says so and does not blame the network") {
    Loop loop;
    Listener listener = listener_on(loop);
    const Address address = listener.address();
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit none{.rlim_cur = 3, .rlim_max = before.rlim_max};
    REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
    const ConnectError error = error_of_connect(loop, address, soon_enough());
    REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(name_of(error.kind) == "exhausted");
    CHECK(error.code == EMFILE);
}

TEST_CASE("what the peer said is read before the way it ended") {
    struct Case {
        const char* name{};
        Script script{};
        std::string text{};
        std::string_view end{};
    };
    const Case cases[] = {
        {"FIN at once", {{.kind = Kind::hear, .count = 5}, {.kind = Kind::close}}, "", "closed"},
        {"RST at once", {{.kind = Kind::hear, .count = 5}, {.kind = Kind::reset}}, "", "reset"},
        {"an answer, then FIN",
         {{.kind = Kind::hear, .count = 5}, {.kind = Kind::say, .text = "answer"}, {Kind::close}},
         "answer",
         "closed"},
        {"an answer, then FIN, and the peer still listens",
         {{.kind = Kind::hear, .count = 5},
          {.kind = Kind::say, .text = "answer"},
          {Kind::fin},
          {Kind::stall}},
         "answer",
         "closed"},
        {"half an answer, then RST: Linux keeps what came before it",
         {{.kind = Kind::hear, .count = 5}, {.kind = Kind::say, .text = "ans"}, {Kind::reset}},
         "ans",
         "reset"},
        {"slow bytes",
         {{.kind = Kind::hear, .count = 5},
          {.kind = Kind::drip, .text = "one byte after another"},
          {Kind::close}},
         "one byte after another",
         "closed"},
        {"a close with our hello unread is a RST", {{Kind::close}}, "", "reset"},
        {"silence", {{.kind = Kind::stall}}, "", "timed_out"},
        {"half an answer, then silence",
         {{.kind = Kind::hear, .count = 5}, {.kind = Kind::say, .text = "ans"}, {Kind::stall}},
         "ans",
         "timed_out"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Heard heard = conversation(c.script, c.end == "timed_out" ? 60ms : 30'000ms);
        CHECK(heard.text == c.text);
        CHECK_MESSAGE(name_of(heard.end.kind) == c.end, heard.end.text);
    }
}

/// Writes to a peer that has ended already until the kernel refuses; then reads the rest.
struct Refusal {
    StreamError write{};
    Heard heard{};
    StreamError again{};
};

Refusal write_after_end(const Script& script) {
    Loop loop;
    Listener listener = listener_on(loop);
    const Address address = listener.address();
    Refusal refusal;
    const auto client = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        auto stream = co_await connect(loop, address, limit);
        REQUIRE(stream.has_value());
        co_await testing::play(loop, listener, script);
        const ByteView hello = as_bytes("hello");
        auto sent = co_await stream->write_all(hello, limit);
        for (int i = 0; sent && i < 100; ++i) {
            sent = co_await stream->write_all(hello, limit);
        }
        REQUIRE_FALSE(sent.has_value());
        refusal.write = sent.error();
        co_await testing::hear_all(*stream, refusal.heard, limit);
        Heard again;
        co_await testing::hear_all(*stream, again, limit);
        refusal.again = again.end;
    };
    loop.spawn(client());
    loop.run();
    return refusal;
}

TEST_CASE("after a failed write the peer's last words and its way of ending are still there") {
    struct Case {
        const char* name{};
        Script script{};
        std::string text{};
        std::string_view write{};
        int code{};
        std::string_view end{};
    };
    const Case cases[] = {
        {"an answer, then FIN and gone",
         {{Kind::say, "bye"}, {Kind::close}},
         "bye",
         "closed",
         EPIPE,
         "closed"},
        {"gone without a word", {{Kind::close}}, "", "closed", EPIPE, "closed"},
        {"an answer, then RST",
         {{Kind::say, "bye"}, {Kind::reset}},
         "bye",
         "reset",
         ECONNRESET,
         "reset"},
        {"RST at once", {{Kind::reset}}, "", "reset", ECONNRESET, "reset"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Refusal refusal = write_after_end(c.script);
        CHECK_MESSAGE(name_of(refusal.write.kind) == c.write, refusal.write.text);
        CHECK(refusal.write.code == c.code);
        CHECK(refusal.heard.text == c.text);
        CHECK(name_of(refusal.heard.end.kind) == c.end);
        CHECK(name_of(refusal.again.kind) == c.end);
    }
}

TEST_CASE("a write to a peer that reads nothing ends at the deadline") {
    Loop loop;
    Listener listener = listener_on(loop);
    const Address address = listener.address();
    StreamError error;
    const auto client = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        auto stream = co_await connect(loop, address, limit);
        REQUIRE(stream.has_value());
        const auto peer = co_await listener.accept();
        REQUIRE(peer.has_value());
        const Bytes much(64U << 20U, 0x17);
        const ByteView view = much;
        const TimePoint deadline = shortly();
        const auto sent = co_await stream->write_all(view, deadline);
        REQUIRE_FALSE(sent.has_value());
        error = sent.error();
    };
    loop.spawn(client());
    loop.run();
    CHECK(name_of(error.kind) == "timed_out");
}

TEST_CASE("much is written in pieces and arrives whole") {
    Loop loop;
    Listener listener = listener_on(loop);
    const Address address = listener.address();
    Heard heard;
    const std::string much(5'000'000, 'x');
    const auto client = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        auto stream = co_await connect(loop, address, limit);
        REQUIRE(stream.has_value());
        const ByteView bytes = as_bytes(much);
        const auto sent = co_await stream->write_all(bytes, limit);
        CHECK(sent.has_value());
    };
    const auto server = [&]() -> asio::awaitable<void> {
        auto stream = co_await listener.accept();
        REQUIRE(stream.has_value());
        const TimePoint limit = soon_enough();
        co_await testing::hear_all(*stream, heard, limit);
    };
    loop.spawn(server());
    loop.spawn(client());
    loop.run();
    CHECK(heard.text.size() == much.size());
    CHECK(name_of(heard.end.kind) == "closed");
}

TEST_CASE("abort is a RST to the peer, close a FIN") {
    struct Case {
        bool aborts{};
        std::string_view end{};
    };
    const Case cases[] = {{true, "reset"}, {false, "closed"}};
    for (const Case& c : cases) {
        CAPTURE(c.aborts);
        Loop loop;
        Listener listener = listener_on(loop);
        const Address address = listener.address();
        Heard heard;
        const auto both = [&]() -> asio::awaitable<void> {
            const TimePoint limit = soon_enough();
            auto stream = co_await connect(loop, address, limit);
            auto peer = co_await listener.accept();
            REQUIRE(stream.has_value());
            REQUIRE(peer.has_value());
            c.aborts ? stream->abort() : stream->close();
            co_await testing::hear_all(*peer, heard, limit);
        };
        loop.spawn(both());
        loop.run();
        CHECK(name_of(heard.end.kind) == c.end);
    }
}

TEST_CASE("a stream knows its peer on both sides") {
    Loop loop;
    Listener listener = listener_on(loop);
    const Address address = listener.address();
    const auto both = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        const auto stream = co_await connect(loop, address, limit);
        const auto peer = co_await listener.accept();
        REQUIRE(stream.has_value());
        REQUIRE(peer.has_value());
        CHECK(stream->peer() == listener.address());
        CHECK(peer->peer().text == "127.0.0.1");
        CHECK(peer->peer().port != 0);
    };
    loop.spawn(both());
    loop.run();
}

TEST_CASE("a stream may be moved and destroyed while a read is under way") {
    Loop loop;
    Listener listener = listener_on(loop);
    const Address address = listener.address();
    StreamError error;
    const auto both = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        auto stream = co_await connect(loop, address, limit);
        const auto peer = co_await listener.accept();
        REQUIRE(stream.has_value());
        REQUIRE(peer.has_value());
        std::array<std::uint8_t, 8> buffer{};
        const std::span<std::uint8_t> room(buffer);
        const auto reader = [&]() -> asio::awaitable<void> {
            const auto got = co_await stream->read_some(room, limit);
            error = got ? StreamError{} : got.error();
        };
        Group group(loop);
        group.spawn(reader());
        const auto destroyer = [&]() -> asio::awaitable<void> {
            const Stream moved = std::move(*stream);
            co_return;
        };
        group.spawn(destroyer());
        co_await group.wait();
    };
    loop.spawn(both());
    loop.run();
    CHECK(name_of(error.kind) == "cancelled");
}

TEST_CASE("a connection that is reset before it is looked at is a connection that was reset") {
    Loop loop;
    Listener listener = listener_on(loop);
    const Address address = listener.address();
    Heard heard;
    const Script script{{Kind::say, "bye"}, {Kind::reset}};
    const auto client = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        auto stream = co_await connect(loop, address, limit);
        REQUIRE(stream.has_value());
        co_await testing::hear_all(*stream, heard, limit);
    };
    loop.spawn(testing::play(loop, listener, script));
    loop.spawn(client());
    loop.run();
    CHECK(heard.text == "bye");
    CHECK(name_of(heard.end.kind) == "reset");
}

} // namespace
} // namespace tlsdoctor::net
