// SPDX-License-Identifier: Apache-2.0
#include "probe/suite_plan.hpp"

#include <algorithm>
#include <random>

#include <doctest/doctest.h>

#include "evidence/suite_answers.hpp"
#include "evidence/suite_order.hpp"
#include "probe/offers.hpp"
#include "probe/suite_server.hpp"

namespace tlsdoctor::probe {
namespace {

using namespace testing;
using evidence::Outcome;
using evidence::Preference;
using evidence::VersionSuites;

using List = std::vector<CipherSuite>;

constexpr auto k_tls_1_0 = ProtocolVersion::tls_1_0;
constexpr auto k_tls_1_1 = ProtocolVersion::tls_1_1;
constexpr auto k_tls_1_2 = ProtocolVersion::tls_1_2;
constexpr auto k_tls_1_3 = ProtocolVersion::tls_1_3;

/// nginx with OpenSSL 3.0, both kinds of keys and no parameters for DHE.
const List k_nginx_1_3 = suites_from("1302 1303 1301");
const List k_nginx_1_2 = suites_from(
    "c02c c030 cca9 cca8 c0af c0ad c05d c061 c02b c02f c0ae c0ac c05c c060 c024 c028 c073 c077 "
    "c023 c027 c072 c076 c00a c014 c009 c013 009d c0a1 c09d c051 009c c0a0 c09c c050 003d 00c0 "
    "003c 00ba 0035 0084 002f 0041"
);
const List k_nginx_all_1_2 = suites_from(
    "c02c c030 cca9 cca8 c0af c0ad c05d c061 c02b c02f c0ae c0ac c05c c060 c024 c028 c073 c077 "
    "c023 c027 c072 c076 c00a c014 c019 c009 c013 c018 009d c0a1 c09d c051 009c c0a0 c09c c050 "
    "003d 00c0 003c 00ba 0035 0084 002f 0041"
);
const List k_nginx_all_1_0 = suites_from("c00a c014 c019 c009 c013 c018 0035 0084 002f 0041");

List found(const VersionSuites& suites) {
    List list;
    for (const evidence::AcceptedSuite& one : suites.accepted) {
        list.push_back(one.suite);
    }
    return list;
}

List by_number(List list) {
    std::ranges::sort(list);
    return list;
}

std::size_t pairs_of(const ModelServer& server) {
    std::size_t pairs = 0;
    for (const auto& [version, suites] : server.suites) {
        pairs += suites.size();
    }
    return pairs;
}

void check_found_all(const ModelServer& server, const Enumerated& result) {
    CHECK(result.ended);
    for (const auto& [version, list] : server.suites) {
        CAPTURE(name_of(version));
        const VersionSuites suites = suites_of(result, version);
        CHECK(by_number(found(suites)) == by_number(list));
        CHECK(suites.complete);
        CHECK(suites.undecided.empty());
    }
}

ModelServer server_a(bool server_order) {
    return {
        .suites = {{k_tls_1_2, k_nginx_1_2}, {k_tls_1_3, k_nginx_1_3}},
        .server_order = server_order,
    };
}

ModelServer server_b(bool server_order) {
    return {
        .suites =
            {{k_tls_1_0, k_nginx_all_1_0},
             {k_tls_1_1, k_nginx_all_1_0},
             {k_tls_1_2, k_nginx_all_1_2},
             {k_tls_1_3, k_nginx_1_3}},
        .server_order = server_order,
    };
}

TEST_CASE("servers that were foretold cost no more than their suites, versions and a tenth") {
    for (const bool server_order : {false, true}) {
        for (const ModelServer& server : {server_a(server_order), server_b(server_order)}) {
            CAPTURE(server_order);
            CAPTURE(pairs_of(server));
            const Enumerated result = enumerate(server);
            check_found_all(server, result);
            CAPTURE(result.rounds);
            CHECK(result.connections <= (pairs_of(server) + k_versions.size()) * 11 / 10);
            for (const auto& [version, list] : server.suites) {
                CAPTURE(name_of(version));
                const VersionSuites suites = suites_of(result, version);
                CHECK(
                    suites.preference == (server_order ? Preference::server : Preference::client)
                );
                CHECK(suites.ordered == server_order);
                if (server_order) {
                    CHECK(found(suites) == list);
                }
            }
        }
    }
}

/// A server that nobody foretold.
ModelServer random_server(std::mt19937& random) {
    ModelServer server{.server_order = random() % 2 == 0};
    for (const ProtocolVersion version : k_versions) {
        if (version == ProtocolVersion::ssl_2_0 || random() % 2 == 0) {
            continue;
        }
        List list = evidence::possible_suites(version);
        std::ranges::shuffle(list, random);
        // One that the version's own probe offers, or the version would not be known at all.
        const auto offered = suites_for(version, evidence::Shape::openssl);
        list.resize(std::min<std::size_t>(list.size(), random() % 40));
        const CipherSuite known = offered[random() % offered.size()];
        if (std::ranges::find(list, known) == list.end()) {
            list.insert(
                list.begin() + static_cast<std::ptrdiff_t>(random() % (list.size() + 1)), known
            );
        }
        server.suites[version] = std::move(list);
    }
    return server;
}

/// Connections for a server that was not foretold.
std::size_t bound_for(const ModelServer& server) {
    return 6 * pairs_of(server) + 60 * k_versions.size();
}

void check_order(const ModelServer& server, const Enumerated& result) {
    for (const auto& [version, list] : server.suites) {
        CAPTURE(name_of(version));
        const VersionSuites suites = suites_of(result, version);
        const Preference truth = server.server_order ? Preference::server : Preference::client;
        const bool right = suites.preference == truth || suites.preference == Preference::unknown;
        CHECK(right);
        if (suites.ordered) {
            CHECK(server.server_order);
            CHECK(found(suites) == list);
        }
        const bool plain = std::ranges::none_of(list, evidence::is_chacha);
        if (server.server_order && plain && list.size() > 1) {
            CHECK(suites.ordered);
        }
    }
}

TEST_CASE("whatever a server accepts is found, and its order") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 60; ++i) {
        CAPTURE(i);
        ModelServer server = random_server(random);
        server.favours_chacha = random() % 3 == 0;
        const Enumerated result = enumerate(server);
        check_found_all(server, result);
        check_order(server, result);
        CAPTURE(pairs_of(server));
        CHECK(result.connections <= bound_for(server));
    }
}

