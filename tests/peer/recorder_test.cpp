// SPDX-License-Identifier: Apache-2.0
// The recorder against clients that are plain sockets: what it keeps, what it answers, and that
// hostile ones neither stop it nor fill it.
#include "peer/recorder.hpp"

#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/random.hpp"

namespace tlsdoctor::peer {

namespace {

using wire::OpeningKind;

/// A hello of TLS 1.2 with one suite and no extensions.
const std::string k_hello_hex = "160301002f0100002b0303"
                                "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                                "000004c02f00ff0100";

Bytes bytes_of(std::string_view hex) {
    return *from_hex(hex); // a wrong literal ends the test
}

Bytes text_bytes(std::string_view text) {
    const ByteView view = as_bytes(text);
    return {view.begin(), view.end()};
}

TimePoint soon() {
    return Clock::now() + std::chrono::seconds(20);
}

/// A client without a TLS library.
class Caller {
public:
    explicit Caller(std::uint16_t port, bool v6 = false)
        : socket_(socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        sockaddr_in6 six{};
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(port);
        six.sin6_addr = in6addr_loopback;
        const auto* const address = v6 ? static_cast<const void*>(&six) : &v4;
        connected_ =
            connect(socket_, static_cast<const sockaddr*>(address), v6 ? sizeof six : sizeof v4) ==
            0;
    }
    ~Caller() { hang_up(); }
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    bool connected() const { return connected_; }

