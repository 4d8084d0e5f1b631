// SPDX-License-Identifier: Apache-2.0
// Whole visits, from a target to its case file, against servers on loopback.
#include "doctor/doctor.hpp"

#include <algorithm>
#include <csignal>
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "doctor/servers.hpp"
#include "evidence/facts.hpp"

namespace tlsdoctor::doctor {
namespace {

using advise::CaseFile;
using evidence::Outcome;
using evidence::Reach;
using test::local;
using test::patient;
using test::Servers;
using test::tls;
using test::visited;
using enum ProtocolVersion;

using Versions = std::vector<ProtocolVersion>;

Versions accepted_by(const CaseFile& file) {
    REQUIRE(file.visit.endpoints.size() == 1);
    return accepted_versions(file.visit.endpoints.front());
}

/// The ids of a visit in the order in which it stands.
std::vector<std::string> ids_of(const evidence::Visit& visit) {
    std::vector<std::string> ids;
    for (const evidence::Endpoint& endpoint : visit.endpoints) {
        for (const evidence::Exchange& exchange : endpoint.exchanges) {
            ids.push_back(exchange.id);
        }
        if (endpoint.handshake) {
            ids.push_back(endpoint.handshake->id);
        }
    }
    return ids;
}

} // namespace

TEST_CASE("a visit finds the versions that a server speaks") {
    struct Case {
        const char* name{};
        ProtocolVersion lowest{};
        ProtocolVersion highest{};
        Versions accepted{};
    };
    const Case cases[] = {
        {"TLS 1.2 and 1.3", tls_1_2, tls_1_3, {tls_1_2, tls_1_3}},
        {"TLS 1.3 alone", tls_1_3, tls_1_3, {tls_1_3}},
        {"TLS 1.0 alone", tls_1_0, tls_1_0, {tls_1_0}},
        {"all that OpenSSL has", tls_1_0, tls_1_3, {tls_1_0, tls_1_1, tls_1_2, tls_1_3}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Servers servers({tls(c.lowest, c.highest)});
        const auto files = visited({local(servers.port(0))}, patient());
        REQUIRE(files.size() == 1);
        CHECK(accepted_by(files[0]) == c.accepted);
        const evidence::Visit& visit = files[0].visit;
        CHECK_FALSE(visit.interrupted);
        CHECK(visit.dns_error.empty());
        CHECK_FALSE(visit.started.empty());
        CHECK(visit.elapsed_ms > 0);
        const evidence::Endpoint& endpoint = visit.endpoints.front();
        CHECK(endpoint.reach == Reach::open);
        REQUIRE(endpoint.handshake.has_value());
        CHECK_MESSAGE(endpoint.handshake->completed, endpoint.handshake->failure);
        CHECK(endpoint.handshake->version == c.highest);
        CHECK(visit.connections == endpoint.exchanges.size() + 1);
        CHECK(visit.connections <= 14);
        CHECK_FALSE(files[0].clients.empty());
        CHECK_FALSE(files[0].diagnosis.findings.empty());
    }
}

TEST_CASE("targets are reported in their order, whichever is done first") {
    const Servers servers(
        {{.reply = "HTTP/1.1 400 Bad Request\r\n\r\n"}, tls(tls_1_2, tls_1_3), tls(tls_1_0, tls_1_0)
        }
    );
    std::vector<evidence::Target> targets = {
        local(servers.port(1)), local(servers.port(0)), local(servers.closed_port()),
        local(servers.port(2)), local(servers.port(1)),
    };
    for (std::size_t i = 0; i < targets.size(); ++i) {
        targets[i].input = fmt::format("target {}", i);
    }
    for (const std::size_t at_once : {0U, 1U, 2U, 8U}) {
        CAPTURE(at_once);
        Options options = patient();
        options.parallel_targets = at_once;
        const auto files = visited(targets, options);
        REQUIRE(files.size() == targets.size());
        for (std::size_t i = 0; i < files.size(); ++i) {
            CHECK(files[i].visit.target.input == targets[i].input);
        }
        CHECK(accepted_by(files[0]) == Versions{tls_1_2, tls_1_3});
        CHECK(foreign_protocol(files[1].visit.endpoints.front()) == "http");
        CHECK(files[2].visit.endpoints.front().reach == Reach::refused);
        CHECK(accepted_by(files[3]) == Versions{tls_1_0});
    }
}

TEST_CASE("the ids of a visit are e1, e2 ... in the order in which they stand") {
    const Servers servers({tls(tls_1_2, tls_1_3)});
    const auto files = visited({local(servers.port(0)), local(servers.port(0))}, patient());
    REQUIRE(files.size() == 2);
    for (const CaseFile& file : files) {
        const auto ids = ids_of(file.visit);
        REQUIRE(ids.size() >= 8);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            CHECK(ids[i] == fmt::format("e{}", i + 1));
        }
        for (const diagnose::Finding& finding : file.diagnosis.findings) {
            for (const diagnose::Citation& citation : finding.evidence) {
                CAPTURE(citation.exchange);
                CHECK(std::ranges::count(ids, citation.exchange) == 1);
            }
        }
    }
}

TEST_CASE("a closed port is one round of questions and no handshake") {
    const Servers servers({});
    const auto files = visited({local(servers.closed_port())}, patient());
    REQUIRE(files.size() == 1);
    const evidence::Endpoint& endpoint = files[0].visit.endpoints.front();
    CHECK(endpoint.reach == Reach::refused);
    CHECK_FALSE(endpoint.reach_error.empty());
    CHECK(endpoint.exchanges.size() == 7);
    CHECK_FALSE(endpoint.handshake.has_value());
    CHECK_FALSE(files[0].visit.interrupted);
    CHECK(files[0].diagnosis.findings.front().cause->name == "port_closed");
    CHECK(files[0].clients.empty());
}

TEST_CASE("another protocol is named, and no handshake is made with it") {
    const Servers servers({{.reply = "HTTP/1.1 400 Bad Request\r\n\r\n"}});
    const auto files = visited({local(servers.port(0))}, patient());
    REQUIRE(files.size() == 1);
    CHECK(files[0].diagnosis.findings.front().cause->name == "not_tls_plain_http");
    CHECK_FALSE(files[0].visit.endpoints.front().handshake.has_value());
}

TEST_CASE("the deadline of a target cuts its visit, and what had no answer is not tested") {
    const Servers servers({{.silent = true}, tls(tls_1_2, tls_1_3)});
    Options options = patient();
    options.deadline = milliseconds(300);
    const auto files = visited({local(servers.port(0))}, options);
    REQUIRE(files.size() == 1);
    const evidence::Visit& visit = files[0].visit;
    CHECK(visit.interrupted);
    REQUIRE(visit.endpoints.size() == 1);
    for (const evidence::Exchange& exchange : visit.endpoints.front().exchanges) {
        CAPTURE(exchange.id);
        CHECK(evidence::name_of(exchange.outcome) == "not_tested");
        CHECK_FALSE(exchange.id.empty());
    }
    CHECK(visit.elapsed_ms < 20'000);
}

TEST_CASE("a handshake that the target's deadline cuts did not fail") {
    test::Behaviour behaviour = tls(tls_1_2, tls_1_3);
    behaviour.answers = 12; // all that this server needs before the whole handshake
    const Servers servers({behaviour});
    Options options = patient();
    options.deadline = milliseconds(1'500);
    const auto files = visited({local(servers.port(0))}, options);
    REQUIRE(files.size() == 1);
    CHECK(accepted_by(files[0]) == Versions{tls_1_2, tls_1_3});
    CHECK(files[0].visit.interrupted);
    CHECK(files[0].visit.connections == 13);
    CHECK_FALSE(files[0].visit.endpoints.front().handshake.has_value());
}

TEST_CASE("a target without time is not asked at all") {
    const Servers servers({tls(tls_1_2, tls_1_3)});
    Options options = patient();
    options.deadline = milliseconds(0);
    const auto files = visited({local(servers.port(0))}, options);
    REQUIRE(files.size() == 1);
    CHECK(files[0].visit.interrupted);
    CHECK(files[0].visit.connections == 0);
}

TEST_CASE("--connect goes to the address given, and the name stays the one of the target") {
    const Servers servers({tls(tls_1_2, tls_1_3)});
    const evidence::Target target{
        .input = "www.example.com", .host = "www.example.com", .sni = "www.example.com"
    };
    Options options = patient();
    options.connect_address = "127.0.0.1";
    options.connect_port = servers.port(0);
    const auto files = visited({target}, options);
    REQUIRE(files.size() == 1);
    CHECK(accepted_by(files[0]) == Versions{tls_1_2, tls_1_3});
    const evidence::Endpoint& endpoint = files[0].visit.endpoints.front();
    CHECK(endpoint.address == "127.0.0.1");
    CHECK(endpoint.port == servers.port(0));
    CHECK(files[0].visit.target.port == 443);
    for (const evidence::Exchange& exchange : endpoint.exchanges) {
        const bool named = exchange.offer.versions.front() >= tls_1_0;
        CHECK(exchange.offer.sni.has_value() == named);
    }
}

TEST_CASE("--connect with an address alone keeps the target's port") {
    const Servers servers({tls(tls_1_2, tls_1_3)});
    evidence::Target target = local(servers.port(0));
    target.host = "192.0.2.7";
    Options options = patient();
    options.connect_address = "127.0.0.1";
    const auto files = visited({target}, options);
    REQUIRE(files.size() == 1);
    CHECK(accepted_by(files[0]) == Versions{tls_1_2, tls_1_3});
}

TEST_CASE("an address of a family that is not wanted is no endpoint") {
    Options options = patient();
    options.ipv4 = false;
    const auto files = visited({local(9)}, options);
    REQUIRE(files.size() == 1);
    CHECK(files[0].visit.endpoints.empty());
    CHECK_FALSE(files[0].visit.dns_error.empty());
    CHECK(files[0].visit.connections == 0);
}

TEST_CASE("versions alone are asked without a handshake, and no clients are worked out") {
    const Servers servers({tls(tls_1_2, tls_1_3)});
    Options options = patient();
    options.versions_only = true;
    const auto files = visited({local(servers.port(0))}, options);
    REQUIRE(files.size() == 1);
    CHECK(accepted_by(files[0]) == Versions{tls_1_2, tls_1_3});
    CHECK_FALSE(files[0].visit.endpoints.front().handshake.has_value());
    CHECK(files[0].clients.empty());
    CHECK(files[0].visit.connections == files[0].visit.endpoints.front().exchanges.size());
}

TEST_CASE("no targets are no cases") {
    CHECK(visited({}, patient()).empty());
}

TEST_CASE("SIGINT cuts the run, and every target is reported all the same") {
    const Servers servers({{.silent = true, .at_connection = [sent = false]() mutable {
                                if (!sent) {
                                    sent = true;
                                    std::raise(SIGINT);
                                }
                            }}});
    Options options = patient();
    options.parallel_targets = 1;
    std::vector<CaseFile> files;
    const std::vector<evidence::Target> targets(3, local(servers.port(0)));
    const bool cut = check(targets, options, {.on_case = [&](const CaseFile& file) {
                               files.push_back(file);
                           }});
    CHECK(cut);
    REQUIRE(files.size() == 3);
    for (const CaseFile& file : files) {
        CHECK(file.visit.interrupted);
        CHECK_FALSE(file.diagnosis.findings.empty());
    }
    CHECK(files[0].visit.connections > 0);
    CHECK(files[2].visit.connections == 0);
}

TEST_CASE("a run that is not cut says so") {
    const Servers servers({tls(tls_1_3, tls_1_3)});
    const std::vector<evidence::Target> targets = {local(servers.port(0))};
    CHECK_FALSE(check(targets, patient(), {}));
}

} // namespace tlsdoctor::doctor
