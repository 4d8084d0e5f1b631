// SPDX-License-Identifier: Apache-2.0
// Trees of files, links and patterns.
#include "config/files.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

void fill(MemoryFiles& files) {
    files.add("/etc/x/main.conf", "main");
    files.add("/etc/x/conf.d/20-b.conf", "b");
    files.add("/etc/x/conf.d/10-a.conf", "a");
    files.add("/etc/x/conf.d/.hidden.conf", "h");
    files.add("/etc/x/conf.d/readme", "r");
    files.add("/etc/x/available/site", "site");
    files.link("/etc/x/enabled/site", "/etc/x/available/site");
    files.link("/etc/y", "/etc/x");
    files.link("/loop", "/loop");
}

std::string matches(const Files& files, const std::string& pattern) {
    return joined(matches_of(files, pattern), " ");
}

/// A folder that goes away again.
class Folder final {
public:
    Folder() {
        std::string name = std::filesystem::temp_directory_path() / "tlsdoctor-files-XXXXXX";
        path_ = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

} // namespace

TEST_CASE("patterns match as glob(3) does, in byte order") {
    MemoryFiles files;
    fill(files);
    CHECK(
        matches(files, "/etc/x/conf.d/*.conf") == "/etc/x/conf.d/10-a.conf /etc/x/conf.d/20-b.conf"
    );
    CHECK(matches(files, "/etc/x/*/site") == "/etc/x/available/site /etc/x/enabled/site");
    CHECK(
        matches(files, "/etc/x/conf.d/[12]0-?.conf") ==
        "/etc/x/conf.d/10-a.conf /etc/x/conf.d/20-b.conf"
    );
    CHECK(matches(files, "/etc/x/conf.d/.h*") == "/etc/x/conf.d/.hidden.conf");
    CHECK(matches(files, "/etc/y/main.conf") == "/etc/y/main.conf");
    CHECK(matches(files, "/etc/x/none/*") == "");
    CHECK(matches(files, "/etc/x/nothing") == "");
}

TEST_CASE("files in memory follow links, and a loop of them ends") {
    MemoryFiles files;
    fill(files);
    CHECK(files.read("/etc/x/enabled/site") == "site");
    CHECK(files.real_path("/etc/y/enabled/site") == "/etc/x/available/site");
    CHECK(files.read("/etc/y/conf.d/../main.conf") == "main");
    CHECK_FALSE(files.read("/loop").has_value());
    CHECK(files.kind_of("/etc/x/conf.d") == FileKind::folder);
    CHECK(files.kind_of("/etc/x/nothing") == FileKind::none);
    CHECK_FALSE(files.read("/etc/x").has_value());
}

TEST_CASE("patched files show the change under every name of the file") {
    MemoryFiles files;
    fill(files);
    PatchedFiles patched{files};
    patched.replace("/etc/x/available/site", "new");
    CHECK(patched.read("/etc/x/enabled/site") == "new");
    CHECK(patched.read("/etc/y/available/site") == "new");
    CHECK(patched.read("/etc/x/main.conf") == "main");
    CHECK(files.read("/etc/x/enabled/site") == "site");
}

TEST_CASE("paths are joined and tidied") {
    CHECK(joined_path("/a/b", "c") == "/a/b/c");
    CHECK(joined_path("/a/b", "/c") == "/c");
    CHECK(joined_path("/a/b", "../../../c/./d/") == "/c/d");
    CHECK(joined_path("/", "") == "/");
    CHECK(folder_of("/a/b") == "/a");
    CHECK(folder_of("/a") == "/");
    CHECK(folder_of("a") == ".");
}

TEST_CASE("the disk gives files, and says why it does not") {
    const Folder folder;
    std::ofstream{folder.path() + "/a"} << "bytes";
    std::filesystem::create_symlink("a", folder.path() + "/link");
    REQUIRE(::mkfifo((folder.path() + "/pipe").c_str(), 0600) == 0);
    const DiskFiles files;
    CHECK(files.read(folder.path() + "/link") == "bytes");
    CHECK(files.real_path(folder.path() + "/link").ends_with("/a"));
    CHECK(files.read(folder.path() + "/none").error().what == "No such file or directory");
    CHECK(files.read(folder.path() + "/pipe").error().what == "not a regular file");
    CHECK(files.read(folder.path()).error().what == "not a regular file");
    CHECK(files.names_in(folder.path())->size() == 3);
    std::ofstream{folder.path() + "/big"} << std::string(k_most_file_bytes + 1, 'x');
    CHECK(files.read(folder.path() + "/big").error().what.starts_with("larger than"));
    std::filesystem::create_directories(folder.path() + "/etc/x");
    std::ofstream{folder.path() + "/etc/x/only-here"} << "below";
    CHECK(DiskFiles{folder.path()}.read("/etc/x/only-here") == "below");
    CHECK_FALSE(files.read("/etc/x/only-here").has_value());
}

} // namespace tlsdoctor::config
