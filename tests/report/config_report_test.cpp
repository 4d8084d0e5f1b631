// SPDX-License-Identifier: Apache-2.0
// What `config` shows: the screen, the document, and the forms for CI.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

#include "config_situation.hpp"
#include "evidence/json.hpp"
#include "golden.hpp"
#include "report/config_json.hpp"
#include "report/config_lint.hpp"
#include "report/config_screen.hpp"

namespace tlsdoctor::report {

namespace {

struct ConfigGolden {
    const char* name;
    advise::ConfigFile (*file)();
};
constexpr ConfigGolden k_configs[] = {
    {"default_server", default_server_decides},
    {"not_starting", does_not_start},
    {"healthy", healthy_configuration},
};

const JsonOptions k_config_document{
    .command = "config", .version = "0.1.0", .data_date = "2026-11-23"
};
const LintOptions k_lint{.folder = "/etc/nginx", .version = "0.1.0"};

void check_golden(const std::string& name, const std::string& text) {
    CAPTURE(name);
    CHECK(text == golden(name, text));
}

} // namespace

TEST_CASE("a configuration is shown in every form as it was") {
    for (const ConfigGolden& c : k_configs) {
        const advise::ConfigFile file = c.file();
        const std::string name = std::string{"config/"} + c.name;
        check_golden(name + ".txt", screen(file, {}));
        check_golden(name + "_verbose.txt", screen(file, {.verbose = true}));
        check_golden(name + ".json", evidence::pretty(to_json(file, k_config_document)));
        check_golden(name + ".lint", lint_lines(file, k_lint));
        check_golden(name + ".github", github_annotations(file, k_lint));
        check_golden(name + ".sarif", evidence::pretty(sarif(file, k_lint)));
    }
}

TEST_CASE("the screen of a configuration keeps to its lines, however many names there are") {
    advise::ConfigFile file = default_server_decides();
    for (int i = 0; i < 300; ++i) {
        evidence::ConfiguredEndpoint endpoint = file.configuration.endpoints[1];
        endpoint.address = "192.0.2." + std::to_string(i % 250) + ":443";
        endpoint.sni = "name" + std::to_string(i) + ".example";
        endpoint.certificate_key = i % 2 == 0 ? "rsa" : "ecdsa";
        file.configuration.endpoints.push_back(endpoint);
    }
    file.diagnosis = diagnose::diagnose(file.configuration, {});
    const std::string text = screen(file, {});
    CHECK(std::ranges::count(text, '\n') <= 24);
}

TEST_CASE("what a file says cannot leave its place in an annotation") {
    advise::ConfigFile file = does_not_start();
    file.diagnosis.findings.front().finding.summary = "100%\n::error::forged";
    file.diagnosis.findings.front().lines.front().file = "/etc/nginx/a,b:c.conf";
    const std::string text = github_annotations(file, k_lint);
    CHECK(
        text == "::error file=a%2Cb%3Ac.conf,line=13,title=tlsdoctor "
                "server_protocol_config::100%25%0A::error::forged\n"
    );
}

TEST_CASE("an edit keeps its tabs in the document") {
    const json::object document = to_json(default_server_decides(), k_config_document);
    CHECK(
        document.at("fixes").at(0).at("edits").at(0).at("new").as_string() ==
        "\tssl_protocols TLSv1.2 TLSv1.3;"
    );
}

TEST_CASE("one line says the verdict") {
    CHECK(
        quiet_line(does_not_start(), true) ==
        "FAIL  nginx  server_protocol_config  server  proven  nginx does not start: OpenSSL "
        "refuses this list of cipher suites.\n"
    );
}

} // namespace tlsdoctor::report
