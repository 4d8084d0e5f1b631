// SPDX-License-Identifier: Apache-2.0
// The forms of a run's files: one document, or a line for each target.
#include "cli/results.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "cli/folder.hpp"
#include "cli/sources.hpp"
#include "registry/cause.hpp"

using tlsdoctor::cli::OutputOptions;
using tlsdoctor::cli::read_recording;
using tlsdoctor::cli::Results;
using tlsdoctor::test::content;
using tlsdoctor::test::Folder;

namespace {

tlsdoctor::advise::CaseFile case_of(const char* host) {
    tlsdoctor::advise::CaseFile file;
    file.visit.target = {.input = host, .host = host};
    file.diagnosis.findings.push_back({.cause = tlsdoctor::find_cause("healthy")});
    return file;
}

auto lines_in(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

} // namespace

TEST_CASE("one target is recorded as one document that can be replayed") {
    const Folder folder;
    const OutputOptions options{
        .quiet = true, .json_file = folder.file("r"), .record = folder.file("v")
    };
    auto results = Results::open(options, false, {});
    REQUIRE(results.has_value());
    REQUIRE(results->add(case_of("a.example")).has_value());
    REQUIRE(results->finish(false).has_value());
    CHECK(content(folder.file("r")).starts_with("{\n"));
    CHECK(content(folder.file("r")).find("\"tlsdoctor/1\"") != std::string::npos);
    const auto visits = read_recording(content(folder.file("v")), "v");
    REQUIRE(visits.has_value());
    CHECK(visits->front().target.host == "a.example");
}

TEST_CASE("several targets are JSON Lines") {
    const Folder folder;
    const OutputOptions options{
        .quiet = true, .json_file = folder.file("r"), .record = folder.file("v")
    };
    auto results = Results::open(options, true, {});
    REQUIRE(results.has_value());
    REQUIRE(results->add(case_of("a.example")).has_value());
    REQUIRE(results->add(case_of("b.example")).has_value());
    REQUIRE(results->finish(false).has_value());
    CHECK(lines_in(content(folder.file("r"))) == 2);
    CHECK(read_recording(content(folder.file("v")), "v")->size() == 2);
}

TEST_CASE("a file that exists stops the run before it begins, and nothing is left of the other") {
    const Folder folder;
    const OutputOptions options{.json_file = folder.file("r"), .record = folder.file("v", "old")};
    CHECK_FALSE(Results::open(options, false, {}).has_value());
    CHECK(folder.count() == 1);
}
