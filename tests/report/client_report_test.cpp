// SPDX-License-Identifier: Apache-2.0
// The reports about clients against golden files, made from recordings of real programs
// (tests/causes/). The test `report_client_schema` holds the documents to
// schema/client.schema.json.
#include <fstream>
#include <iterator>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "client/heard.hpp"
#include "evidence/client_json.hpp"
#include "golden.hpp"
#include "report/client_json.hpp"
#include "report/client_screen.hpp"
#include "report/local_report.hpp"

namespace tlsdoctor::report {

namespace {

struct ClientCaseFile {
    std::string name;
    std::string_view recording;
};

const ClientCaseFile k_client_files[] = {
    {"healthy", "healthy/client_curl"},
    {"pinned", "client_version_pinned/client_openssl_tls1"},
    {"too_old", "server_requires_newer_version/client_openssl_098"},
    {"ssl2", "server_requires_newer_version/client_ssl2"},
    {"no_protocols", "no_protocols_enabled/client_gnutls"},
    {"plain", "client_speaks_plain_to_tls/client_http"},
    {"never_came", "unknown/client_never_came"},
};

advise::ClientFile recorded_client(std::string_view recording) {
    std::ifstream file(TLSDOCTOR_SOURCE_DIR "/tests/causes/" + std::string{recording} + ".json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const json::object document = json::parse(text).as_object();
    auto visit = evidence::client_visit_from_json(json::serialize(document.at("client_visit")));
    REQUIRE(visit);
    client::read_heard(*visit);
    return advise::client_file(*std::move(visit));
}

advise::ClientFile hostile_client() {
    evidence::ClientVisit visit{
        .label = "evil\x1b[31m",
        .host = "localhost",
        .connections = 1,
        .hellos = {{.id = "e1", .kind = wire::OpeningKind::clear_text, .ending = "answered"}},
        .program =
            evidence::ProgramRun{
                .command = {"\x1b]0;x\x07", "{}"},
                .ending = "exited",
                .exit_code = 0,
                .output_tail = "\x1b[2J\xff\xfe red\n"
            }
    };
    const ByteView bytes = as_bytes("GET \x1b[31m\r\n");
    visit.hellos[0].bytes.assign(bytes.begin(), bytes.end());
    client::read_heard(visit);
    return advise::client_file(std::move(visit));
}

} // namespace

TEST_CASE("each recorded client is written as its golden files are") {
    for (const ClientCaseFile& one : k_client_files) {
        CAPTURE(one.name);
        const advise::ClientFile file = recorded_client(one.recording);
        const std::string screen_text = screen(file, {});
        CHECK(screen_text == golden("client/" + one.name + ".txt", screen_text));
        const std::string document =
            evidence::pretty(to_json(file, {.version = "0.1.0", .data_date = "2026-11-23"}));
        CHECK(document == golden("client/" + one.name + ".json", document));
    }
}

TEST_CASE("the report of a client fits on a screen, and -v shows every suite") {
    for (const ClientCaseFile& one : k_client_files) {
        CAPTURE(one.name);
        const std::string text = screen(recorded_client(one.recording), {.columns = 80});
        CHECK(split(text, '\n').size() <= 31);
    }
    const std::string all = screen(recorded_client("healthy/client_curl"), {.verbose = true});
    CHECK(all.find("TLS_RSA_WITH_AES_128_CBC_SHA") != std::string::npos);
}

TEST_CASE("nothing that a client sends or prints reaches the terminal as a command") {
    const advise::ClientFile file = hostile_client();
    for (const std::string& text :
         {screen(file, {}), screen(file, {.verbose = true}), quiet_line(file, true)}) {
        CHECK(text.find('\x1b') == std::string::npos);
        CHECK(text.find('\x07') == std::string::npos);
    }
    const std::string document = json_line(to_json(file, {}));
    CHECK(document.find('\x1b') == std::string::npos);
    CHECK_NOTHROW(json::parse(document));
}

TEST_CASE("one line says the verdict") {
    CHECK(
        quiet_line(recorded_client("healthy/client_curl"), true) ==
        "OK  client  healthy  none  proven  curl offers TLS 1.2 and TLS 1.3, with suites and "
        "groups "
        "that today's servers accept.\n"
    );
}

TEST_CASE("the clients of a machine are written as their golden files are") {
    evidence::LocalMachine machine{.started = "2026-11-29T08:00:00Z", .elapsed_ms = 1'200};
    machine.programs = {
        {.name = "curl",
         .path = "/usr/bin/curl",
         .version = "curl 7.88.1",
         .library = "OpenSSL",
         .visit = recorded_client("healthy/client_curl").visit,
         .settings =
             {{.name = "MinProtocol",
               .value = "TLSv1.2",
               .file = "/etc/ssl/openssl.cnf",
               .line = 7,
               .effect = "nothing below TLS 1.2",
               .contradicted_by = "TLS 1.1, TLS 1.0"}}},
        {.name = "GnuTLS",
         .path = "/usr/bin/gnutls-cli",
         .version = "gnutls-cli 3.7.9",
         .library = "GnuTLS",
         .visit = recorded_client("no_protocols_enabled/client_gnutls").visit},
    };
    const auto step = [](const char* name, evidence::Reaction acceptance) {
        return evidence::WalkStep{
            .group = evidence::WalkGroup::versions, .name = name, .acceptance = acceptance
        };
    };
    machine.programs[0].visit.walk = evidence::Walk{
        .steps =
            {step("TLS 1.1", evidence::Reaction::refused),
             step("TLS 1.2", evidence::Reaction::accepted),
             step("TLS 1.3", evidence::Reaction::accepted)}
    };
    machine.settings = {
        {.name = "crypto policy",
         .value = "FUTURE",
         .file = "/etc/crypto-policies/state/current",
         .line = 1,
         .effect = "limits all"}
    };
    const advise::LocalFile file = advise::local_file(std::move(machine));
    const std::string text = screen(file, {});
    CHECK(text == golden("local/two.txt", text));
    const std::string document =
        evidence::pretty(to_json(file, {.version = "0.1.0", .data_date = "2026-11-23"}));
    CHECK(document == golden("local/two.json", document));
    CHECK(split(quiet_lines(file, true), '\n').size() == 3);
    const advise::LocalFile none = advise::local_file({.started = "2026-11-29T08:00:00Z"});
    CHECK(screen(none, {}).starts_with("UNSURE"));
    const std::string empty =
        evidence::pretty(to_json(none, {.version = "0.1.0", .data_date = "2026-11-23"}));
    CHECK(empty == golden("local/none.json", empty));
}

} // namespace tlsdoctor::report
