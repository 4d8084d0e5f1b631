// SPDX-License-Identifier: Apache-2.0
// The server is a script that notes how it is called and fails where it is told to.
#include "config/apply.hpp"

#include <filesystem>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include "cli/folder.hpp"
#include "config/server.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::config;
using test::content;

namespace {

/// What was called, in a word each, and what became of the two files.
struct Seen {
    Transacted result{};
    std::string calls{};
    std::string first{};
    std::string second{};
    long left_over{};
};

struct Case {
    const char* name;
    const char* script; ///< after `echo $* >> calls`
    bool reload;
    bool second_changed;
    StepState trial;
    StepState probe;
    bool done;
    bool rolled_back;
    const char* calls;
};

Seen transacted(const Case& c) {
    const test::Folder folder;
    const std::string calls = folder.file("calls", "");
    const std::string server =
        folder.file("server", fmt::format("#!/bin/sh\necho $* >> {}\n{}\n", calls, c.script));
    chmod(server.c_str(), 0755);
    const std::string first = folder.file("first", "old 1");
    const std::string second = folder.file("second", c.second_changed ? "by hand" : "old 2");
    const DiskFiles files;
    const Knowledge knowledge;
    Input input{.files = files, .knowledge = knowledge, .main = first};
    input.start.words = {{.text = server}};
    const auto step = [](StepState state) {
        return Step{.what = "asked", .state = state};
    };
    const Transaction transaction{
        .server = *find_server("nginx"),
        .input = input,
        .files = {{first, "old 1", "new 1"}, {second, "old 2", "new 2"}},
        .reload = c.reload,
        .trial = [&] { return std::vector{step(c.trial)}; },
        .probe = [&] { return step(c.probe); },
    };
    process::Shelter shelter;
    Seen seen{.result = transact(transaction, shelter)};
    seen.calls = content(calls);
    seen.first = content(first);
    seen.second = content(second);
    seen.left_over = folder.count() - 4;
    return seen;
}

} // namespace

TEST_CASE("files are changed together, or not at all") {
    constexpr StepState k_good = StepState::done;
    constexpr StepState k_bad = StepState::failed;
    constexpr const char* k_both = "-t\n-s reload\n";
    constexpr const char* k_twice = "-t\n-s reload\n-s reload\n";
    const Case cases[] = {
        {"all is well", "", true, false, k_good, k_good, true, false, k_both},
        {"no reload", "", false, false, k_good, k_bad, true, false, "-t\n"},
        {"the trial fails", "", true, false, k_bad, k_good, false, false, ""},
        {"the second file is another one", "", true, true, k_good, k_good, false, true, ""},
        {"the test fails", "exit 1", true, false, k_good, k_good, false, true, "-t\n"},
        {"the reload fails", "test $1 = -t", true, false, k_good, k_good, false, true, k_twice},
        {"the probe fails", "", true, false, k_good, k_bad, false, true, k_twice},
        {"the user interrupts the test", "kill -INT $PPID; sleep 5", true, false, k_good, k_good,
         false, true, "-t\n"},
        {"the user interrupts at the end of the test", "kill -INT $PPID", true, false, k_good,
         k_good, false, true, "-t\n"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Seen seen = transacted(c);
        CHECK(seen.result.done == c.done);
        CHECK(seen.result.rolled_back == c.rolled_back);
        CHECK(seen.first == (c.done ? "new 1" : "old 1"));
        CHECK(seen.second == (c.done ? "new 2" : c.second_changed ? "by hand" : "old 2"));
        CHECK(seen.calls == c.calls);
        CHECK(seen.left_over == (c.done ? 2 : 0));
        CHECK(seen.result.interrupted == std::string_view{c.name}.contains("interrupts"));
        CHECK(seen.result.reloaded == (c.done && c.reload));
    }
}

TEST_CASE("commands are made of the start command, or of the table") {
    const DiskFiles files;
    const Knowledge knowledge;
    struct Row {
        const char* server;
        std::vector<std::string> start;
        const char* test;
        const char* reload;
    };
    const Row rows[] = {
        {"nginx",
         {"nginx", "-p", "/c/", "-g", "daemon off;"},
         "nginx -p /c/ -g 'daemon off;' -t",
         "nginx -p /c/ -g 'daemon off;' -s reload"},
        {"apache",
         {"apache2", "-d", "/c", "-DFOREGROUND", "-DX"},
         "apache2 -d /c -DX -t",
         "apache2 -d /c -DX -k graceful"},
        {"haproxy", {"haproxy", "-db", "-p", "/pid", "-f", "/c"}, "haproxy -f /c -c", ""},
        {"postfix",
         {"master", "-c", "/c", "-d"},
         "postfix -c /etc/x check",
         "postfix -c /etc/x reload"},
        {"dovecot",
         {"dovecot", "-F", "-c", "/c"},
         "doveconf -n -c /etc/x/main",
         "doveadm -c /etc/x/main reload"},
        {"postgresql", {"postgres", "-D", "/d"}, "postgres -C ssl_min_protocol_version -D /d", ""},
        {"hitch", {}, "hitch --config=/etc/x/main --test", ""},
        {"redis", {}, "", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.server);
        Input input{.files = files, .knowledge = knowledge, .main = "/etc/x/main"};
        for (const std::string& word : row.start) {
            input.start.words.push_back({.text = word});
        }
        CHECK(shown(test_of(*find_server(row.server), input)) == row.test);
        CHECK(shown(reload_of(*find_server(row.server), input)) == row.reload);
    }
}
