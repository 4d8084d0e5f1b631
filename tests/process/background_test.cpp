// SPDX-License-Identifier: Apache-2.0
#include "process/background.hpp"

#include <csignal>

#include <doctest/doctest.h>
#include <poll.h>
#include <unistd.h>

using namespace tlsdoctor;
using process::Background;

namespace {

process::Command script(const std::string& text) {
    return {.argv = {"sh", "-c", text}, .grace = milliseconds{300}, .output_bound = 1000};
}

/// Waits until the program has said `text`; false after ten seconds.
bool hears(Background& program, const std::string& text) {
    for (int turn = 0; turn < 1'000; ++turn) {
        if (program.output_tail().contains(text)) {
            return true;
        }
        poll(nullptr, 0, 10);
    }
    return false;
}

} // namespace

TEST_CASE("a program in the background is heard and stopped with its group") {
    struct Case {
        const char* name;
        const char* text;
    };
    const Case cases[] = {
        {"that ends when asked", "sleep 60 & echo $!; echo ready; wait"},
        {"that does not", "trap '' TERM; sleep 60 & echo $!; echo ready; while :; do wait; done"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        auto program = Background::start(script(c.text));
        REQUIRE(program);
        REQUIRE(hears(**program, "ready"));
        CHECK_FALSE((*program)->has_ended());
        const pid_t grandchild = std::stoi((*program)->output_tail());
        (*program)->stop();
        CHECK((*program)->has_ended());
        for (int turn = 0; turn < 500 && kill(grandchild, 0) == 0; ++turn) {
            poll(nullptr, 0, 10); // somebody else has to reap it
        }
        CHECK((*program)->output_tail().contains("ready"));
    }
}

TEST_CASE("what a program in the background says is bounded, and it never waits for us") {
    auto program = Background::start(script("seq 1 200000; echo done; sleep 60"));
    REQUIRE(program);
    CHECK(hears(**program, "done"));
    CHECK((*program)->output_tail().size() <= 1000);
}

TEST_CASE("a program that cannot be started is an error") {
    const auto program = Background::start({.argv = {"no-such-program"}});
    REQUIRE_FALSE(program);
    CHECK(program.error().contains("no-such-program"));
}
