// SPDX-License-Identifier: Apache-2.0
// Known clients' hellos against servers on loopback.
#include "doctor/replays.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "client/profile.hpp"
#include "doctor/servers.hpp"

namespace tlsdoctor::doctor {
namespace {

using advise::CaseFile;
using evidence::ClientOutcome;
using evidence::ClientResult;
using test::local;
using test::patient;
using test::Servers;
using test::tls;
using test::visited;
using enum ProtocolVersion;

Options for_client(std::string_view id) {
    Options options = patient();
    options.insecure = true;
    options.simulation.one = client::find_profile(id);
    REQUIRE(options.simulation.one != nullptr);
    options.question.client_name = std::string(options.simulation.one->name);
    return options;
}

CaseFile file_of(const evidence::Target& target, const Options& options) {
    auto files = visited({target}, options);
    REQUIRE(files.size() == 1);
    return std::move(files.front());
}

} // namespace

TEST_CASE("the question about one client is answered with its own hello") {
    struct Case {
        std::string_view client;
        ProtocolVersion lowest;
        ProtocolVersion highest;
        ClientResult result;
        std::string_view verdict;
    };
    constexpr Case k_cases[] = {
        {"cap-curl-debian12", tls_1_2, tls_1_3, ClientResult::connects, "healthy"},
        {"ts-java-8u161", tls_1_2, tls_1_3, ClientResult::connects, "healthy"},
        {"ts-java-6u45", tls_1_2, tls_1_3, ClientResult::fails, "server_requires_newer_version"},
        {"cap-curl-debian12", tls_1_1, tls_1_1, ClientResult::fails, "sigalg_mismatch"},
        {"cap-chromium-156", tls_1_1, tls_1_1, ClientResult::fails, "server_only_legacy"},
        {"ts-java-8u161", tls_1_3, tls_1_3, ClientResult::fails, "server_requires_newer_version"},
        {"cap-chromium-156", tls_1_3, tls_1_3, ClientResult::connects, "healthy"},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.client);
        CAPTURE(name_of(c.lowest));
        const Servers servers({tls(c.lowest, c.highest)});
        const CaseFile file = file_of(local(servers.port(0)), for_client(c.client));
        REQUIRE(file.clients.size() == 1);
        const ClientOutcome& client = file.clients.front();
        CAPTURE(client.reason);
        CHECK(client.outcome == c.result);
        CHECK(client.based_on == evidence::ClientBasis::replay);
        const diagnose::Finding& verdict = file.diagnosis.findings.front();
        CHECK(verdict.cause->name == c.verdict);
        CHECK((verdict.status == Status::fail) == (c.result == ClientResult::fails));
        CHECK_FALSE(file.diagnosis.client_note.empty());
    }
}

TEST_CASE("all known clients are asked with few connections, equal hellos once") {
    const Servers servers({tls(tls_1_2, tls_1_3)});
    Options options = patient();
    options.simulation.all = true;
    const CaseFile file = file_of(local(servers.port(0)), options);
    CHECK(file.visit.connections < 450);
    CHECK_FALSE(file.visit.interrupted);
    CHECK(file.clients.size() == client::profiles().size());
    CHECK(std::ranges::none_of(file.clients, [](const ClientOutcome& client) {
        return client.outcome == ClientResult::not_tested;
    }));
    CHECK(std::ranges::count(file.clients, ClientResult::connects, &ClientOutcome::outcome) > 300);
    std::multiset<std::string> ids;
    for (const evidence::Replay& replay : file.visit.endpoints.front().replays) {
        if (replay.attempt == 0) {
            ids.insert(replay.clients.begin(), replay.clients.end());
        }
    }
    CHECK(ids.size() == client::profiles().size());
}

TEST_CASE("clients that the deadline leaves out were not tested") {
    const Servers servers({{.tls = tls(tls_1_2, tls_1_3).tls, .answers = 40}});
    Options options = patient();
    options.simulation.all = true;
    options.deadline = milliseconds{3'000};
    const CaseFile file = file_of(local(servers.port(0)), options);
    CHECK(file.visit.interrupted);
    CHECK(std::ranges::any_of(file.clients, [](const ClientOutcome& client) {
        return client.outcome == ClientResult::not_tested;
    }));
    CHECK(file.clients.size() == client::profiles().size());
}

TEST_CASE("a server that is silent to every hello is not asked by a client as well") {
    using evidence::Outcome;
    struct Case {
        Outcome answer;
        bool wanted;
    };
    constexpr Case k_cases[] = {
        {Outcome::accepted, true}, {Outcome::refused, true}, {Outcome::closed, true},
        {Outcome::reset, true},    {Outcome::garbled, true}, {Outcome::silent, false},
    };
    const Options options = for_client("cap-curl-debian12");
    for (const Case& c : k_cases) {
        CAPTURE(static_cast<int>(c.answer));
        const evidence::Endpoint endpoint{
            .reach = evidence::Reach::open,
            .exchanges = {{.outcome = c.answer, .reach = evidence::Reach::open}},
        };
        CHECK(wants_replays(options, endpoint) == c.wanted);
    }
}

TEST_CASE("nobody is simulated where nobody asked, nor with the versions alone") {
    const Servers servers({tls(tls_1_2, tls_1_3)});
    Options options = for_client("cap-curl-debian12");
    options.versions_only = true;
    CHECK(file_of(local(servers.port(0)), options).visit.endpoints.front().replays.empty());
    CHECK(file_of(local(servers.port(0)), patient()).visit.endpoints.front().replays.empty());
}

} // namespace tlsdoctor::doctor
