// SPDX-License-Identifier: Apache-2.0
// Lists from files, and recordings of one and of several visits.
#include "cli/sources.hpp"

#include <string>

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include "cli/folder.hpp"
#include "evidence/json.hpp"

using tlsdoctor::cli::gather;
using tlsdoctor::cli::Options;
using tlsdoctor::cli::read_recording;
using tlsdoctor::evidence::pretty;
using tlsdoctor::evidence::to_json;
using tlsdoctor::evidence::Visit;
using tlsdoctor::test::Folder;

namespace {

Visit visit_of(const char* host) {
    return {.target = {.input = host, .host = host}};
}

std::string line_of(const char* host) {
    return boost::json::serialize(to_json(visit_of(host))) + "\n";
}

} // namespace

TEST_CASE("gather reads the lists after the targets and complains by file and line") {
    const Folder folder;
    const std::string list = folder.file("hosts", "b.example\nx:y:z\n");
    const auto sources =
        gather(Options{.targets = {{.host = "a.example"}}, .target_files = {list}});
    REQUIRE(sources.has_value());
    REQUIRE(sources->targets.size() == 2);
    CHECK(sources->targets[0].host == "a.example");
    CHECK(sources->targets[1].host == "b.example");
    REQUIRE(sources->complaints.size() == 1);
    CHECK(sources->complaints[0].starts_with(list + ":2: more than one ':'"));
}

TEST_CASE("gather reads blocks and rows, keeps what comes twice, and gives rows their name") {
    const Folder folder;
    const std::string list = folder.file(
        "hosts", "192.0.2.0/31\n192.0.2.7, b.example, tag, 8443\na.example\na.example\n"
    );
    Options options{.target_files = {list}};
    auto sources = gather(options);
    REQUIRE(sources.has_value());
    REQUIRE(sources->targets.size() == 5);
    CHECK(sources->targets[1].host == "192.0.2.1");
    CHECK(sources->targets[2].sni == "b.example");
    CHECK(sources->targets[2].port == 8443);
    CHECK(sources->targets[2].input == "192.0.2.7, b.example, tag, 8443");
    CHECK(sources->targets[4].host == "a.example");
    options.target_rules.sni = "c.example";
    options.target_rules.port = 99;
    sources = gather(options);
    CHECK(sources->targets[2].sni == "c.example");
    CHECK(sources->targets[2].port == 8443);
    CHECK(sources->targets[4].port == 99);
    options.target_rules = {.no_sni = true};
    CHECK(gather(options)->targets[2].sni == std::nullopt);
}

TEST_CASE("gather leaves a list that is a fleet to scan") {
    const Folder folder;
    const auto sources = gather(Options{.target_files = {folder.file("hosts", "10.0.0.0/8\n")}});
    REQUIRE_FALSE(sources.has_value());
    CHECK(sources.error().what == "the lists hold more than 65536 targets");
}

TEST_CASE("gather gives each target the options that make up its question") {
    Options options{.targets = {{.input = "a.example", .host = "a.example"}}};
    CHECK(gather(options)->targets[0].options.empty());
    options.target_rules.sni = "b.example";
    options.visit.insecure = true;
    options.visit.ipv6 = false;
    options.visit.connect_address = "::1";
    options.visit.connect_port = 8443;
    options.visit.ca_file = "my roots.pem";
    options.visit.question.expect = {
        {.version = tlsdoctor::ProtocolVersion::tls_1_2},
        {.version = tlsdoctor::ProtocolVersion::tls_1_0, .accepted = false}
    };
    CHECK(
        gather(options)->targets[0].options ==
        "-k -4 --sni b.example --connect '[::1]:8443' --ca 'my roots.pem' "
        "--expect 'tls1.2,!tls1.0'"
    );
}

TEST_CASE("gather refuses an address of the family that was excluded") {
    Options options{.targets = {{.input = "127.0.0.1", .host = "127.0.0.1", .literal = true}}};
    options.visit.ipv4 = false;
    const auto sources = gather(options);
    REQUIRE_FALSE(sources.has_value());
    CHECK(sources.error().what == "127.0.0.1 is no IPv6 address");
}

TEST_CASE("gather refuses a list that is not there, or empty") {
    const Folder folder;
    CHECK_FALSE(gather(Options{.target_files = {folder.file("none")}}).has_value());
    const auto empty = gather(Options{.target_files = {folder.file("empty", "# nothing\n")}});
    REQUIRE_FALSE(empty.has_value());
    CHECK(empty.error().what == "the list holds no target");
}

TEST_CASE("read_recording reads one visit, pretty or on a line") {
    for (const std::string& text : {pretty(to_json(visit_of("a.example"))), line_of("a.example")}) {
        CAPTURE(text);
        const auto visits = read_recording(text, "file");
        REQUIRE(visits.has_value());
        REQUIRE(visits->size() == 1);
        CHECK(visits->front().target.host == "a.example");
    }
}

TEST_CASE("read_recording reads several visits, one on a line") {
    const auto visits = read_recording(line_of("a.example") + "\n" + line_of("b.example"), "file");
    REQUIRE(visits.has_value());
    REQUIRE(visits->size() == 2);
    CHECK(visits->back().target.host == "b.example");
}

TEST_CASE("read_recording says which file and line it cannot read") {
    CHECK_FALSE(read_recording("", "file").has_value());
    CHECK_FALSE(read_recording("not JSON", "file").has_value());
    const auto second = read_recording(line_of("a.example") + "{]}\n", "file");
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().what.starts_with("file:2: not a recorded visit: "));
}
