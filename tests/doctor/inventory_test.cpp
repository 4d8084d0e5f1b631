// SPDX-License-Identifier: Apache-2.0
// The enumeration of suites against servers on loopback.
#include "doctor/inventory.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "doctor/servers.hpp"
#include "evidence/inventory.hpp"

namespace tlsdoctor::doctor {
namespace {

using evidence::Preference;
using evidence::VersionSuites;
using test::local;
using test::patient;
using test::Servers;
using enum ProtocolVersion;

Options suites_only() {
    Options options = patient();
    options.versions_only = true;
    options.inventory.suites = true;
    return options;
}

evidence::Visit enumerated(const Servers& servers, const Options& options) {
    auto files = test::visited({local(servers.port(0))}, options);
    REQUIRE(files.size() == 1);
    return std::move(files.front().visit);
}

std::vector<std::string> names_in(const VersionSuites& suites) {
    std::vector<std::string> names;
    for (const evidence::AcceptedSuite& suite : suites.accepted) {
        names.emplace_back(find(suite.suite)->openssl_name);
    }
    std::ranges::sort(names);
    return names;
}

} // namespace

TEST_CASE("the suites of a server's list are found, and no others") {
    test::Behaviour server = test::tls(tls_1_2, tls_1_3);
    server.tls->cipher_list = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA:"
                              "ECDHE-ECDSA-AES128-SHA256";
    server.tls->tls13_suites = "TLS_AES_256_GCM_SHA384:TLS_AES_128_CCM_SHA256";
    const Servers servers({server});
    const evidence::Visit visit = enumerated(servers, suites_only());
    const evidence::Endpoint& endpoint = visit.endpoints.front();
    CHECK_FALSE(visit.interrupted);
    CHECK(visit.connections == endpoint.exchanges.size() + endpoint.inventory.size());
    CHECK(visit.connections <= 50); // a list that nobody could foretell
    const auto inventory = inventory_of(endpoint);
    REQUIRE(inventory);
    REQUIRE(inventory->suites.size() == 2);
    const VersionSuites& older = inventory->suites.front();
    CHECK(older.version == tls_1_2);
    CHECK(older.complete);
    CHECK(older.preference == Preference::server);
    const std::vector<std::string> expected{
        "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"
    };
    CHECK(names_in(older) == expected);
    const VersionSuites& newer = inventory->suites.back();
    CHECK(newer.complete);
    CHECK(newer.accepted.size() == 2);
    CHECK(newer.accepted.front().group);
    CHECK_FALSE(newer.accepted.front().exchange.empty());
}

TEST_CASE("what a deadline cuts off is not refused") {
    test::Behaviour server = test::tls(tls_1_2, tls_1_2);
    server.answers = 12;
    const Servers servers({server});
    Options options = suites_only();
    options.deadline = milliseconds(900);
    options.answer_timeout = milliseconds(600);
    const evidence::Visit visit = enumerated(servers, options);
    const auto inventory = inventory_of(visit.endpoints.front());
    REQUIRE(inventory);
    REQUIRE(inventory->suites.size() == 1);
    CHECK_FALSE(inventory->suites.front().complete);
}

TEST_CASE("nothing is enumerated where it was not asked for, or nothing is accepted") {
    const Servers servers({test::tls(tls_1_2, tls_1_2)});
    Options options = suites_only();
    options.inventory = {};
    CHECK(enumerated(servers, options).endpoints.front().inventory.empty());
    const Servers mute({{.reply = "220 hello\r\n"}});
    CHECK(enumerated(mute, suites_only()).endpoints.front().inventory.empty());
}

} // namespace tlsdoctor::doctor
