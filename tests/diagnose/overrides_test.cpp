// SPDX-License-Identifier: Apache-2.0
// Which finding makes which other one pointless, and what may be said when answers are missing or
// the host has begun to filter.
#include <algorithm>

#include <doctest/doctest.h>

#include "diagnose/diagnose.hpp"
#include "making.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Trust;
using evidence::Visit;

/// Lets the control probe fail, or adds one that does.
Visit banned(Visit visit, ProtocolVersion repeated) {
    auto& exchanges = visit.endpoints.front().exchanges;
    std::erase_if(exchanges, [](const Exchange& one) { return one.purpose == Purpose::control; });
    exchanges.push_back(
        asked(repeated, evidence::Shape::openssl, "server.example", "FIN", Purpose::control)
    );
    exchanges.back().id = "e99";
    return visit;
}

Visit with_trust(Trust trust) {
    Visit one = visit(Words{});
    one.endpoints.front().handshake = {
        .id = "e90", .completed = true, .trust = trust, .trust_error = "words of OpenSSL"
    };
    return one;
}

} // namespace

TEST_CASE("each pattern of answers has its findings, and none of those that they make pointless") {
    struct Row {
        const char* name;
        Words words;
        std::vector<std::string> found;
    };
    const std::vector<std::string> no_suite{
        "no_common_cipher", "server_no_certificate", "cert_key_type_mismatch"
    };
    const Row table[] = {
        {"healthy", {}, {"healthy"}},
        {"TLS 1.2 alone", {.tls13 = "A70/0303"}, {"no_tls13"}},
        {"TLS 1.3 alone", {.tls12 = "A70/0303"}, {"server_only_tls13"}},
        {"old ones too", {.tls10 = "S0301"}, {"legacy_versions_enabled"}},
        {"old ones up to 1.2",
         {.tls10 = "S0301", .tls13 = "A70/0303"},
         {"legacy_versions_enabled", "no_tls13"}},
        {"old ones alone",
         {.tls10 = "S0301", .tls11 = "S0302", .tls12 = "S0302", .tls13 = "A70/0303"},
         {"server_only_legacy", "sigalg_mismatch"}},
        {"suites of TLS 1.2", {.tls12 = "A40/0303"}, {"no_common_cipher"}},
        {"suites", {.tls12 = "A40/0303", .tls13 = "A70/0303"}, no_suite},
        {"suites, said with 71",
         {.tls12 = "A71/0303", .tls13 = "A70/0303"},
         {"insufficient_security", "server_no_certificate", "cert_key_type_mismatch"}},
        {"40 to all",
         {.tls10 = "A40/0301", .tls11 = "A40/0302", .tls12 = "A40/0303", .tls13 = "A40/0303"},
         no_suite}, // SSL 2.0 below is answered like OpenSSL does
        {"80 to all",
         {.tls10 = "A80/0301", .tls11 = "A80/0302", .tls12 = "A80/0303", .tls13 = "A80/0303"},
         {"refuses_every_hello"}},
        {"name unknown, by a flip",
         {.tls12 = "A80/0303", .tls13 = "A80/0303", .other12 = "S0303", .other13 = "S0304"},
         {"sni_unknown"}},
        {"name unknown, closed",
         {.ssl3 = "FIN",
          .tls10 = "FIN",
          .tls11 = "FIN",
          .tls12 = "FIN",
          .tls13 = "FIN",
          .other12 = "S0303",
          .other13 = "S0304"},
         {"sni_unknown"}},
        {"no name sent",
         {.tls12 = "A112/0303",
          .tls13 = "A112/0303",
          .sni = std::nullopt,
          .other = "server.example",
          .other12 = "S0303",
          .other13 = "S0304"},
         {"sni_missing"}},
    };
    for (const Row& row : table) {
        CAPTURE(row.name);
        Words words = row.words;
        words.ssl2 = "A70/0303";
        words.other12 = words.other12 == "-" ? words.tls12 : words.other12;
        words.other13 = words.other13 == "-" ? words.tls13 : words.other13;
        CHECK(causes_of(visit(words)) == row.found);
    }
}

TEST_CASE("a no that only one hello got is no no, unless the alert is 70") {
    struct Row {
        std::string_view word;
        std::string verdict;
    };
    const Row table[] = {
        {"A70/0303", "no_tls13"}, {"A40/0303", "unknown"}, {"FIN", "unknown"},
        {"RST", "unknown"},       {"TIMEOUT", "unknown"},
    };
    for (const Row& row : table) {
        CAPTURE(row.word);
        Visit one = visit(Words{.tls13 = row.word});
        std::erase_if(one.endpoints.front().exchanges, [](const Exchange& exchange) {
            return exchange.offer.shape == evidence::Shape::browser;
        });
        CHECK(verdict_of(one) == row.verdict);
    }
}

