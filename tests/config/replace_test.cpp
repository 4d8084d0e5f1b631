// SPDX-License-Identifier: Apache-2.0
#include "config/replace.hpp"

#include <csignal>
#include <filesystem>
#include <random>

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli/folder.hpp"

using namespace tlsdoctor;
using config::replace_file;
using config::Replacement;
using test::content;

namespace fs = std::filesystem;

namespace {

struct stat facts_of(const std::string& path) {
    struct stat facts{};
    lstat(path.c_str(), &facts);
    return facts;
}

/// Runs `work` in a child and returns its exit code, 99 where it was killed.
int in_child(const std::function<int()>& work) {
    const pid_t child = fork();
    if (child == 0) {
        _exit(work());
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

int replaced_or_not(const Replacement& replacement) {
    return replace_file(replacement, {}) ? 0 : 1;
}

} // namespace

TEST_CASE("a file is replaced with its mode, attributes and a backup") {
    const test::Folder folder;
    const std::string path = folder.file("a.conf", "old\n");
    chmod(path.c_str(), 0640);
    const bool attributes = setxattr(path.c_str(), "user.note", "x", 1, 0) == 0;
    const auto replaced = replace_file({path, "old\n", "new\n"}, {});
    REQUIRE(replaced);
    CHECK(content(path) == "new\n");
    CHECK(replaced->backup == path + ".tlsdoctor.orig");
    CHECK(content(replaced->backup) == "old\n");
    CHECK(replaced->in_place.empty());
    for (const std::string& one : {path, replaced->backup}) {
        CHECK((facts_of(one).st_mode & 07777) == 0640);
        char value = 0;
        CHECK((!attributes || getxattr(one.c_str(), "user.note", &value, 1) == 1));
    }
    CHECK(folder.count() == 2);
    const auto again = replace_file({path, "new\n", "newer\n"}, {});
    REQUIRE(again);
    CHECK(again->backup == path + ".tlsdoctor.orig.1");
    CHECK(content(again->backup) == "new\n");
}

TEST_CASE("the owner stays, where root replaces") {
    if (geteuid() != 0) {
        return;
    }
    const test::Folder folder;
    const std::string path = folder.file("a.conf", "old");
    REQUIRE(chown(path.c_str(), 1234, 2345) == 0);
    REQUIRE(replace_file({path, "old", "new"}, {}));
    CHECK(facts_of(path).st_uid == 1234);
    CHECK(facts_of(path).st_gid == 2345);
    CHECK(facts_of(path + ".tlsdoctor.orig").st_uid == 1234);
}

TEST_CASE("a symbolic link stays one, and the file behind it is replaced") {
    const test::Folder folder;
    const std::string real = folder.file("available.conf", "old");
    const std::string link = folder.file("enabled.conf");
    fs::create_symlink("available.conf", link);
    const auto replaced = replace_file({link, "old", "new"}, {});
    REQUIRE(replaced);
    CHECK(replaced->path == fs::canonical(real).string());
    CHECK(fs::is_symlink(link));
    CHECK(content(real) == "new");
}

TEST_CASE("a file with hard links is written in place, and both names see it") {
    const test::Folder folder;
    const std::string path = folder.file("a.conf", "the old bytes");
    fs::create_hard_link(path, folder.file("b.conf"));
    const Replacement replacement{path, "the old bytes", "new"};
    const auto replaced = replace_file(replacement, {});
    REQUIRE(replaced);
    CHECK(replaced->in_place.contains("hard links"));
    CHECK(content(folder.file("b.conf")) == "new");
    CHECK(content(replaced->backup) == "the old bytes");
    REQUIRE(config::put_back(replacement, *replaced));
    CHECK(content(folder.file("b.conf")) == "the old bytes");
    CHECK(folder.count() == 2);
}

TEST_CASE("what cannot be replaced stays as it is, with nothing beside it") {
    const test::Folder folder;
    const std::string path = folder.file("a.conf", "now other");
    struct Case {
        const char* name;
        std::string path;
        const char* says;
    };
    const Case cases[] = {
        {"changed since", path, "changed since"},
        {"no such file", folder.file("none"), "No such file"},
        {"a folder", fs::path(path).parent_path().string(), "not a regular file"},
        {"a device", "/dev/null", "not a regular file"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto replaced = replace_file({c.path, "old", "new"}, {});
        REQUIRE_FALSE(replaced);
        CHECK(replaced.error().what.contains(c.says));
    }
    CHECK(content(path) == "now other");
    CHECK(folder.count() == 1);
}

TEST_CASE("put_back restores bytes and times and leaves nothing") {
    const test::Folder folder;
    const std::string path = folder.file("a.conf", "old");
    const auto before = facts_of(path);
    const Replacement replacement{path, "old", "new"};
    const auto replaced = replace_file(replacement, {});
    REQUIRE(replaced);
    REQUIRE(config::put_back(replacement, *replaced));
    CHECK(content(path) == "old");
    CHECK(facts_of(path).st_mtim.tv_nsec == before.st_mtim.tv_nsec);
    CHECK(folder.count() == 1);
}

TEST_CASE("put_back leaves alone what somebody changed meanwhile") {
    const test::Folder folder;
    const std::string path = folder.file("a.conf", "old");
    const Replacement replacement{path, "old", "new"};
    const auto replaced = replace_file(replacement, {});
    REQUIRE(replaced);
    folder.file("a.conf", "by hand");
    const auto undone = config::put_back(replacement, *replaced);
    REQUIRE_FALSE(undone);
    CHECK(undone.error().what.contains(replaced->backup));
    CHECK(content(path) == "by hand");
    CHECK(content(replaced->backup) == "old");
}

TEST_CASE("a backup stands where the server does not read it") {
    const test::Folder folder;
    fs::create_directory(folder.file("enabled"));
    const std::string path = folder.file("enabled/site", "old");
    const std::string beside = path + ".tlsdoctor.orig";
    const std::string hidden = folder.file("enabled/.site.tlsdoctor.orig");
    const std::string above = folder.file("site.tlsdoctor.orig");
    struct Case {
        const char* name;
        config::WouldRead would_read;
        std::string backup;
    };
    const Case cases[] = {
        {"a glob", [&](const std::string& one) { return one == beside; }, hidden},
        {"a whole folder", [&](const std::string& one) { return one != above; }, above},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Replacement replacement{path, "old", "new"};
        const auto replaced = replace_file(replacement, {.would_read = c.would_read});
        REQUIRE(replaced);
        CHECK(replaced->backup == c.backup);
        REQUIRE(config::put_back(replacement, *replaced));
        CHECK(content(path) == "old");
        CHECK_FALSE(fs::exists(c.backup));
    }
    const auto nowhere = replace_file({path, "old", "new"}, {.would_read = [](const std::string&) {
                                          return true;
                                      }});
    CHECK_FALSE(nowhere);
    CHECK(content(path) == "old");
}

TEST_CASE("a run that is killed at any moment leaves the old file or the new one") {
    const test::Folder folder;
    const std::string old(300'000, 'o');
    const std::string fresh(500'000, 'n');
    const std::string path = folder.file("a.conf", old);
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 100; ++round) {
        const std::string now = content(path);
        const Replacement replacement{path, now, now == old ? fresh : old};
        const pid_t child = fork();
        if (child == 0) {
            _exit(replaced_or_not(replacement));
        }
        usleep(std::uniform_int_distribution<useconds_t>{0, 4'000}(random));
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        const std::string after = content(path);
        REQUIRE((after == old || after == fresh));
    }
    const std::string now = content(path);
    REQUIRE(replace_file({path, now, "end"}, {}));
    for (const auto& entry : fs::directory_iterator{fs::path{path}.parent_path()}) {
        CHECK_FALSE(entry.path().filename().string().starts_with("."));
    }
}

TEST_CASE("a full disk leaves the old file alone") {
    const test::Folder folder;
    const std::string old(20'000, 'o');
    const std::string fresh(60'000, 'n');
    struct Case {
        const char* name;
        bool linked;
    };
    for (const Case& c : {Case{"renamed", false}, Case{"in place", true}}) {
        CAPTURE(c.name);
        const std::string path = folder.file(c.linked ? "linked" : "alone", old);
        if (c.linked) {
            fs::create_hard_link(path, folder.file("other"));
        }
        const int code = in_child([&] {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{.rlim_cur = 40'000, .rlim_max = 40'000};
            setrlimit(RLIMIT_FSIZE, &limit);
            return replaced_or_not({path, old, fresh});
        });
        CHECK(code == 1);
        CHECK(content(path) == old);
    }
    CHECK(folder.count() == 3);
}

TEST_CASE("a small disk that is full, and a mount point, leave the old file or the new one") {
    const test::Folder folder;
    const std::string disk = folder.file("disk");
    const std::string other = folder.file("other", "old");
    const std::string mounted = folder.file("mounted", "");
    fs::create_directory(disk);
    constexpr int k_no_mounts = 77;
    const int code = in_child([&] {
        if (unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0 ||
            mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k") != 0) {
            return k_no_mounts;
        }
        const std::string old(20'000, 'o');
        const std::string path = folder.file("disk/a.conf", old);
        const bool refused = replaced_or_not({path, old, std::string(60'000, 'n')}) == 1;
        const bool kept = content(path) == old && !fs::exists(path + ".tlsdoctor.orig");
        mount(other.c_str(), mounted.c_str(), nullptr, MS_BIND, nullptr);
        const auto in_place = replace_file({mounted, "old", "new"}, {});
        const bool written = in_place && !in_place->in_place.empty() && content(other) == "new";
        mount(nullptr, disk.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr);
        const auto read_only = replace_file({path, old, "new"}, {});
        const bool said = !read_only && read_only.error().what.contains("Read-only");
        return (refused && kept ? 0 : 1) + (written ? 0 : 2) + (said ? 0 : 4);
    });
    CHECK((code == 0 || code == k_no_mounts));
}

TEST_CASE("a folder in which nothing may be made leaves the file alone") {
    const test::Folder folder;
    fs::create_directory(folder.file("closed"));
    const std::string path = folder.file("closed/a.conf", "old");
    chmod(path.c_str(), 0666);
    chmod(folder.file("closed").c_str(), 0555);
    chmod(fs::path(folder.file("closed")).parent_path().c_str(), 0755);
    const int code = in_child([&] {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
            return 2;
        }
        const auto replaced = replace_file({path, "old", "new"}, {});
        return !replaced && replaced.error().what.contains("no backup can be made") ? 0 : 1;
    });
    CHECK(code == 0);
    CHECK(content(path) == "old");
}
