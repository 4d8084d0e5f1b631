// SPDX-License-Identifier: Apache-2.0
// A file that grows line by line.
#include "cli/line_output.hpp"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "cli/folder.hpp"

using tlsdoctor::cli::Existing;
using tlsdoctor::cli::LineOutput;
using tlsdoctor::cli::OutputError;
using tlsdoctor::test::content;
using tlsdoctor::test::Folder;

TEST_CASE("lines are in the file as soon as they are written") {
    const Folder folder;
    const std::string path = folder.file("out");
    auto output = LineOutput::open(path, Existing::refused);
    REQUIRE(output.has_value());
    REQUIRE(output->write("one\n").has_value());
    CHECK(content(path) == "one\n");
    REQUIRE(output->write("two\n").has_value());
    CHECK(content(path) == "one\ntwo\n");
    CHECK(output->finish().has_value());
}

TEST_CASE("a file that is there is refused, replaced or continued") {
    const Folder folder;
    const std::string path = folder.file("out", "old\ntorn");
    const auto refused = LineOutput::open(path, Existing::refused);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind == OutputError::Kind::exists);
    SUBCASE("replaced") {
        auto output = LineOutput::open(path, Existing::replaced);
        REQUIRE(output.has_value());
        REQUIRE(output->write("new\n").has_value());
        CHECK(content(path) == "new\n");
    }
    SUBCASE("continued") {
        auto output = LineOutput::open(path, Existing::continued);
        REQUIRE(output.has_value());
        std::string read;
        REQUIRE(output->read_back([&](std::string_view bytes) -> std::expected<void, std::string> {
            read += bytes;
            return {};
        }));
        CHECK(read == "old\ntorn");
        REQUIRE(output->cut(4).has_value());
        REQUIRE(output->write("new\n").has_value());
        CHECK(content(path) == "old\nnew\n");
    }
    SUBCASE("not what another run writes to") {
        auto output = LineOutput::open(path, Existing::continued);
        REQUIRE(output.has_value());
        const auto second = LineOutput::open(path, Existing::replaced);
        REQUIRE_FALSE(second.has_value());
        CHECK(second.error().what.contains("another run writes to it"));
        CHECK(content(path) == "old\ntorn");
    }
}

TEST_CASE("a full disk is told, and devices are written directly") {
    auto full = LineOutput::open("/dev/full", Existing::refused);
    REQUIRE(full.has_value());
    const auto written = full->write("one\n");
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().what == "cannot write /dev/full: No space left on device");
    const Folder folder;
    const std::string below_a_file = folder.file("file", "") + "/out";
    CHECK_FALSE(LineOutput::open(below_a_file, Existing::refused).has_value());
}