TEST_CASE("what a server that began to filter says without a word proves nothing") {
    const Words closes{.tls10 = "S0301", .tls11 = "S0302", .tls12 = "FIN", .tls13 = "FIN"};
    CHECK(verdict_of(visit(closes)) == "server_only_legacy");
    const auto found = causes_of(banned(visit(closes), ProtocolVersion::tls_1_0));
    CHECK(found.front() == "scanner_banned");
    CHECK_FALSE(has(found, "server_only_legacy"));

    const Words says{.tls10 = "S0301", .tls11 = "S0302", .tls12 = "A70/0303", .tls13 = "A70/0303"};
    const auto said = causes_of(banned(visit(says), ProtocolVersion::tls_1_0));
    CHECK(has(said, "server_only_legacy"));
    CHECK(has(said, "scanner_banned"));
}

TEST_CASE("the control that failed is cited with what it repeats") {
    const Visit one = banned(visit(Words{}), ProtocolVersion::tls_1_2);
    const Diagnosis diagnosis = diagnose(one, Question{});
    REQUIRE(diagnosis.findings.front().cause->name == "scanner_banned");
    const auto& cited = diagnosis.findings.front().evidence;
    REQUIRE(cited.size() == 2);
    CHECK(cited[0].text.starts_with("TLS 1.2 hello -> ServerHello TLS 1.2"));
    CHECK(cited[1].exchange == "e99");
}

TEST_CASE("trust is judged after negotiation, and not where the user forbids it") {
    struct Row {
        Trust trust;
        bool judge;
        std::string verdict;
    };
    const Row table[] = {
        {Trust::trusted, true, "healthy"},
        {Trust::not_judged, true, "healthy"},
        {Trust::expired, true, "cert_not_trusted"},
        {Trust::not_yet_valid, true, "cert_not_trusted"},
        {Trust::name_mismatch, true, "cert_not_trusted"},
        {Trust::self_signed, true, "cert_not_trusted"},
        {Trust::unknown_issuer, true, "cert_not_trusted"},
        {Trust::other, true, "cert_not_trusted"},
        {Trust::expired, false, "healthy"},
    };
    for (const Row& row : table) {
        CAPTURE(name_of(row.trust));
        CHECK(verdict_of(with_trust(row.trust), Question{.judge_trust = row.judge}) == row.verdict);
    }
    Visit legacy = with_trust(Trust::expired);
    legacy.endpoints.front() = endpoint(Words{.tls12 = "A70/0303"});
    legacy.endpoints.front().handshake = {.id = "e90", .completed = true, .trust = Trust::expired};
    CHECK(verdict_of(legacy) == "server_only_tls13");
}

TEST_CASE("a whole handshake that breaks off is not healthy") {
    Visit one = visit(Words{});
    one.endpoints.front().handshake = {.id = "e90", .failure = "the server closed the connection"};
    CHECK(causes_of(one) == std::vector<std::string>{"unknown"});
}

TEST_CASE("a visit without anything is unsure, and an unresolved name says so alone") {
    CHECK(verdict_of(Visit{}) == "unknown");
    Visit unresolved = visit(Words{});
    unresolved.dns_error = "no such name";
    CHECK(causes_of(unresolved) == std::vector<std::string>{"dns_failure"});
}

TEST_CASE("a refusal names the version that got the alert") {
    const auto refusal = [](const Words& words) {
        const Diagnosis found = diagnose(visit(words), {});
        const auto at = std::ranges::find_if(found.findings, [](const Finding& finding) {
            return finding.cause->name == "refuses_every_hello";
        });
        return at == found.findings.end() ? "not found" : at->summary;
    };
    const Words old_alone{
        .tls10 = "A80/0301",
        .tls11 = "A80/0302",
        .tls12 = "TIMEOUT",
        .tls13 = "TIMEOUT",
        .other12 = "TIMEOUT",
        .other13 = "TIMEOUT",
    };
    CHECK(refusal(old_alone).contains("; TLS 1.1 gets alert 80 (internal_error)"));
    const Words mixed{
        .tls10 = "A80/0301",
        .tls11 = "A80/0302",
        .tls12 = "A50/0303",
        .tls13 = "A80/0303",
        .other12 = "A50/0303",
        .other13 = "A80/0303",
    };
    CHECK(refusal(mixed).contains("; TLS 1.2 gets alert 50 (decode_error)"));
}

} // namespace tlsdoctor::diagnose
