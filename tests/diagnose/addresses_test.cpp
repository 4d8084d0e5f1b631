// SPDX-License-Identifier: Apache-2.0
// Several addresses of one name.
#include <doctest/doctest.h>

#include "diagnose/diagnose.hpp"
#include "making.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Endpoint;
using evidence::Reach;
using evidence::Visit;

const Words k_only_tls13{.tls12 = "A70/0303"};
const Words k_untested{
    .ssl2 = "-", .ssl3 = "-", .tls10 = "-", .tls11 = "-", .tls12 = "-", .tls13 = "-"
};

Endpoint closed_port(std::string address) {
    Endpoint one = endpoint(k_untested, std::move(address));
    one.reach = Reach::refused;
    for (auto& exchange : one.exchanges) {
        exchange.outcome = evidence::Outcome::unreachable;
        exchange.reach = Reach::refused;
        exchange.error = "Connection refused";
    }
    return one;
}

} // namespace

TEST_CASE("addresses that answer alike are one set of findings about all") {
    const Visit one =
        visit({endpoint(k_only_tls13, "192.0.2.1"), endpoint(k_only_tls13, "192.0.2.2")});
    const Diagnosis diagnosis = diagnose(one, Question{});
    REQUIRE(causes_of(diagnosis) == std::vector<std::string>{"server_only_tls13"});
    CHECK(diagnosis.findings.front().address.empty());
}

TEST_CASE("addresses that differ are said so first, and each finding names its address") {
    const Visit one =
        visit({endpoint(Words{}, "192.0.2.1"), endpoint(k_only_tls13, "2001:db8::2")});
    const Diagnosis diagnosis = diagnose(one, Question{});
    const std::vector<std::string> expected{
        "inconsistent_addresses", "server_only_tls13", "healthy"
    };
    REQUIRE(causes_of(diagnosis) == expected);
    CHECK(diagnosis.findings[0].address.empty());
    CHECK(diagnosis.findings[0].status == Status::fail);
    CHECK(diagnosis.findings[0].evidence.size() == 2);
    CHECK(diagnosis.findings[1].address == "2001:db8::2");
    CHECK(diagnosis.findings[2].address == "192.0.2.1");
}

TEST_CASE("the same verdict from different versions is a difference, and no failure by itself") {
    const Visit one = visit({endpoint(Words{.tls11 = "S0302"}), endpoint(Words{.tls10 = "S0301"})});
    const Diagnosis diagnosis = diagnose(one, Question{});
    CHECK(causes_of(diagnosis).front() == "inconsistent_addresses");
    CHECK(diagnosis.findings.front().status == Status::warn);
}

TEST_CASE("localhost may listen on one of its addresses only, any other name may not") {
    Visit one = visit({closed_port("::1"), endpoint(Words{}, "127.0.0.1")});
    CHECK(verdict_of(one) == "inconsistent_addresses");
    one.target.host = "localhost";
    CHECK(causes_of(one) == std::vector<std::string>{"healthy"});
    Visit nothing = visit({closed_port("::1"), closed_port("127.0.0.1")});
    nothing.target.host = "localhost";
    CHECK(verdict_of(nothing) == "port_closed");
}

TEST_CASE("an address that a cut run did not finish tells nothing about differences") {
    struct Row {
        const char* name;
        Words first;
        Words second;
        std::string verdict;
    };
    const Row table[] = {
        {"not begun", {}, k_untested, "healthy"},
        {"not begun, the other way round", k_untested, {}, "healthy"},
        {"without TLS 1.0", {.tls10 = "S0301"}, {.tls10 = "-"}, "legacy_versions_enabled"},
        {"one of two old versions",
         {.tls10 = "S0301", .tls11 = "S0302", .tls12 = "A70/0303", .tls13 = "A70/0303"},
         {.tls10 = "-", .tls11 = "S0302", .tls12 = "A70/0303", .tls13 = "A70/0303"},
         "server_only_legacy"},
        {"neither begun", k_untested, k_untested, "unknown"},
        {"a failure that is certain",
         {},
         {.ssl2 = "-", .tls12 = "A70/0303"},
         "inconsistent_addresses"},
    };
    for (const Row& row : table) {
        CAPTURE(row.name);
        Visit one = visit({endpoint(row.first, "192.0.2.1"), endpoint(row.second, "192.0.2.2")});
        one.interrupted = true;
        CHECK(verdict_of(one) == row.verdict);
    }
}

} // namespace tlsdoctor::diagnose
