// SPDX-License-Identifier: Apache-2.0
// Certificates that fit no suite, and those that a client is asked for.
#include <doctest/doctest.h>

#include "diagnose/diagnose.hpp"
#include "making.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Alert;
using evidence::Exchange;
using evidence::Flight;
using evidence::Handshake;
using evidence::Visit;

/// TLS 1.2 shares no suite, as OpenSSL says it, TLS 1.3 is as told.
Visit without_a_suite(std::string_view tls13) {
    const bool nothing = !tls13.starts_with("S");
    return visit(Words{
        .ssl2 = "A70/0303",
        .tls12 = "A40/0303",
        .tls13 = tls13,
        .other12 = nothing ? "A40/0303" : "-",
        .other13 = nothing ? tls13 : "-",
    });
}

const Finding* finding_of(const Diagnosis& diagnosis, std::string_view cause) {
    for (const Finding& finding : diagnosis.findings) {
        if (finding.cause->name == cause) {
            return &finding;
        }
    }
    return nullptr;
}

Visit asked_for_certificate(Handshake handshake) {
    Visit one = visit(Words{});
    handshake.id = "e80";
    handshake.version = k_tls_1_3;
    handshake.asked_for_certificate = true;
    one.endpoints.front().handshake = std::move(handshake);
    return one;
}

Alert alert(unsigned number) {
    return {
        .level = AlertLevel::fatal,
        .description = AlertDescription{static_cast<std::uint8_t>(number)}
    };
}

} // namespace

TEST_CASE("the key that TLS 1.3 shows turns a missing suite into a mismatch") {
    Visit one = without_a_suite("S0304");
    CHECK(verdict_of(one) == "no_common_cipher");
    for (Exchange& exchange : one.endpoints.front().exchanges) {
        if (exchange.selection) {
            exchange.flight = Flight{.stage = "Finished", .certificate_key = "EC P-256"};
        }
    }
    const Diagnosis diagnosis = diagnose(one, Question{});
    REQUIRE(diagnosis.findings.front().cause->name == "cert_key_type_mismatch");
    CHECK(diagnosis.findings.front().status == Status::fail);
    CHECK(diagnosis.findings.front().confidence == Confidence::proven);
    CHECK(diagnosis.findings.front().summary.contains("EC P-256"));
    CHECK(finding_of(diagnosis, "no_common_cipher") == nullptr);
}

TEST_CASE("a key that TLS 1.3 shows beside a TLS 1.2 that is off is no mismatch") {
    Visit one = visit(Words{.tls12 = "A70/0303"});
    for (Exchange& exchange : one.endpoints.front().exchanges) {
        exchange.flight = Flight{.stage = "Finished", .certificate_key = "RSA 2048"};
    }
    CHECK(causes_of(one) == std::vector<std::string>{"server_only_tls13"});
}

TEST_CASE("where nothing is accepted three causes remain, and only one is the verdict") {
    const Diagnosis diagnosis = diagnose(without_a_suite("A70/0303"), Question{});
    CHECK(diagnosis.findings.front().cause->name == "no_common_cipher");
    CHECK(diagnosis.findings.front().confidence == Confidence::likely);
    for (const std::string_view cause : {"cert_key_type_mismatch", "server_no_certificate"}) {
        CAPTURE(cause);
        const Finding* const finding = finding_of(diagnosis, cause);
        REQUIRE(finding != nullptr);
        CHECK(finding->status == Status::unsure);
        CHECK(finding->confidence == Confidence::possible);
    }
}

TEST_CASE("a server that takes anonymous suites only has no certificate") {
    Visit one = visit(Words{.tls13 = "A70/0303"});
    CHECK(verdict_of(one) == "no_tls13");
    for (Exchange& exchange : one.endpoints.front().exchanges) {
        if (exchange.selection) {
            exchange.selection->cipher_suite = CipherSuite{0x006C}; // DH_anon
            exchange.flight = Flight{.stage = "ServerHelloDone", .dh_bits = 1024};
        }
    }
    const auto found = causes_of(one);
    CHECK(found.front() == "server_no_certificate");
    CHECK_FALSE(has(found, "no_tls13"));
    CHECK_FALSE(has(found, "weak_dh"));
}

TEST_CASE("a client certificate is demanded by whoever refuses without one") {
    struct Row {
        const char* name;
        Handshake handshake;
        std::string status; ///< with the confidence; `-` where it is no finding
        std::string says;
    };
    const Row table[] = {
        {"TLS 1.3",
         {.completed = true, .failure_after = "alert 116", .alert = alert(116)},
         "fail proven",
         "ends the connection"},
        {"TLS 1.2",
         {.failure = "alert 40", .alert = alert(40)},
         "fail proven",
         "ends the connection"},
        {"Go", {.failure = "alert 42", .alert = alert(42)}, "fail proven", "ends the connection"},
        {"an alert about something else",
         {.failure = "alert 80", .alert = alert(80)},
         "fail likely",
         "ends the connection"},
        {"closed",
         {.failure = "the server closed the connection inside the handshake"},
         "fail likely",
         "ends"},
        {"with the names of authorities",
         {.completed = true,
          .certificate_authorities = {"CN=One", "CN=Two", "CN=Three", "CN=Four"},
          .failure_after = "alert 116",
          .alert = alert(116)},
         "fail proven",
         "it accepts one from CN=One or CN=Two or CN=Three or 1 others"},
        {"by HTTP",
         {.completed = true,
          .http_status = "HTTP/1.1 400 Bad Request",
          .http_demands_certificate = true},
         "fail proven",
         "answers HTTP/1.1 400 Bad Request"},
        {"HTTP that does not say why",
         {.completed = true, .http_status = "HTTP/1.1 403 Forbidden"},
         "warn possible",
         "perhaps"},
        {"HTTP that is content", {.completed = true, .http_status = "HTTP/1.1 200 OK"}, "-", ""},
        {"HTTP with another refusal",
         {.completed = true, .http_status = "HTTP/1.1 404 Not Found"},
         "-",
         ""},
        {"asked and went on", {.completed = true}, "-", ""},
    };
    for (const Row& row : table) {
        CAPTURE(row.name);
        const Diagnosis diagnosis = diagnose(asked_for_certificate(row.handshake), Question{});
        const Finding* const finding = finding_of(diagnosis, "client_cert_required");
        if (row.status == "-") {
            CHECK(finding == nullptr);
            CHECK(diagnosis.findings.front().cause->name == "healthy");
            continue;
        }
        REQUIRE(finding != nullptr);
        CHECK(finding == &diagnosis.findings.front());
        CHECK(
            std::string{name_of(finding->status)} + " " +
                std::string{name_of(finding->confidence)} ==
            row.status
        );
        CHECK(finding->summary.contains(row.says));
        CHECK(finding_of(diagnosis, "unknown") == nullptr);
    }
}

TEST_CASE("a handshake that breaks without a request is no demand") {
    Visit one = asked_for_certificate({.failure = "alert 40", .alert = alert(40)});
    one.endpoints.front().handshake->asked_for_certificate = false;
    CHECK(causes_of(one) == std::vector<std::string>{"unknown"});
}

} // namespace tlsdoctor::diagnose
