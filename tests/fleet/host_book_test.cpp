// SPDX-License-Identifier: Apache-2.0
#include "fleet/host_book.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::fleet {
namespace {

using std::chrono::seconds;

const TimePoint k_start{seconds{1'000}};

Flight flight_to(const std::string& address) {
    return flight_of(
        {.target = {.host = address, .literal = true}, .addresses = std::vector{address}}, false
    );
}

TEST_CASE("a flight's host is its first address and its network is around it") {
    Job job{
        .target = {.host = "a.example"},
        .addresses = std::vector<std::string>{"192.0.2.9", "192.0.2.7"}
    };
    CHECK(flight_of(job, false).host == "192.0.2.7");
    CHECK(flight_of(job, false).network == "net 192.0.2.0");
    CHECK(flight_of(job, true).host == "a.example");
    CHECK(flight_of(job, true).network.empty());
    job.addresses = std::vector<std::string>{"2001:db8:1:2:3::4"};
    CHECK(flight_of(job, false).network == "net 2001:db8:1:2::");
    job.addresses = std::unexpected(net::DnsError{});
    CHECK(flight_of(job, false).host == "a.example");
}

TEST_CASE("a host has so many targets at once, and the others wait in their order") {
    HostBook book{2};
    const Flight one = flight_to("192.0.2.7");
    for (int i = 0; i < 2; ++i) {
        CHECK(book.may_begin(one, k_start));
        book.begin(one);
    }
    CHECK_FALSE(book.may_begin(one, k_start));
    CHECK(book.may_begin(flight_to("192.0.2.8"), k_start));
    Flight waiting = one;
    waiting.job.target.port = 1;
    book.park(waiting);
    waiting.job.target.port = 2;
    book.park(waiting);
    CHECK(book.parked() == 2);
    CHECK(book.awaited() == std::vector<std::string>{"192.0.2.7"});
    CHECK_FALSE(book.unpark("192.0.2.7", k_start).has_value());
    book.end(one, Sign::answered, k_start);
    const auto next = book.unpark("192.0.2.7", k_start);
    REQUIRE(next.has_value());
    CHECK(next->job.target.port == 1);
    CHECK(book.parked() == 1);
    CHECK_FALSE(book.unpark("nobody", k_start).has_value());
}

TEST_CASE("a network that begins to refuse is paused, asked warily, and trusted again") {
    HostBook book{8};
    const auto visit = [&](int host, Sign sign, TimePoint now) {
        const Flight flight = flight_to("192.0.2." + std::to_string(host));
        REQUIRE(book.may_begin(flight, now));
        book.begin(flight);
        return book.end(flight, sign, now);
    };
    for (int i = 0; i < 100; ++i) {
        CHECK_FALSE(visit(i, Sign::answered, k_start));
    }
    for (const int host : {101, 102, 103}) {
        CHECK(book.pauses() == 0);
        CHECK(visit(host, Sign::failed, k_start));
    }
    CHECK(book.pauses() == 1);
    CHECK_FALSE(book.may_begin(flight_to("192.0.2.104"), k_start));
    CHECK(book.may_begin(flight_to("192.0.3.1"), k_start));
    const TimePoint later = k_start + seconds{2};
    for (int i = 0; i < 2; ++i) {
        CHECK(book.may_begin(flight_to("192.0.2.104"), later));
        book.begin(flight_to("192.0.2.104"));
    }
    CHECK_FALSE(book.may_begin(flight_to("192.0.2.105"), later));
    book.end(flight_to("192.0.2.104"), Sign::answered, later);
    CHECK(book.may_begin(flight_to("192.0.2.105"), later));
}

TEST_CASE("a result that says nothing about the host changes nothing but the count") {
    HostBook book{1};
    const Flight flight = flight_to("192.0.2.7");
    for (int i = 0; i < 20; ++i) {
        book.begin(flight);
        CHECK_FALSE(book.may_begin(flight, k_start));
        CHECK_FALSE(book.end(flight, std::nullopt, k_start));
    }
    CHECK(book.may_begin(flight, k_start));
}

} // namespace
} // namespace tlsdoctor::fleet
