// SPDX-License-Identifier: Apache-2.0
// The options of `scan`, and what excludes what.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "cli/options.hpp"

using tlsdoctor::cli::Command;
using tlsdoctor::cli::read_options;

namespace {

using Words = std::vector<std::string>;

std::string complaint_about(Words words) {
    words.insert(words.begin(), "scan");
    const auto options = read_options(words);
    return options ? "" : options.error().what;
}

} // namespace

TEST_CASE("scan reads its options") {
    const auto options = read_options(Words{
        "scan",
        "-iL",
        "hosts",
        "10.0.0.0/8",
        "-p",
        "443,8000-8001",
        "--exclude",
        "no",
        "--rate",
        "100",
        "--per-host=4",
        "-c",
        "50",
        "--threads",
        "3",
        "--seed",
        "0",
        "-oJ",
        "out",
        "--resume",
        "--versions-only",
        "-k",
        "--deadline",
        "5"
    });
    REQUIRE(options.has_value());
    CHECK(options->command == Command::scan);
    CHECK(options->target_files == Words{"hosts"});
    CHECK(options->scan.words == Words{"10.0.0.0/8"});
    CHECK(options->scan.ports == std::vector<std::uint16_t>{443, 8000, 8001});
    CHECK(options->scan.exclude == "no");
    CHECK(options->scan.rate == 100);
    CHECK(options->scan.per_host == 4);
    CHECK(options->scan.concurrency == 50);
    CHECK(options->scan.threads == 3);
    CHECK(options->scan.seed == 0);
    CHECK(options->scan.resume);
    CHECK(options->visit.versions_only);
    CHECK(options->visit.insecure);
    CHECK(options->visit.deadline == std::chrono::seconds{5});
}

TEST_CASE("scan has its usual limits without options") {
    const auto options = read_options(Words{"scan", "a.example"});
    REQUIRE(options.has_value());
    CHECK(options->scan.per_host == 16);
    CHECK_FALSE(options->scan.rate.has_value());
    CHECK_FALSE(options->scan.concurrency.has_value());
    CHECK(options->scan.ports.empty());
}

TEST_CASE("scan refuses what cannot be meant") {
    struct Case {
        Words words;
        std::string what; ///< how the complaint begins
    };
    const Case cases[] = {
        {{}, "no target"},
        {{"a", "--rate", "0"}, "--rate: '0' is not a number of 1 to 1000000"},
        {{"a", "--per-host", "x"}, "--per-host: 'x' is not a number"},
        {{"a", "--threads", "65"}, "--threads: '65' is not a number"},
        {{"a", "-p", "0"}, "--port: '0' is not a port"},
        {{"a", "--resume"}, "--resume reads back what an earlier run wrote"},
        {{"a", "--resume", "-oJ", "-"}, "--resume reads back what an earlier run wrote"},
        {{"-iL", "-", "--resume", "-oJ", "f"}, "--resume reads the list again"},
        {{"a", "--resume", "--overwrite", "-oJ", "f"}, "--resume and --overwrite exclude each other"
        },
        {{"-iL", "-", "--exclude", "-"}, "standard input can be read once"},
        {{"a", "--connect", "192.0.2.7"}, "'--connect' is no option of 'scan'"},
        {{"a", "--record", "f"}, "'--record' is no option of 'scan'"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(complaint_about(c.words).starts_with(c.what));
    }
}

TEST_CASE("options of scan are none of check") {
    const auto options = read_options(Words{"check", "a.example", "--rate", "5"});
    REQUIRE_FALSE(options.has_value());
    CHECK(options.error().what == "'--rate' is no option of 'check'");
}