    void say(ByteView bytes) const { send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

    /// Everything until the other side closes.
    Bytes answer() const {
        Bytes all;
        std::uint8_t buffer[1024];
        for (ssize_t n = 0; (n = read(socket_, buffer, sizeof buffer)) > 0;) {
            all.insert(all.end(), buffer, buffer + n);
        }
        return all;
    }

    void hang_up(bool by_reset = false) {
        if (socket_ < 0) {
            return;
        }
        const linger now{.l_onoff = by_reset ? 1 : 0, .l_linger = 0};
        setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(socket_);
        socket_ = -1;
    }

private:
    int socket_;
    bool connected_{};
};

Recorder recorder(const RecorderOptions& options = {}) {
    auto started = Recorder::start(options);
    REQUIRE_MESSAGE(started.has_value(), started.error());
    return std::move(*started);
}

Heard only(Recorder& recorder) {
    auto heard = recorder.settle(soon());
    REQUIRE(heard.size() == 1);
    return heard.front();
}

} // namespace

TEST_CASE("a hello is kept byte for byte and answered with the alert that was asked for") {
    struct Case {
        const char* name;
        Bytes bytes;
        AlertDescription alert;
        OpeningKind kind;
        std::string answer;
    };
    const Case k_cases[] = {
        {"TLS", bytes_of(k_hello_hex), AlertDescription::handshake_failure, OpeningKind::hello,
         "15030100020228"},
        {"another alert", bytes_of(k_hello_hex), AlertDescription::protocol_version,
         OpeningKind::hello, "15030100020246"},
        {"SSL 2.0", bytes_of("801c0100020003000000100100800102030405060708090a0b0c0d0e0f10"),
         AlertDescription::handshake_failure, OpeningKind::ssl2_hello, "8003000001"},
        {"TLS in SSL 2.0's form",
         bytes_of("801f0103010006000000100000350100800102030405060708090a0b0c0d0e0f10"),
         AlertDescription::handshake_failure, OpeningKind::ssl2_hello, "15030100020228"},
        {"an alert", bytes_of("15030100020228"), AlertDescription::handshake_failure,
         OpeningKind::other_tls, "15030100020228"},
        {"SMTP", text_bytes("EHLO me\r\n"), AlertDescription::handshake_failure,
         OpeningKind::clear_text, ""},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.name);
        Recorder one = recorder({.alert = c.alert});
        const Caller caller(one.port());
        REQUIRE(caller.connected());
        caller.say(c.bytes);
        CHECK(to_hex(caller.answer()) == c.answer);
        const Heard heard = only(one);
        CHECK(heard.kind == c.kind);
        CHECK(to_hex(heard.bytes) == to_hex(c.bytes));
        CHECK(heard.end == HeardEnd::answered);
        CHECK(heard.number == 1);
        CHECK(heard.from.text == "127.0.0.1");
    }
}

TEST_CASE("a browser that speaks clear text is told so") {
    Recorder one = recorder();
    const Caller caller(one.port());
    caller.say(text_bytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    const Bytes answer = caller.answer();
    const std::string_view text = as_text(answer);
    CHECK(text.starts_with("HTTP/1.1 400 "));
    const std::size_t body = text.size() - text.find("\r\n\r\n") - 4;
    CHECK(text.find("Content-Length: " + std::to_string(body) + "\r\n") != std::string_view::npos);
}

TEST_CASE("a hello in pieces is put together") {
    Recorder one = recorder();
    const Caller caller(one.port());
    const Bytes hello = bytes_of(k_hello_hex);
    for (const std::uint8_t byte : hello) {
        caller.say(ByteView(&byte, 1));
    }
    CHECK(caller.answer().size() == 7);
    CHECK(to_hex(only(one).bytes) == k_hello_hex);
}

TEST_CASE("both loopback addresses have the same port") {
    Recorder one = recorder();
    const Caller caller(one.port(), true);
    if (caller.connected()) { // else this machine has no IPv6
        caller.say(bytes_of(k_hello_hex));
        CHECK(only(one).from.text == "::1");
    }
}

TEST_CASE("connections without a hello are kept with how they ended") {
    struct Case {
        const char* name;
        std::string_view says;
        bool waits;
        bool resets;
        HeardEnd end;
        OpeningKind kind;
    };
    const Case k_cases[] = {
        {"closes at once", "", false, false, HeardEnd::closed, OpeningKind::nothing},
        {"resets", "", false, true, HeardEnd::reset, OpeningKind::nothing},
        {"half a hello", "\x16\x03\x01", false, false, HeardEnd::closed, OpeningKind::partial},
        {"half a line", "GET / HT", false, false, HeardEnd::closed, OpeningKind::clear_text},
        {"says nothing", "", true, false, HeardEnd::timed_out, OpeningKind::nothing},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.name);
        Recorder one = recorder({.limits = {.patience = milliseconds{100}}});
        Caller caller(one.port());
        caller.say(as_bytes(c.says));
        if (c.waits) {
            caller.answer();
        } else {
            caller.hang_up(c.resets);
        }
        const Heard heard = only(one);
        CHECK(name_of(heard.end) == name_of(c.end));
        CHECK(heard.kind == c.kind);
    }
}

TEST_CASE("retries stand in their order") {
    Recorder one = recorder();
    for (const char version : {'\x03', '\x02', '\x01'}) {
        Bytes hello = bytes_of(k_hello_hex);
        hello[10] = static_cast<std::uint8_t>(version);
        const Caller caller(one.port());
        caller.say(hello);
        caller.answer();
    }
    const auto heard = one.settle(soon());
    REQUIRE(heard.size() == 3);
    CHECK(heard[0].bytes[10] == 3);
    CHECK(heard[1].bytes[10] == 2);
    CHECK(heard[2].bytes[10] == 1);
}

TEST_CASE("slow clients give way to new ones") {
    Recorder one = recorder({.limits = {.at_once = 4, .patience = std::chrono::minutes(5)}});
    std::vector<std::unique_ptr<Caller>> slow;
    for (int i = 0; i < 12; ++i) {
        slow.push_back(std::make_unique<Caller>(one.port()));
        slow.back()->say(as_bytes("\x16"));
    }
    const Caller caller(one.port());
    caller.say(bytes_of(k_hello_hex));
    CHECK(caller.answer().size() == 7);
    slow.clear();
    const auto heard = one.settle(soon());
    REQUIRE(heard.size() == 13);
    CHECK(heard.front().end == HeardEnd::displaced);
    CHECK(heard.back().kind == OpeningKind::hello);
}

TEST_CASE("what nobody takes is counted, and neither entries nor bytes grow without bound") {
    const RecorderLimits limits[] = {{.kept = 3}, {.kept_bytes = 3 * k_hello_hex.size() / 2}};
    for (const RecorderLimits& limit : limits) {
        Recorder one = recorder({.limits = limit});
        for (int i = 0; i < 10; ++i) {
            const Caller caller(one.port());
            caller.say(bytes_of(k_hello_hex));
            caller.answer();
        }
        CHECK(one.settle(soon()).size() == 3);
        CHECK(one.dropped() == 7);
        CHECK(one.connections() == 10);
    }
}

TEST_CASE("noise and lies do not stop the recorder") {
    const std::uint64_t seed = 20'261'129;
    CAPTURE(seed);
    const RandomSource random = seeded_random(seed);
    Recorder one = recorder();
    for (int i = 0; i < 500; ++i) {
        Bytes noise = random_bytes(random, 64);
        if (i % 3 == 0) { // records with lengths of their own
            noise[0] = 0x16;
            noise[1] = 0x03;
        }
        Caller caller(one.port());
        caller.say(noise);
        caller.hang_up(i % 2 == 0);
    }
    const Caller caller(one.port());
    caller.say(bytes_of(k_hello_hex));
    CHECK(caller.answer().size() == 7);
    const auto heard = one.settle(soon());
    CHECK(heard.size() == one.connections());
    CHECK(heard.back().kind == OpeningKind::hello);
}

TEST_CASE("a port that is taken is an error with its reason") {
    const Recorder one = recorder();
    const auto other = Recorder::start({.port = one.port()});
    REQUIRE_FALSE(other.has_value());
    CHECK(other.error().find("cannot listen on localhost:") == 0);
    CHECK_FALSE(Recorder::start({.address = "192.0.2.1"}).has_value());
}

TEST_CASE("a recorder ends while clients are connected") {
    std::unique_ptr<Caller> caller;
    {
        const Recorder one = recorder();
        caller = std::make_unique<Caller>(one.port());
        caller->say(as_bytes("\x16\x03"));
    }
    CHECK(caller->answer().empty());
}

} // namespace tlsdoctor::peer
