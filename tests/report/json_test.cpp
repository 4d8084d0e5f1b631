// SPDX-License-Identifier: Apache-2.0
// The JSON document against golden files. The test `report_schema` holds the same files to
// schema/check.schema.json.
#include "report/json.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include "golden.hpp"
#include "situations.hpp"

namespace tlsdoctor::report {

namespace {

const JsonOptions k_check = {.version = "0.1.0", .data_date = "2026-11-23"};

const json::object& only_endpoint(const json::object& document) {
    return document.at("endpoints").as_array().at(0).as_object();
}

} // namespace

TEST_CASE("to_json writes each situation as its golden file does") {
    for (const Situation& one : situations()) {
        CAPTURE(one.name);
        const std::string text = evidence::pretty(to_json(one.file, k_check));
        CHECK(text == golden(std::string{one.name} + ".json", text));
    }
}

TEST_CASE("to_json adds the bytes for --evidence and leaves the evidence out for scan") {
    struct {
        std::string_view file;
        std::string_view situation;
        JsonOptions options;
    } const cases[] = {
        {"only_tls13_bytes.json",
         "only_tls13",
         {.version = "0.1.0", .data_date = "2026-11-23", .with_bytes = true}},
        {"only_tls13_scan.json",
         "only_tls13",
         {.command = "scan", .version = "0.1.0", .data_date = "2026-11-23"}},
    };
    for (const auto& c : cases) {
        CAPTURE(c.file);
        const std::string text = evidence::pretty(to_json(situation(c.situation), c.options));
        CHECK(text == golden(c.file, text));
    }
}

TEST_CASE("to_json has all six versions at every endpoint") {
    for (const Situation& one : situations()) {
        CAPTURE(one.name);
        const json::object document = to_json(one.file, k_check);
        CHECK_FALSE(document.at("endpoints").as_array().empty());
        for (const json::value& endpoint : document.at("endpoints").as_array()) {
            CHECK(endpoint.at("versions").as_array().size() == 6);
        }
    }
}

TEST_CASE("json_line is the same document on one line") {
    for (const Situation& one : situations()) {
        CAPTURE(one.name);
        const json::object document = to_json(one.file, k_check);
        const std::string line = json_line(document);
        CHECK(line.find('\n') == line.size() - 1);
        CHECK(evidence::pretty(json::parse(line)) == evidence::pretty(document));
    }
    CHECK(
        json_line(json::object{{"a", "x\n  y"}, {"ms", 3.1}}) ==
        "{\"a\": \"x\\n  y\",\"ms\": 3.1}\n"
    );
}

TEST_CASE("to_json lists the clients that fail first") {
    const json::object document = to_json(situation("only_tls13"), k_check);
    const json::array& clients = document.at("clients").as_array();
    CHECK(clients.size() == 9);
    CHECK(std::ranges::is_partitioned(clients, [](const json::value& client) {
        return client.at("outcome") == "fails";
    }));
}

TEST_CASE("to_json says what failed after an acceptance") {
    const json::object document = to_json(situation("legacy"), k_check);
    const json::object& version =
        only_endpoint(document).at("versions").as_array().at(2).as_object();
    CHECK(version.at("outcome") == "accepted");
    CHECK(version.at("after").at("alert").at("code") == 80);
    CHECK(version.at("after").at("encrypted") == false);
}

TEST_CASE("to_json says after which message an encrypted alert came") {
    advise::CaseFile file = situation("healthy");
    for (evidence::Exchange& exchange : file.visit.endpoints[0].exchanges) {
        if (exchange.selection && exchange.selection->version == ProtocolVersion::tls_1_3) {
            exchange.alert_after = evidence::Alert{
                .level = AlertLevel::fatal, .description = AlertDescription::handshake_failure
            };
            exchange.after_encrypted = true;
            exchange.flight = evidence::Flight{.stage = "EncryptedExtensions"};
        }
    }
    const json::object document = to_json(file, k_check);
    const json::value& after = only_endpoint(document).at("versions").as_array().at(5).at("after");
    CHECK(after.at("alert").at("code") == 40);
    CHECK(after.at("encrypted") == true);
    CHECK(after.at("stage") == "encrypted_extensions");
}

TEST_CASE("to_json gives the alert that ended a whole handshake, and who may sign") {
    advise::CaseFile file = situation("healthy");
    evidence::Handshake& handshake = *file.visit.endpoints[0].handshake;
    handshake.version = ProtocolVersion::tls_1_3;
    handshake.asked_for_certificate = true;
    handshake.certificate_authorities = {"CN=One"};
    CHECK(only_endpoint(to_json(file, k_check)).at("client_certificate").at("wish") == "requested");
    handshake.failure_after = "the server sent alert 116 certificate_required";
    handshake.alert = evidence::Alert{
        .level = AlertLevel::fatal, .description = AlertDescription::certificate_required
    };
    handshake.alert_encrypted = true;
    const json::object document = to_json(file, k_check);
    const json::object& endpoint = only_endpoint(document);
    CHECK(endpoint.at("client_certificate").at("wish") == "required");
    CHECK(endpoint.at("client_certificate").at("authorities") == json::array{"CN=One"});
    const json::value& after = endpoint.at("versions").as_array().at(5).at("after");
    CHECK(after.at("alert").at("code") == 116);
    CHECK(after.at("encrypted") == true);
    CHECK(after.at("stage") == "connected");
    CHECK(after.at("detail") == "the server sent alert 116 certificate_required");
}

TEST_CASE("to_json lists an exchange once however often a finding cites it") {
    advise::CaseFile file = situation("silent");
    auto& cited = file.diagnosis.findings[0].evidence;
    cited = {cited[1], cited[0], cited[1]};
    const json::object document = to_json(file, k_check);
    CHECK(document.at("findings").as_array()[0].at("evidence") == json::array{"e6", "e5"});
}

TEST_CASE("to_json names the protocol that was met") {
    struct {
        std::string_view situation;
        json::value protocol;
    } const cases[] = {
        {"healthy", "tls"},
        {"http", "http"},
        {"silent", nullptr},
        {"closed_port", nullptr},
    };
    for (const auto& c : cases) {
        CAPTURE(c.situation);
        const json::object document = to_json(situation(c.situation), k_check);
        CHECK(only_endpoint(document).at("protocol") == c.protocol);
    }
}

TEST_CASE("to_json gives a target without an address one endpoint") {
    advise::CaseFile cut = situation("dns_failure");
    cut.visit.dns_error.clear();
    cut.visit.interrupted = true;
    const json::object failed = to_json(situation("dns_failure"), k_check);
    const json::object not_begun = to_json(cut, k_check);
    CHECK(only_endpoint(failed).at("address").is_null());
    CHECK(only_endpoint(failed).at("state") == "dns_failure");
    CHECK(only_endpoint(not_begun).at("state").is_null());
}

} // namespace tlsdoctor::report
