// SPDX-License-Identifier: Apache-2.0
#include "process/run.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace tlsdoctor;
using process::Command;
using process::Ending;

namespace {

Command shell(const std::string& script) {
    return {.argv = {"sh", "-c", script}};
}

std::size_t open_descriptors() {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        count += entry.path().empty() ? 0U : 1U;
    }
    return count;
}

/// Tells whether a process ends within five seconds; a signal takes its time.
bool ends(pid_t process) {
    const auto handle = static_cast<int>(syscall(SYS_pidfd_open, process, 0U));
    pollfd event{.fd = handle, .events = POLLIN, .revents = 0};
    const bool ended = handle < 0 || poll(&event, 1, 5'000) == 1;
    close(handle);
    return ended;
}

} // namespace

TEST_CASE("run says how a program ended") {
    struct Case {
        const char* name;
        Command command;
        Ending ending;
        int exit_code;
        int signal;
        const char* output;
    };
    const Case cases[] = {
        {"success", shell("echo yes"), Ending::exited, 0, 0, "yes\n"},
        {"a code", shell("exit 35"), Ending::exited, 35, 0, ""},
        {"a signal", shell("kill -9 $$"), Ending::signalled, 0, SIGKILL, ""},
        {"both outputs in order", shell("echo a; echo b >&2; echo c"), Ending::exited, 0, 0,
         "a\nb\nc\n"},
        {"no shell of ours",
         {.argv = {"echo", "$HOME;", "a b"}},
         Ending::exited,
         0,
         0,
         "$HOME; a b\n"},
        {"nothing to read", {.argv = {"cat"}}, Ending::exited, 0, 0, ""},
        {"something to read", {.argv = {"cat"}, .input = "some\n"}, Ending::exited, 0, 0, "some\n"},
        {"environment",
         {.argv = {"sh", "-c", "echo $A-$HOME-"}, .set = {{"A", "x y"}}, .unset = {"HOME"}},
         Ending::exited,
         0,
         0,
         "x y--\n"},
        {"folder", {.argv = {"pwd"}, .folder = "/usr"}, Ending::exited, 0, 0, "/usr\n"},
        {"no such program", {.argv = {"/nowhere/x"}}, Ending::not_started, 0, 0, ""},
        {"not in PATH", {.argv = {"tlsdoctor-no-such"}}, Ending::not_started, 0, 0, ""},
        {"no such folder", {.argv = {"pwd"}, .folder = "/nowhere"}, Ending::not_started, 0, 0, ""},
        {"no command", {}, Ending::not_started, 0, 0, ""},
        {"a closed output", shell("exec >&- 2>&-; exit 3"), Ending::exited, 3, 0, ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto result = process::run(c.command);
        CHECK(process::name_of(result.ending) == process::name_of(c.ending));
        CHECK(result.exit_code == c.exit_code);
        CHECK(result.signal == c.signal);
        CHECK(result.output_tail == c.output);
        CHECK(result.error.empty() == (c.ending != Ending::not_started));
    }
}

TEST_CASE("run says why a program does not start") {
    CHECK(
        process::run({.argv = {"/nowhere/x"}}).error ==
        "cannot run '/nowhere/x': No such file or directory"
    );
    CHECK(
        process::run({.argv = {"pwd"}, .folder = "/nowhere"}).error ==
        "cannot enter '/nowhere': No such file or directory"
    );
}

TEST_CASE("run keeps the end of a long output") {
    Command command = shell("i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done");
    command.output_bound = 100;
    const auto result = process::run(command);
    CHECK(result.output_tail.size() == 100);
    CHECK(result.output_tail.ends_with("line 4999\n"));
    CHECK(result.output_cut);
}

TEST_CASE("run ends a program at its deadline, whatever it does") {
    const std::pair<const char*, const char*> scripts[] = {
        {"waits", "echo x; exec sleep 600"},
        {"ignores SIGTERM", "trap '' TERM; echo x; while :; do sleep 600; done"},
        {"floods", "yes"},
        {"has a grandchild", "sleep 600 & wait"},
    };
    for (const auto& [name, script] : scripts) {
        CAPTURE(name);
        Command command = shell(script);
        command.deadline = milliseconds(200);
        command.grace = milliseconds(100);
        const auto result = process::run(command);
        CHECK(process::name_of(result.ending) == "timed_out");
        CHECK(result.elapsed < milliseconds(5'000));
    }
}

TEST_CASE("run leaves nobody behind") {
    const auto result = process::run(shell("sleep 600 >/dev/null 2>&1 & echo $!"));
    CHECK(result.ending == Ending::exited);
    CHECK(ends(std::stoi(result.output_tail)));
}

TEST_CASE("run hands no descriptor over and keeps none") {
    const int leaking = open("/dev/null", O_RDONLY);
    const std::size_t before = open_descriptors();
    const auto result = process::run(shell("ls /proc/self/fd | wc -l"));
    CHECK(std::stoi(result.output_tail) == 4); // 0, 1, 2 and the folder itself
    CHECK(open_descriptors() == before);
    close(leaking);
}

TEST_CASE("run works on several threads at once") {
    std::vector<std::thread> threads;
    std::vector<std::string> said(8);
    for (std::size_t i = 0; i < said.size(); ++i) {
        threads.emplace_back([&said, i] {
            said[i] = process::run(shell("echo " + std::to_string(i))).output_tail;
        });
    }
    for (std::size_t i = 0; i < said.size(); ++i) {
        threads[i].join();
        CHECK(said[i] == std::to_string(i) + "\n");
    }
}

TEST_CASE("an interruption ends the program") {
    const process::Interruption interruption;
    CHECK_FALSE(interruption.came());
    // The program itself interrupts us, once it runs.
    const auto result = process::run(shell("kill -INT $PPID; exec sleep 600"), &interruption);
    CHECK(interruption.came());
    CHECK(process::name_of(result.ending) == "interrupted");
    CHECK(process::run(shell("exec sleep 600"), &interruption).ending == Ending::interrupted);
}

TEST_CASE("path_of finds what can be run") {
    CHECK(process::path_of("sh").ends_with("/sh"));
    CHECK(process::path_of("/bin/sh") == "/bin/sh");
    CHECK(process::path_of("no-such-program-here").empty());
    CHECK(process::path_of("").empty());
}
