// SPDX-License-Identifier: Apache-2.0
// Files are complete or as they were, and no error of writing goes unseen.
#include "cli/output.hpp"

#include <array>
#include <csignal>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/folder.hpp"

using tlsdoctor::cli::Output;
using tlsdoctor::cli::OutputError;
using tlsdoctor::cli::read_whole;
using tlsdoctor::test::content;
using tlsdoctor::test::Folder;

namespace fs = std::filesystem;

TEST_CASE("a new file appears when it is finished, not before") {
    const Folder folder;
    const std::string path = folder.file("out.json");
    auto output = Output::open(path, false);
    REQUIRE(output.has_value());
    REQUIRE(output->write("one ").has_value());
    REQUIRE(output->write("two").has_value());
    CHECK_FALSE(fs::exists(path));
    REQUIRE(output->finish().has_value());
    CHECK(content(path) == "one two");
    CHECK(folder.count() == 1);
}

TEST_CASE("an existing file is refused without --overwrite") {
    const Folder folder;
    const std::string path = folder.file("out.json", "old");
    const auto output = Output::open(path, false);
    REQUIRE_FALSE(output.has_value());
    CHECK(output.error().kind == OutputError::Kind::exists);
    CHECK(output.error().what == path + " exists; --overwrite replaces it");
    CHECK(content(path) == "old");
}

TEST_CASE("with --overwrite the old file stays until the new one is complete, and keeps its mode") {
    const Folder folder;
    const std::string path = folder.file("out.json", "old");
    fs::permissions(path, fs::perms{0640});
    auto output = Output::open(path, true);
    REQUIRE(output.has_value());
    REQUIRE(output->write("new").has_value());
    CHECK(content(path) == "old");
    REQUIRE(output->finish().has_value());
    CHECK(content(path) == "new");
    CHECK(fs::status(path).permissions() == fs::perms{0640});
    CHECK(folder.count() == 1);
}

TEST_CASE("an output that is not finished leaves nothing behind") {
    const Folder folder;
    const std::string path = folder.file("out.json", "old");
    {
        auto output = Output::open(path, true);
        REQUIRE(output.has_value());
        REQUIRE(output->write("half").has_value());
        CHECK(folder.count() == 2);
    }
    CHECK(content(path) == "old");
    CHECK(folder.count() == 1);
}

TEST_CASE("a file that appeared in the meantime is not overwritten") {
    const Folder folder;
    auto output = Output::open(folder.file("out.json"), false);
    REQUIRE(output.has_value());
    folder.file("out.json", "somebody else's");
    CHECK_FALSE(output->finish().has_value());
    CHECK(content(folder.file("out.json")) == "somebody else's");
}

TEST_CASE("a symbolic link stays one; the file behind it is replaced") {
    const Folder folder;
    const std::string real = folder.file("real.json", "old");
    const std::string link = folder.file("link.json");
    fs::create_symlink(real, link);
    auto output = Output::open(link, true);
    REQUIRE(output.has_value());
    REQUIRE(output->write("new").has_value());
    REQUIRE(output->finish().has_value());
    CHECK(fs::is_symlink(link));
    CHECK(content(real) == "new");
}

TEST_CASE("a device is written directly and stays a device") {
    auto output = Output::open("/dev/null", false);
    REQUIRE(output.has_value());
    CHECK(output->write("text").has_value());
    CHECK(output->finish().has_value());
    CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a full disk is reported") {
    auto output = Output::open("/dev/full", false);
    REQUIRE(output.has_value());
    const auto written = output->write("text");
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().kind == OutputError::Kind::not_written);
    CHECK(written.error().what == "cannot write /dev/full: No space left on device");
}

TEST_CASE("a folder that is not there is reported") {
    const Folder folder;
    const auto output = Output::open(folder.file("no/such/out.json"), false);
    REQUIRE_FALSE(output.has_value());
    CHECK(output.error().kind == OutputError::Kind::not_opened);
    CHECK(output.error().what.find("No such file or directory") != std::string::npos);
}

TEST_CASE("a pipe without a reader is told apart from other errors") {
    const Folder folder;
    std::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const std::string path = "/dev/fd/" + std::to_string(ends[1]);
    auto output = Output::open(path, false);
    close(ends[0]);
    REQUIRE(output.has_value());
    const auto written = output->write("text");
    close(ends[1]);
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().kind == OutputError::Kind::reader_gone);
}

TEST_CASE("read_whole reads a file, and names the one that it cannot") {
    const Folder folder;
    const std::string large(200'000, 'x');
    CHECK(read_whole(folder.file("large", large)).value() == large);
    CHECK(read_whole(folder.file("empty", "")).value() == "");
    CHECK(
        read_whole(folder.file("none")).error() ==
        "cannot open " + folder.file("none") + ": No such file or directory"
    );
    CHECK_FALSE(read_whole(folder.file("")).has_value()); // the folder itself
}
