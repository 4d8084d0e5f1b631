// SPDX-License-Identifier: Apache-2.0
// Every recorded client of tests/causes/*/client_*.json is diagnosed again: what must be found,
// what must not, and that each claim cites a connection or a word of the program.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include "client/heard.hpp"
#include "diagnose/client_case.hpp"
#include "diagnose/diagnose.hpp"
#include "diagnose/diagnose_client.hpp"
#include "evidence/client_json.hpp"
#include "making.hpp"

namespace tlsdoctor::diagnose {

namespace {

struct ClientRecording {
    std::string name{};
    std::string verdict{};
    std::vector<std::string> must{};
    std::vector<std::string> must_not{};
    evidence::ClientVisit visit{};
};

ClientRecording read_client_recording(const std::filesystem::path& path) {
    const std::string name = path.parent_path().filename().string() + "/" + path.stem().string();
    INFO("the recording ", name);
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const json::object document = json::parse(text).as_object();
    auto visit = evidence::client_visit_from_json(json::serialize(document.at("client_visit")));
    REQUIRE_MESSAGE(visit, visit.error().where, ": ", visit.error().what);
    client::read_heard(*visit);
    return {
        .name = name,
        .verdict = json::value_to<std::string>(document.at("verdict")),
        .must = json::value_to<std::vector<std::string>>(document.at("must")),
        .must_not = json::value_to<std::vector<std::string>>(document.at("must_not")),
        .visit = *std::move(visit),
    };
}

const std::vector<ClientRecording>& client_recordings() {
    static const std::vector<ClientRecording> all = [] {
        std::set<std::filesystem::path> paths;
        const std::filesystem::path folder{TLSDOCTOR_SOURCE_DIR "/tests/causes"};
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            const std::string file = entry.path().filename().string();
            if (file.starts_with("client_") && file.ends_with(".json")) {
                paths.insert(entry.path());
            }
        }
        std::vector<ClientRecording> read;
        std::ranges::transform(paths, std::back_inserter(read), read_client_recording);
        return read;
    }();
    return all;
}

evidence::ClientVisit of_command(std::vector<std::string> command, std::string output) {
    return {
        .host = "localhost",
        .port = 8443,
        .program =
            evidence::ProgramRun{
                .command = std::move(command),
                .ending = "exited",
                .exit_code = 1,
                .output_tail = std::move(output)
            }
    };
}

} // namespace

TEST_CASE("every recorded client shows what it must and nothing that it must not") {
    REQUIRE(client_recordings().size() >= 40);
    for (const ClientRecording& recording : client_recordings()) {
        const auto found = causes_of(diagnose(recording.visit));
        INFO(recording.name, " found ", found.front());
        CHECK(found.front() == recording.verdict);
        for (const std::string& cause : recording.must) {
            CHECK_MESSAGE(has(found, cause), cause, " must be found");
        }
        for (const std::string& cause : recording.must_not) {
            CHECK_MESSAGE(!has(found, cause), cause, " must not be found");
        }
    }
}

TEST_CASE("every finding about a client cites what it heard, and stands in its order") {
    for (const ClientRecording& recording : client_recordings()) {
        INFO(recording.name);
        std::set<std::string> ids{""}; // a word of the program has no connection
        for (const evidence::HeardHello& hello : recording.visit.hellos) {
            ids.insert(hello.id);
        }
        const Diagnosis diagnosis = diagnose(recording.visit);
        CHECK(std::ranges::is_sorted(diagnosis.findings, worse));
        for (const Finding& finding : diagnosis.findings) {
            CHECK((finding.status == Status::unsure || !finding.evidence.empty()));
            CHECK(finding.summary.ends_with('.'));
            for (const Citation& citation : finding.evidence) {
                CHECK(ids.contains(citation.exchange));
                CHECK(!citation.text.empty());
            }
        }
    }
}

TEST_CASE("a recorded client reads back as it was written") {
    for (const ClientRecording& recording : client_recordings()) {
        INFO(recording.name);
        const std::string once = evidence::pretty(evidence::to_json(recording.visit));
        const auto again = evidence::client_visit_from_json(once);
        REQUIRE(again);
        CHECK(evidence::pretty(evidence::to_json(*again)) == once);
    }
    CHECK_FALSE(evidence::client_visit_from_json("[").has_value());
    CHECK_FALSE(evidence::client_visit_from_json(R"({"hellos":[{"kind":"rumour"}]})").has_value());
}

TEST_CASE("a client whose hello is missing claims no failure about the hello") {
    for (const ClientRecording& recording : client_recordings()) {
        evidence::ClientVisit cut = recording.visit;
        cut.hellos.clear();
        cut.program.reset();
        INFO(recording.name);
        CHECK(causes_of(diagnose(cut)) == std::vector<std::string>{"unknown"});
    }
}

TEST_CASE("what libraries print when they send nothing") {
    struct Row {
        const char* output;
        const char* verdict;
    };
    const Row table[] = {
        {"ssl.SSLError: [SSL: NO_PROTOCOLS_AVAILABLE] no protocols available (_ssl.c:997)",
         "no_protocols_enabled"},
        {"error:141A90B5:SSL routines:ssl_cipher_list_to_bytes:no ciphers available",
         "no_common_cipher"},
        {"tls: no supported versions satisfy MinVersion and MaxVersion", "no_protocols_enabled"},
        {"(SSL_ERROR_SSL_DISABLED) Cannot connect: SSL is disabled.", "no_protocols_enabled"},
        {"code: 'ERR_TLS_PROTOCOL_VERSION_CONFLICT'", "no_protocols_enabled"},
        {"javax.net.ssl.SSLHandshakeException: No appropriate protocol (protocol is disabled or "
         "cipher suites are inappropriate)",
         "java_disabled_algorithms"},
        {"ssl.SSLError: ('No cipher can be selected.',)", "no_common_cipher"},
        {"connection refused", "unknown"},
        {"", "unknown"},
    };
    for (const Row& row : table) {
        CAPTURE(row.output);
        const auto found = diagnose(of_command({"program", "{}"}, row.output)).findings;
        CHECK(found.front().cause->name == row.verdict);
    }
}

TEST_CASE("what to do where nothing came") {
    CHECK(diagnose(of_command({"true"}, ""))
              .findings.front()
              .summary.starts_with(
                  "Nothing connected to port 8443: the program ended with exit code 1."
              ));
    auto missing = of_command({"nope"}, "");
    missing.program->ending = "not_started";
    missing.program->error = "cannot run 'nope': No such file or directory";
    CHECK(
        diagnose(missing).findings.front().summary.find("cannot run 'nope'") != std::string::npos
    );
}

TEST_CASE("programs are called by their usual names") {
    CHECK(program_name("/usr/bin/python3.11") == "Python");
    CHECK(program_name("java") == "Java");
    CHECK(program_name("/opt/go") == "Go");
    CHECK(program_name("gopher").empty());
    CHECK(program_name("curl-gnutls") == "curl");
    CHECK(program_name("nodejs") == "Node.js");
    CHECK(program_name("").empty());
}

} // namespace tlsdoctor::diagnose
