// SPDX-License-Identifier: Apache-2.0
#include "process/shelter.hpp"

#include <csignal>

#include <doctest/doctest.h>
#include <unistd.h>

using tlsdoctor::process::Shelter;

TEST_CASE("a signal under a shelter is noted, whoever listened meanwhile") {
    struct Case {
        const char* name;
        void (*work)();
        bool came;
    };
    const Case cases[] = {
        {"none", [] {}, false},
        {"one, while nobody listens",
         [] {
             std::signal(SIGINT, SIG_DFL);
             kill(getpid(), SIGINT);
         },
         true},
        {"SIGTERM, whose handler was taken away", [] { kill(getpid(), SIGTERM); }, true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Shelter shelter;
        shelter.aside(c.work);
        CHECK(shelter.came() == c.came);
        shelter.forget();
        CHECK_FALSE(shelter.came());
    }
    Shelter shelter;
    std::raise(SIGINT);
    CHECK(shelter.came());
    shelter.aside([] {});
    CHECK(shelter.came());
}