struct RefusalCase {
    const char* name;
    Outcome outcome;
    AlertDescription alert;
};
constexpr RefusalCase k_refusals[] = {
    {"handshake_failure", Outcome::refused, AlertDescription::handshake_failure},
    {"insufficient_security", Outcome::refused, AlertDescription::insufficient_security},
    {"internal_error", Outcome::refused, AlertDescription::internal_error},
    {"illegal_parameter", Outcome::refused, AlertDescription::illegal_parameter},
    {"closed", Outcome::closed, {}},
    {"reset", Outcome::reset, {}},
};

TEST_CASE("however a server refuses, what it accepts is found") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (const RefusalCase& c : k_refusals) {
        CAPTURE(c.name);
        ModelServer server = random_server(random);
        server.refusal = c.outcome;
        server.alert = c.alert;
        const Enumerated result = enumerate(server);
        check_found_all(server, result);
        CAPTURE(pairs_of(server));
        CHECK(result.connections <= 2 * bound_for(server));
    }
}

TEST_CASE("a silent refusal leaves suites undecided, and never refused") {
    ModelServer server = server_a(false);
    server.refusal = Outcome::silent;
    const Enumerated result = enumerate(server);
    CHECK(result.ended);
    for (const auto& [version, list] : server.suites) {
        const VersionSuites suites = suites_of(result, version);
        CHECK(by_number(found(suites)) == by_number(list));
        CHECK_FALSE(suites.complete);
        CHECK(suites.undecided.size() + list.size() == evidence::possible_suites(version).size());
    }
}

TEST_CASE("a list that is too long for a server is cut") {
    for (const std::size_t most : {121U, 60U, 7U}) {
        CAPTURE(most);
        ModelServer server = server_a(false);
        server.most_suites = most;
        // Its probes would not pass either: they are taken as accepted.
        Enumerated result = enumerate(server);
        const bool known = !result.inventory.suites.empty();
        if (known) {
            CHECK(result.ended);
            CHECK(by_number(found(suites_of(result, k_tls_1_3))) == by_number(k_nginx_1_3));
        }
        if (most > 120) {
            check_found_all(server, result);
        }
    }
}

TEST_CASE("a suite whose key exchange fails hides no other") {
    for (const bool server_order : {false, true}) {
        ModelServer server = server_a(server_order);
        server.suites[k_tls_1_2] = suites_from("c02f 009f 009e 0039 c030 0035");
        server.failing = {CipherSuite{0x009f}, CipherSuite{0x009e}, CipherSuite{0x0039}};
        const Enumerated result = enumerate(server);
        CHECK(result.ended);
        const VersionSuites suites = suites_of(result, k_tls_1_2);
        CHECK(by_number(found(suites)) == suites_from("0035 c02f c030"));
        CHECK(suites.complete);
    }
}

TEST_CASE("connections that are cut by chance refuse nothing") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 10; ++i) {
        ModelServer server = server_a(i % 2 == 0);
        for (int cut = 0; cut < 2; ++cut) {
            server.unlucky.insert(8 + random() % 60);
        }
        check_found_all(server, enumerate(server));
    }
}

TEST_CASE("a server that shuts us out refuses nothing by that") {
    ModelServer server = server_a(false);
    server.banned_after = 30;
    const Enumerated result = enumerate(server);
    CHECK(result.ended);
    for (const auto& [version, list] : server.suites) {
        const VersionSuites suites = suites_of(result, version);
        CHECK_FALSE(suites.complete);
        CHECK(found(suites).size() + suites.undecided.size() >= list.size());
    }
}

} // namespace
} // namespace tlsdoctor::probe
