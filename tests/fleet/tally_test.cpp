// SPDX-License-Identifier: Apache-2.0
#include "fleet/tally.hpp"

#include <doctest/doctest.h>

#include "fleet/budget.hpp"

namespace tlsdoctor::fleet {
namespace {

TEST_CASE("a tally counts verdicts, versions and stacks, the most frequent first") {
    Tally tally;
    CHECK(tally.statuses().empty());
    for (int i = 0; i < 3; ++i) {
        tally.add(
            {.status = Status::ok,
             .cause = "healthy",
             .accepted = 0b110000,
             .stack = "OpenSSL 3.0",
             .reached = true}
        );
    }
    tally.add({.status = Status::fail, .cause = "port_closed"});
    tally.add(
        {.status = Status::warn,
         .cause = "legacy_versions_enabled",
         .accepted = 0b011100,
         .stack = "Go",
         .reached = true}
    );
    CHECK(tally.total() == 5);
    CHECK(tally.statuses() == "3 ok, 1 warn, 1 fail");
    CHECK(
        tally.table() == "  verdicts  healthy 3, legacy_versions_enabled 1, port_closed 1\n"
                         "  versions  TLS 1.2 4, TLS 1.3 3, TLS 1.1 1, TLS 1.0 1\n"
                         "  stacks    OpenSSL 3.0 3, Go 1\n"
                         "  reached   4 of 5\n"
    );
}

TEST_CASE("many causes are added up at the end of the line") {
    Tally tally;
    for (int i = 0; i < 12; ++i) {
        tally.add({.status = Status::fail, .cause = "cause" + std::to_string(i)});
    }
    CHECK(tally.table().contains("cause5 1, others 4"));
}

TEST_CASE("progress is told in words") {
    const Tally none;
    CHECK(words_of({.done = 12, .per_second = 3.25}, none) == "12 targets, 3.2/s");
    CHECK(
        words_of({.done = 1'204, .total = 5'000, .per_second = 83}, none) ==
        "1,204/5,000 targets, 83/s, 46 s left"
    );
    CHECK(
        words_of({.done = 10, .total = 1'000'000, .estimated = true, .per_second = 10}, none) ==
        "10/~1,000,000 targets, 10/s, ~27 h 46 min left"
    );
    CHECK(words_of({.done = 7, .total = 3, .per_second = 0}, none) == "7/7 targets, 0.0/s");
}

TEST_CASE("durations and numbers are readable") {
    CHECK(duration_text(0.24) == "0.2 s");
    CHECK(duration_text(59.7) == "60 s");
    CHECK(duration_text(600) == "10 min");
    CHECK(duration_text(7'260) == "2 h 1 min");
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1'000) == "1,000");
    CHECK(grouped(1'234'567) == "1,234,567");
}

TEST_CASE("the budget keeps a reserve of descriptors and says when it is lower than asked") {
    CHECK(budget_for(std::nullopt, 1'048'576, 3).connections == k_usual_connections);
    CHECK_FALSE(budget_for(std::nullopt, 1'048'576, 3).lowered);
    CHECK(budget_for(std::nullopt, 1'024, 3).connections == 957);
    CHECK(budget_for(10, 1'024, 3).connections == 10);
    CHECK(budget_for(5'000, 1'024, 3).lowered);
    CHECK(budget_for(5'000, 20, 10).connections == 1);
}

} // namespace
} // namespace tlsdoctor::fleet
