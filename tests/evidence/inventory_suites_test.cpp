// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <doctest/doctest.h>

#include "evidence/inventory.hpp"
#include "evidence/json.hpp"
#include "evidence/suite_answers.hpp"
#include "evidence/suite_order.hpp"

namespace tlsdoctor::evidence {
namespace {

constexpr auto k_v12 = ProtocolVersion::tls_1_2;
using Numbers = std::vector<std::uint16_t>;

std::vector<CipherSuite> suites_of_numbers(const Numbers& numbers) {
    std::vector<CipherSuite> suites;
    for (const std::uint16_t number : numbers) {
        suites.push_back(CipherSuite{number});
    }
    return suites;
}

Exchange asked(const Numbers& offered, Outcome outcome) {
    return {
        .purpose = Purpose::suites,
        .offer =
            {.versions = {k_v12},
             .shape = Shape::composed,
             .cipher_suites = suites_of_numbers(offered)},
        .outcome = outcome,
        .reach = Reach::open,
    };
}

Exchange chose(const Numbers& offered, std::uint16_t suite) {
    Exchange exchange = asked(offered, Outcome::accepted);
    exchange.selection = Selection{.version = k_v12, .cipher_suite = CipherSuite{suite}};
    return exchange;
}

Exchange alerted(const Numbers& offered, AlertDescription description) {
    Exchange exchange = asked(offered, Outcome::refused);
    exchange.alert = Alert{.level = AlertLevel::fatal, .description = description};
    return exchange;
}

Exchange taken_back(const Numbers& offered, std::uint16_t suite) {
    Exchange exchange = chose(offered, suite);
    exchange.alert_after =
        Alert{.level = AlertLevel::fatal, .description = AlertDescription::internal_error};
    return exchange;
}

Acceptance state_after(const std::vector<Exchange>& exchanges, std::uint16_t suite) {
    const Endpoint endpoint{.inventory = exchanges};
    return suite_answers(endpoint, k_v12).state_of(CipherSuite{suite});
}

constexpr auto k_40 = AlertDescription::handshake_failure;
constexpr auto k_50 = AlertDescription::decode_error;
constexpr auto k_80 = AlertDescription::internal_error;

TEST_CASE("a suite is accepted or refused by an answer, and by nothing else") {
    using enum Acceptance;
    struct Case {
        const char* name;
        std::vector<Exchange> exchanges;
        Acceptance expected; ///< of 002f
    };
    const Exchange works = chose({0x35}, 0x35);
    const Exchange reset = asked({0x2f}, Outcome::reset);
    const Exchange silent = asked({0x2f}, Outcome::silent);
    const Case cases[] = {
        {"not offered", {works}, untested},
        {"chosen", {chose({0x35, 0x2f}, 0x2f)}, accepted},
        {"another one was chosen", {chose({0x35, 0x2f}, 0x35)}, untested},
        {"chosen and taken back", {taken_back({0x35, 0x2f}, 0x2f)}, refused},
        {"alert 40 to several", {alerted({0x35, 0x2f}, k_40)}, refused},
        {"alert 50 to several", {alerted({0x35, 0x2f}, k_50)}, undecided},
        {"alert 50 to it alone", {alerted({0x2f}, k_50)}, refused},
        {"alert 80 is this server's word",
         {alerted({0x04}, k_80), alerted({0x05}, k_80), alerted({0x0a, 0x2f}, k_80)},
         refused},
        {"alert 80 is not this server's word",
         {alerted({0x04}, k_80), alerted({0x05}, k_80), alerted({0x06}, k_40),
          alerted({0x0a, 0x2f}, k_80)},
         undecided},
        {"another version", {asked({0x2f}, Outcome::other_version)}, refused},
        {"reset once", {reset, works}, undecided},
        {"reset twice", {reset, reset, works}, refused},
        {"reset twice, and nothing works afterwards", {works, reset, reset}, undecided},
        {"reset twice by a server that has a word for it",
         {alerted({0x04}, k_40), reset, reset, works},
         undecided},
        {"reset three times by such a server",
         {alerted({0x04}, k_40), reset, reset, reset, works},
         refused},
        {"reset together with an accepted one",
         {asked({0x35, 0x2f}, Outcome::reset), asked({0x35, 0x2f}, Outcome::reset), works},
         undecided},
        {"silence", {silent, silent, works}, undecided},
        {"a refusal, and silence later", {alerted({0x2f}, k_40), silent}, refused},
        {"the run was cut", {asked({0x2f}, Outcome::not_tested)}, untested},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(state_after(c.exchanges, 0x2f) == c.expected);
    }
}

TEST_CASE("whose order decides is told from choices against the client's list") {
    using enum Preference;
    struct Case {
        const char* name;
        std::vector<Exchange> exchanges;
        Preference expected;
        bool ordered;
        Numbers order;
    };
    const Case cases[] = {
        {"one suite", {chose({0x2f, 0x35}, 0x2f)}, unknown, false, {0x2f}},
        {"against the list",
         {chose({0x2f, 0x35}, 0x35), chose({0x2f}, 0x2f)},
         server,
         true,
         {0x35, 0x2f}},
        {"both ways with the list",
         {chose({0x2f, 0x35}, 0x2f), chose({0x35, 0x2f}, 0x35)},
         client,
         false,
         {0x35, 0x2f}},
        {"a gap in the order",
         {chose({0x2f, 0x35}, 0x35), chose({0x2f}, 0x2f), chose({0x3c}, 0x3c)},
         server,
         false,
         {0x35, 0x3c, 0x2f}},
        {"one thing and the other",
         {chose({0x2f, 0x35}, 0x35), chose({0x35, 0x2f}, 0x2f)},
         unknown,
         false,
         {0x35, 0x2f}},
        {"ChaCha20 that stood first says nothing",
         {chose({0xcca8, 0xc02f}, 0xcca8), chose({0xc02f}, 0xc02f), chose({0x2f, 0xc02f}, 0xc02f),
          chose({0x2f}, 0x2f)},
         server,
         false,
         {0xcca8, 0xc02f, 0x2f}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Endpoint endpoint{.inventory = c.exchanges};
        const auto inventory = inventory_of(endpoint);
        REQUIRE(inventory);
        REQUIRE(inventory->suites.size() == 1);
        const VersionSuites& suites = inventory->suites.front();
        CHECK(suites.preference == c.expected);
        CHECK(suites.ordered == c.ordered);
        std::vector<CipherSuite> found;
        for (const AcceptedSuite& suite : suites.accepted) {
            found.push_back(suite.suite);
        }
        if (c.ordered) {
            CHECK(found == suites_of_numbers(c.order));
        }
        CHECK(found.size() == c.order.size());
        CHECK_FALSE(suites.complete);
    }
}

TEST_CASE("the hellos of an enumeration are read back as they were recorded") {
    Visit visit{.endpoints = {{.address = "192.0.2.1", .port = 443}}};
    Exchange exchange = chose({0x35, 0x2f}, 0x2f);
    exchange.id = "e9";
    visit.endpoints.front().inventory.push_back(exchange);
    const auto again = visit_from_json(pretty(to_json(visit)));
    REQUIRE(again);
    REQUIRE(again->endpoints.front().inventory.size() == 1);
    const Exchange& read = again->endpoints.front().inventory.front();
    CHECK(read.id == "e9");
    CHECK(read.purpose == Purpose::suites);
    CHECK(read.offer == exchange.offer);
    CHECK(read.selection->cipher_suite == CipherSuite{0x2f});
    const auto inventory = inventory_of(again->endpoints.front());
    REQUIRE(inventory);
    CHECK(inventory->suites.front().accepted.front().exchange == "e9");
}

TEST_CASE("an endpoint that was not enumerated has no inventory") {
    CHECK_FALSE(inventory_of(Endpoint{}));
}

TEST_CASE("a version is asked for the suites that it may have") {
    const auto is_in = [](ProtocolVersion version, std::uint16_t suite) {
        const auto list = possible_suites(version);
        return std::ranges::find(list, CipherSuite{suite}) != list.end();
    };
    CHECK(is_in(ProtocolVersion::tls_1_3, 0x1301));
    CHECK_FALSE(is_in(ProtocolVersion::tls_1_2, 0x1301));
    CHECK(is_in(ProtocolVersion::tls_1_2, 0xc02f));
    CHECK_FALSE(is_in(ProtocolVersion::tls_1_1, 0xc02f));
    CHECK(is_in(ProtocolVersion::tls_1_2, 0x0003)); // EXPORT, which OpenSSL 1.0.1 goes on with
    CHECK(is_in(ProtocolVersion::ssl_3_0, 0xc013));
    CHECK_FALSE(is_in(ProtocolVersion::tls_1_2, 0x0000));
}

} // namespace
} // namespace tlsdoctor::evidence
