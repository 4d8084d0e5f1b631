// SPDX-License-Identifier: Apache-2.0
// What `config` can be asked for, and what excludes what; which endpoints a name and address mean.
#include <doctest/doctest.h>

#include "cli/config_knowledge.hpp"
#include "cli/config_question.hpp"
#include "cli/options.hpp"

namespace tlsdoctor::cli {

namespace {

struct RefusedConfig {
    const char* name;
    std::vector<std::string> words;
    const char* what; ///< in the complaint
};

const RefusedConfig k_refused_configs[] = {
    {"an unknown server", {"--server", "nginks"}, "not a known server"},
    {"a version that is none", {"--server-version", "new"}, "not a version"},
    {"two operands", {"a", "b"}, "one configuration at a time"},
    {"a format that is none", {"--format", "xml"}, "is no format"},
    {"two formats", {"--json", "--format", "sarif"}, "exclude each other"},
    {"reload alone", {"--reload"}, "belongs to --apply"},
    {"a linter that applies", {"--lint", "--apply"}, "files alone"},
    {"applying to a dump", {"--apply", "-"}, "standard input is none"},
    {"a name and none", {"--sni", "a.test", "--no-sni"}, "exclude each other"},
    {"a policy that is none", {"--target", "newest"}, "--target: 'newest'"},
    {"an expectation that is none", {"--expect", "tls9"}, "--expect"},
    {"an option of check", {"--policy", "modern"}, "is no option of 'config'"},
};

evidence::Configuration two_sockets() {
    evidence::Configuration configuration;
    const auto add = [&](std::string address, std::optional<std::string> sni) {
        configuration.endpoints.push_back({.address = std::move(address), .sni = std::move(sni)});
    };
    add("0.0.0.0:443", std::nullopt);
    add("0.0.0.0:443", "*.a.test");
    add("0.0.0.0:443", "www.a.test");
    add("0.0.0.0:443", "*");
    add("[::1]:8443", "*");
    return configuration;
}

using Numbers = std::vector<std::size_t>;

} // namespace

TEST_CASE("mistakes of config are refused before a file is opened") {
    for (const RefusedConfig& c : k_refused_configs) {
        CAPTURE(c.name);
        std::vector<std::string> words{"config"};
        words.insert(words.end(), c.words.begin(), c.words.end());
        const auto options = read_options(words);
        REQUIRE(!options);
        CAPTURE(options.error().what);
        CHECK(options.error().what.contains(c.what));
    }
}

TEST_CASE("the options of config are read") {
    const std::vector<std::string> words{"config", "/etc/nginx", "--server",      "nginx",
                                         "--sni",  "A.test",     "--target",      "intermediate",
                                         "--lint", "--format",   "github",        "--fail-on",
                                         "warn",   "--expect",   "tls1.2,!tls1.0"};
    const auto options = read_options(words);
    REQUIRE(options);
    CHECK(options->command == Command::config);
    CHECK(options->config.input == "/etc/nginx");
    CHECK(options->config.sni == "a.test");
    CHECK(options->config.format == ConfigFormat::github);
    CHECK(options->config.target->versions->size() == 2);
    CHECK(options->visit.question.expect.size() == 2);
    CHECK(options->fail_on.warn);
}

TEST_CASE("an address and a name choose the endpoint that would answer") {
    const evidence::Configuration files = two_sockets();
    CHECK(endpoints_for(files, "", true, {}).size() == 5);
    CHECK(endpoints_for(files, "", false, "www.a.test") == Numbers{2, 4});
    CHECK(endpoints_for(files, "443", false, "x.a.test") == Numbers{1});
    CHECK(endpoints_for(files, "443", false, "b.test") == Numbers{3});
    CHECK(endpoints_for(files, "443", false, std::nullopt) == Numbers{0});
    CHECK(endpoints_for(files, "192.0.2.7:443", false, "www.a.test") == Numbers{2});
    CHECK(endpoints_for(files, "::1", true, {}) == Numbers{4});
    CHECK(endpoints_for(files, "[::1]:8443", true, {}) == Numbers{4});
    CHECK(endpoints_for(files, "25", true, {}).empty());
    CHECK(endpoints_for(files, "192.0.2.7:25", true, {}).empty());
    CHECK(endpoints_for(files, "192.0.2.7", true, {}).size() == 4);
}

TEST_CASE("suites and their refusal are the library's") {
    const auto suites = config_knowledge().suites("ECDHE-RSA-AES128-GCM-SHA256");
    REQUIRE(suites);
    CHECK(suites->size() == 1);
    CHECK(!config_knowledge().suites("PROFILE=SYSTEM"));
    CHECK(!config_knowledge().certificate("no certificate"));
}

} // namespace tlsdoctor::cli
