// SPDX-License-Identifier: Apache-2.0
// Lookups against a scripted DNS server on loopback, and the hosts file of this machine.
#include "net/dns.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "net/peers.hpp"

namespace tlsdoctor::net {
namespace {

using namespace std::chrono_literals;
using testing::DnsAnswer;
using testing::DnsServer;
using testing::shortly;
using testing::soon_enough;

using Addresses = std::vector<std::string>;
using Answer = std::expected<Addresses, DnsError>;

struct Wanted {
    bool v4{true};
    bool v6{true};
};

Answer lookup(Loop& loop, Resolver& resolver, std::string host, Wanted wanted, TimePoint deadline) {
    Answer answer;
    const auto client = [&]() -> asio::awaitable<void> {
        answer = co_await resolver.resolve(host, wanted.v4, wanted.v6, deadline);
    };
    loop.spawn(client());
    loop.run();
    return answer;
}

/// Returns the addresses, or the name of the failure alone.
Addresses told(const Answer& answer) {
    return answer ? *answer : Addresses{std::string(name_of(answer.error().what))};
}

const std::map<std::string, DnsAnswer> k_table = {
    {"A both.test", {.addresses = {"192.0.2.2", "192.0.2.1"}}},
    {"AAAA both.test", {.addresses = {"2001:db8::2", "2001:db8::1"}}},
    {"A four.test", {.addresses = {"192.0.2.4"}}},
    {"AAAA four.test", {}},
    {"A six.test", {}},
    {"AAAA six.test", {.addresses = {"2001:db8::6"}}},
    {"A empty.test", {}},
    {"AAAA empty.test", {}},
    {"A twice.test", {.addresses = {"192.0.2.1", "192.0.2.1", "192.0.2.3"}}},
    {"AAAA twice.test", {}},
    {"A half.test", {.addresses = {"192.0.2.5"}}},
    {"AAAA half.test", {.rcode = 2}},
    {"A broken.test", {.rcode = 2}},
    {"AAAA broken.test", {.rcode = 2}},
    {"A forbidden.test", {.rcode = 5}},
    {"AAAA forbidden.test", {.rcode = 5}},
    {"A emptybroken.test", {}},
    {"AAAA emptybroken.test", {.rcode = 2}},
};

TEST_CASE("the answers of the DNS are told apart") {
    struct Case {
        std::string host{};
        Addresses expected{};
        Wanted wanted{};
    };
    const Case cases[] = {
        {"both.test", {"192.0.2.2", "192.0.2.1", "2001:db8::2", "2001:db8::1"}},
        {"both.test", {"192.0.2.2", "192.0.2.1"}, {.v6 = false}},
        {"both.test", {"2001:db8::2", "2001:db8::1"}, {.v4 = false}},
        {"four.test", {"192.0.2.4"}},
        {"four.test", {"no_address"}, {.v4 = false}},
        {"six.test", {"2001:db8::6"}},
        {"six.test", {"no_address"}, {.v6 = false}},
        {"empty.test", {"no_address"}},
        {"twice.test", {"192.0.2.1", "192.0.2.3"}},
        {"half.test", {"192.0.2.5"}},
        {"nowhere.test", {"no_such_name"}},
        {"broken.test", {"server_failure"}},
        {"emptybroken.test", {"server_failure"}},
        {"forbidden.test", {"refused"}},
        {"192.0.2.9", {"192.0.2.9"}},
        {"192.0.2.9", {"no_address"}, {.v4 = false}},
        {"2001:db8::9", {"2001:db8::9"}},
    };
    Loop loop;
    const DnsServer server(loop, k_table);
    Resolver resolver(loop, {.servers = server.where()});
    for (const Case& c : cases) {
        CAPTURE(c.host);
        CHECK(told(lookup(loop, resolver, c.host, c.wanted, soon_enough())) == c.expected);
    }
}

TEST_CASE("the error of a lookup names the host and the reason") {
    Loop loop;
    const DnsServer server(loop, k_table);
    Resolver resolver(loop, {.servers = server.where()});
    const auto text = [&](const char* host, Wanted wanted) {
        return lookup(loop, resolver, host, wanted, soon_enough()).error().text;
    };
    CHECK(text("nowhere.test", {}) == "no such name: nowhere.test (NXDOMAIN)");
    CHECK(text("four.test", {.v4 = false}) == "the name four.test exists, but has no IPv6 address");
    CHECK(text("broken.test", {}).starts_with("cannot look up broken.test: "));
}

TEST_CASE("a name of many addresses keeps them all, in the order of the answer") {
    Addresses many;
    for (int i = 1; i <= 28; ++i) {
        many.push_back("192.0.2." + std::to_string(100 - i));
    }
    Loop loop;
    const DnsServer server(loop, {{"A many.test", {.addresses = many}}, {"AAAA many.test", {}}});
    Resolver resolver(loop, {.servers = server.where()});
    CHECK(told(lookup(loop, resolver, "many.test", {}, soon_enough())) == many);
}

TEST_CASE("a silent DNS server ends a lookup at the deadline") {
    Loop loop;
    const DnsServer server(
        loop, {{"A mute.test", {.silent = true}}, {"AAAA mute.test", {.silent = true}}}
    );
    Resolver resolver(loop, {.servers = server.where()});
    CHECK(told(lookup(loop, resolver, "mute.test", {}, shortly())) == Addresses{"timed_out"});
    CHECK(told(lookup(loop, resolver, "late.test", {}, Clock::now())) == Addresses{"timed_out"});
}

TEST_CASE("questions are sent again before the deadline, and giving up is a timeout") {
    Loop loop;
    const DnsServer server(loop, {{"A mute.test", {.silent = true}}});
    Resolver resolver(loop, {.servers = server.where(), .attempt = 40ms, .attempts = 2});
    CHECK(
        told(lookup(loop, resolver, "mute.test", {.v6 = false}, soon_enough())) ==
        Addresses{"timed_out"}
    );
    CHECK(server.asked().size() == 2);
}

TEST_CASE("a family that does not answer does not keep the other's addresses for ever") {
    Loop loop;
    const DnsServer server(
        loop, {{"A lame.test", {.addresses = {"192.0.2.1"}}}, {"AAAA lame.test", {.silent = true}}}
    );
    Resolver resolver(loop, {.servers = server.where(), .straggler = 30ms});
    CHECK(told(lookup(loop, resolver, "lame.test", {}, soon_enough())) == Addresses{"192.0.2.1"});
}

TEST_CASE("a DNS server that is not there is a failure of the server") {
    Loop loop;
    std::string where;
    {
        const DnsServer gone(loop, {});
        where = gone.where();
    }
    Resolver resolver(loop, {.servers = where});
    CHECK(
        told(lookup(loop, resolver, "any.test", {}, soon_enough())) == Addresses{"server_failure"}
    );
}

TEST_CASE("localhost is known without the DNS") {
    Loop loop;
    const DnsServer server(loop, {});
    Resolver resolver(loop, {.servers = server.where()});
    const Answer answer = lookup(loop, resolver, "localhost", {}, soon_enough());
    REQUIRE_MESSAGE(answer.has_value(), answer.error().text);
    CHECK(std::ranges::all_of(*answer, [](const std::string& address) {
        return address == "127.0.0.1" || address == "::1";
    }));
    CHECK(server.asked().empty());
}

TEST_CASE("an interrupt ends a lookup at once") {
    Loop loop;
    const DnsServer server(loop, {{"A mute.test", {.silent = true}}});
    Resolver resolver(loop, {.servers = server.where()});
    Answer answer;
    const auto client = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        const std::string host = "mute.test";
        answer = co_await resolver.resolve(host, true, false, limit);
    };
    const auto interrupt = [&]() -> asio::awaitable<void> {
        loop.cancel_all();
        co_return;
    };
    loop.spawn(client());
    loop.spawn(interrupt());
    loop.run();
    CHECK(told(answer) == Addresses{"cancelled"});
}

TEST_CASE("a resolver may go while its lookups are under way") {
    Loop loop;
    const DnsServer server(loop, {{"A mute.test", {.silent = true}}});
    auto resolver = std::make_unique<Resolver>(loop, ResolverOptions{.servers = server.where()});
    Answer answer;
    const auto client = [&]() -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        const std::string host = "mute.test";
        answer = co_await resolver->resolve(host, true, false, limit);
    };
    const auto destroyer = [&]() -> asio::awaitable<void> {
        resolver.reset();
        co_return;
    };
    loop.spawn(client());
    loop.spawn(destroyer());
    loop.run();
    CHECK(told(answer) == Addresses{"cancelled"});
}

TEST_CASE("a thousand lookups side by side all get their answer") {
    std::map<std::string, DnsAnswer> table;
    for (int i = 0; i < 1000; ++i) {
        table["A h" + std::to_string(i) + ".test"] = {.addresses = {"192.0.2.1"}};
    }
    Loop loop;
    const DnsServer server(loop, table);
    Resolver resolver(loop, {.servers = server.where(), .attempt = 200ms, .attempts = 8});
    int answered = 0;
    const auto client = [&](int number) -> asio::awaitable<void> {
        const TimePoint limit = soon_enough();
        const std::string host = "h" + std::to_string(number) + ".test";
        const Answer answer = co_await resolver.resolve(host, true, false, limit);
        answered += answer.has_value() ? 1 : 0;
    };
    for (int i = 0; i < 1000; ++i) {
        loop.spawn(client(i));
    }
    loop.run();
    CHECK(answered == 1000);
}

} // namespace
} // namespace tlsdoctor::net
