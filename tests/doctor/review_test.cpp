// SPDX-License-Identifier: Apache-2.0
// A recording says what the live visit said.
#include <algorithm>
#include <string>
#include <vector>

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include "doctor/doctor.hpp"
#include "doctor/servers.hpp"
#include "evidence/json.hpp"

namespace tlsdoctor::doctor {
namespace {

using advise::CaseFile;
using test::local;
using test::patient;
using test::Servers;
using test::tls;
using test::visited;
using enum ProtocolVersion;

/// Everything that a reader of the report sees of a diagnosis.
std::vector<std::string> words_of(const CaseFile& file) {
    std::vector<std::string> words;
    for (const diagnose::Finding& finding : file.diagnosis.findings) {
        words.emplace_back(finding.cause->name);
        words.push_back(finding.summary);
        words.push_back(finding.address);
        for (const diagnose::Citation& citation : finding.evidence) {
            words.push_back(citation.exchange + ": " + citation.text);
        }
    }
    for (const advise::Fix& fix : file.fixes) {
        words.push_back(fix.product + ": " + fix.text);
    }
    for (const evidence::ClientOutcome& client : file.clients) {
        words.push_back(client.id + " " + std::string(evidence::name_of(client.outcome)));
    }
    return words;
}

evidence::Visit recorded(const CaseFile& file) {
    auto visit = evidence::visit_from_json(json::serialize(to_json(file.visit)));
    REQUIRE_MESSAGE(visit.has_value(), visit.error().what);
    return std::move(*visit);
}

} // namespace

TEST_CASE("a recording is diagnosed as the live visit was") {
    const Servers servers({
        tls(tls_1_2, tls_1_3),
        tls(tls_1_0, tls_1_0),
        {.reply = "HTTP/1.1 400 Bad Request\r\n\r\n"},
        {.reply = "SSH-2.0-OpenSSH_9.2p1\r\n"},
    });
    const auto files = visited(
        {local(servers.port(0)), local(servers.port(1)), local(servers.port(2)),
         local(servers.port(3)), local(servers.closed_port())},
        patient()
    );
    REQUIRE(files.size() == 5);
    for (const CaseFile& live : files) {
        CAPTURE(live.visit.target.port);
        const CaseFile again = review(recorded(live), patient());
        CHECK(words_of(again) == words_of(live));
        CHECK_FALSE(words_of(live).empty());
        CHECK(json::serialize(to_json(again.visit)) == json::serialize(to_json(live.visit)));
    }
}

TEST_CASE("a recording is judged by the options of its review, not of its visit") {
    const Servers servers({tls(tls_1_2, tls_1_3)});
    const auto files = visited({local(servers.port(0))}, patient());
    REQUIRE(files.size() == 1);
    const auto names_the_certificate = [](const CaseFile& file) {
        return std::ranges::any_of(file.diagnosis.findings, [](const diagnose::Finding& finding) {
            return finding.cause->name == "cert_not_trusted";
        });
    };
    CHECK(names_the_certificate(files[0]));
    Options lenient = patient();
    lenient.insecure = true;
    CHECK_FALSE(names_the_certificate(review(recorded(files[0]), lenient)));
    Options brief = patient();
    brief.versions_only = true;
    CHECK(review(recorded(files[0]), brief).clients.empty());
}

} // namespace tlsdoctor::doctor
