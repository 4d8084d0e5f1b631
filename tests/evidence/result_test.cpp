// SPDX-License-Identifier: Apache-2.0
// A result reads back from the documents that the program writes; whatever else a file may hold is
// an error that says what is wrong and where, never a crash and never half a result.
#include "evidence/result.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

namespace tlsdoctor::evidence {

namespace {

std::string golden_result(const std::string& name) {
    const std::string path = std::string{TLSDOCTOR_SOURCE_DIR} + "/tests/golden/report/" + name;
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The least that is a result, with something in its place.
std::string least(std::string_view from = "", std::string_view to = "") {
    std::string text =
        R"({"schema":"tlsdoctor/1","command":"scan","target":{"host":"a.example","port":443,"sni":"a.example"},)"
        R"("verdict":{"status":"ok","cause":"healthy"},"endpoints":[{"address":"192.0.2.7","port":443,)"
        R"("versions":[{"version":"TLS 1.2","outcome":"accepted"}],"cipher_suites":[{"version":"TLS 1.2",)"
        R"("accepted":[{"name":"TLS_AES_128_GCM_SHA256"},"TLS_PSK_WITH_AES_128_CCM"],"complete":false}]}]})";
    if (!from.empty()) {
        text.replace(text.find(from), from.size(), to);
    }
    return text;
}

std::string error_in(const std::string& text) {
    const auto result = read_result(text);
    return result ? "" : result.error();
}

} // namespace

TEST_CASE("read_result reads every document that reports are held to") {
    std::size_t read = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(TLSDOCTOR_SOURCE_DIR "/tests/golden/report")) {
        if (entry.path().extension() == ".json") {
            const std::string text = golden_result(entry.path().filename().string());
            CAPTURE(entry.path());
            if (text.contains("\"command\": \"check\"")) {
                CHECK(error_in(text) == "");
                ++read;
            }
        }
    }
    CHECK(read > 8);
}

TEST_CASE("read_result takes over what the document says") {
    const auto result = read_result(golden_result("cert_not_trusted.json"));
    REQUIRE(result.has_value());
    CHECK(result->host == "shop.example");
    CHECK(result->port == 443);
    CHECK(result->sni == "shop.example");
    CHECK_FALSE(result->starttls.has_value());
    CHECK(result->status == "fail");
    CHECK(result->cause == "cert_not_trusted");
    CHECK(result->side == "server");
    CHECK(result->confidence == "proven");
    CHECK(result->started == "2026-11-23T10:00:00Z");
    CHECK(result->elapsed_ms == 41);
    CHECK(result->tool_version == "0.1.0");
    CHECK(result->data_date == "2026-11-23");
    REQUIRE_FALSE(result->findings.empty());
    CHECK(result->findings.front() == "cert_not_trusted");
    REQUIRE(result->endpoints.size() == 1);
    const ResultEndpoint& endpoint = result->endpoints.front();
    CHECK(endpoint.state == "open");
    CHECK(endpoint.protocol == "tls");
    CHECK(endpoint.versions.size() == 6);
    CHECK(endpoint.versions.back().version == ProtocolVersion::tls_1_3);
    CHECK(endpoint.versions.back().outcome == "accepted");
    CHECK(endpoint.certificate_expires != "");
    CHECK(endpoint.handshake);
    CHECK(endpoint.trust == "expired");
}

TEST_CASE("read_result reads enumerated suites, and versions that it knows") {
    const auto result = read_result(least());
    REQUIRE(result.has_value());
    const ResultEndpoint& endpoint = result->endpoints.front();
    REQUIRE(endpoint.cipher_suites.size() == 1);
    CHECK(endpoint.cipher_suites[0].version == ProtocolVersion::tls_1_2);
    CHECK(endpoint.cipher_suites[0].names.size() == 2);
    CHECK(endpoint.cipher_suites[0].names[1] == "TLS_PSK_WITH_AES_128_CCM");
    CHECK_FALSE(endpoint.cipher_suites[0].complete);
    CHECK_FALSE(endpoint.handshake);
    const auto later = read_result(least("\"TLS 1.2\",\"outcome\"", "\"TLS 1.9\",\"outcome\""));
    REQUIRE(later.has_value());
    CHECK(later->endpoints.front().versions.empty());
}

TEST_CASE("read_result says what is wrong, and where") {
    const struct {
        const char* name;
        std::string text;
        const char* error;
    } cases[] = {
        {"nothing", "", "byte 0: incomplete JSON"},
        {"no JSON", "FAIL a.example:443", "byte 0: syntax error"},
        {"a list", "[]", "an object is wanted"},
        {"another object", "{}", "no result of tlsdoctor: the member 'schema' is missing"},
        {"a later major version", least("tlsdoctor/1", "tlsdoctor/2"),
         "the schema is 'tlsdoctor/2', and this version reads tlsdoctor/1"},
        {"a longer number", least("tlsdoctor/1", "tlsdoctor/10"),
         "the schema is 'tlsdoctor/10', and this version reads tlsdoctor/1"},
        {"a schema that is a number", least("\"tlsdoctor/1\"", "1"), "schema: a string is wanted"},
        {"a recording", least("tlsdoctor/1", "tlsdoctor-evidence/1"),
         "this is a recording; 'tlsdoctor check --replay FILE --json' makes a result of it"},
        {"another command", least("\"scan\"", "\"client\""),
         "a result of 'check' or 'scan' is wanted, and this is one of 'client'"},
        {"no target", least("\"target\"", "\"goal\""), "the member 'target' is missing"},
        {"a null target", least(R"({"host":"a.example","port":443,"sni":"a.example"})", "null"),
         "the member 'target' is missing"},
        {"a target of another type",
         least(R"({"host":"a.example","port":443,"sni":"a.example"})", "[]"),
         "target: an object is wanted"},
        {"no host", least("\"host\"", "\"name\""), "target: the target has no host"},
        {"a port out of range", least(R"("port":443)", R"("port":65536)"),
         "target.port: a whole number up to 65535 is wanted"},
        {"a negative port", least(R"("port":443)", R"("port":-1)"),
         "target.port: a whole number up to 65535 is wanted"},
        {"no verdict", least("\"verdict\"", "\"opinion\""), "the member 'verdict' is missing"},
        {"an unknown status", least(R"("status":"ok")", R"("status":"fine")"),
         "verdict: the status is none of ok, warn, fail and unsure"},
        {"no cause", least(R"("cause":"healthy")", R"("cause":"")"),
         "verdict: the verdict has no cause"},
        {"an endpoint of another type", least(R"("endpoints":[)", R"("endpoints":[7,)"),
         "endpoints[0]: an object is wanted"},
        {"an outcome of another type", least(R"("outcome":"accepted")", R"("outcome":{})"),
         "endpoints[0].versions[0].outcome: a string is wanted"},
        {"a suite without a name", least(R"({"name":"TLS_AES)", R"({"nome":"TLS_AES)"),
         "endpoints[0].cipher_suites[0].accepted[0]: a name is wanted"},
        {"two documents", least() + least(), "extra data"},
        {"depth", std::string(100'000, '['), "byte 32: too deep"},
        {"no UTF-8", least("a.example", "\xFF.example"), "byte 59: syntax error"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.name);
        const std::string error = error_in(c.text);
        CHECK_MESSAGE(error.contains(c.error), error);
    }
}

TEST_CASE("read_result refuses every truncation") {
    const std::string whole = golden_result("healthy.json");
    REQUIRE(error_in(whole) == "");
    const std::size_t end = whole.find_last_of('}');
    for (std::size_t size = 0; size <= end; ++size) {
        CAPTURE(size);
        CHECK_FALSE(read_result(std::string_view{whole}.substr(0, size)).has_value());
    }
}

TEST_CASE("read_result survives every byte replaced, and any part of a line lost") {
    const std::string whole = least();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const char c : {'\0', '"', '{', ']', '9', '\xC3'}) {
            std::string broken = whole;
            broken[at] = c;
            const auto result = read_result(broken);
            CHECK((result.has_value() || !result.error().empty()));
        }
        const auto torn = read_result(whole.substr(at));
        CHECK((at == 0 || !torn.has_value()));
    }
}

TEST_CASE("read_result refuses what is too long before it reads it") {
    const std::string text(k_most_result_bytes + 1, ' ');
    CHECK(error_in(text).starts_with("the result is 33554433 bytes long"));
}

TEST_CASE("read_to_keep keeps what results are compared by") {
    const std::string whole = golden_result("legacy.json");
    const auto kept = read_to_keep(whole);
    REQUIRE(kept.has_value());
    CHECK_FALSE(kept->document.contains('\n'));
    CHECK_FALSE(kept->document.contains("\"evidence\":[{\"id\""));
    const auto before = read_result(whole);
    const auto after = read_result(kept->document);
    REQUIRE(after.has_value());
    CHECK(kept->result.summary == before->summary);
    CHECK(after->summary == before->summary);
    CHECK(after->findings == before->findings);
    CHECK(after->endpoints.size() == before->endpoints.size());
    CHECK_FALSE(read_to_keep("[]").has_value());
    CHECK_FALSE(read_to_keep(whole.substr(0, 100)).has_value());
}

TEST_CASE("identity_of tells targets apart, and nothing else") {
    const struct {
        const char* name;
        Result result;
        const char* identity;
    } cases[] = {
        {"a name", {.host = "A.example", .port = 443, .sni = "a.Example"}, "a.example:443"},
        {"no server name", {.host = "a.example", .port = 443}, "a.example:443 no-sni"},
        {"another server name",
         {.host = "a.example", .port = 443, .sni = "b.example"},
         "a.example:443 sni=b.example"},
        {"a trailing dot",
         {.host = "a.example", .port = 443, .sni = "a.example."},
         "a.example:443 sni=a.example."},
        {"IPv4", {.host = "192.0.2.7", .port = 8443}, "192.0.2.7:8443"},
        {"IPv4 with a name",
         {.host = "192.0.2.7", .port = 443, .sni = "a.example"},
         "192.0.2.7:443 sni=a.example"},
        {"IPv6", {.host = "2001:DB8::1", .port = 443}, "[2001:db8::1]:443"},
        {"STARTTLS",
         {.host = "a.example", .port = 25, .sni = "a.example", .starttls = "smtp"},
         "a.example:25 starttls=smtp"},
        {"hostile text",
         {.host = "a:1 sni=b", .port = 1, .sni = "x starttls=%"},
         "[a:1%20sni=b]:1 sni=x%20starttls=%25"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.name);
        CHECK(identity_of(c.result) == c.identity);
    }
}

} // namespace tlsdoctor::evidence
