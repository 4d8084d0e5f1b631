// SPDX-License-Identifier: Apache-2.0
// The output of a run that was killed: cut at every byte it names each target that is complete, and
// no other.
#include "fleet/finished.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "advise/case_file.hpp"
#include "doctor/doctor.hpp"
#include "fleet/gist.hpp"

namespace tlsdoctor::fleet {
namespace {

LaneSettings settings() {
    LaneSettings settings;
    settings.json.command = "scan";
    settings.exit_code = [](const diagnose::Diagnosis&, bool) {
        return 3;
    };
    return settings;
}

/// The target as the list has it; the visit of a server that greets changes how it was asked.
evidence::Target target_of(int number) {
    evidence::Target target{.input = "host" + std::to_string(number) + ".example"};
    target.host = target.input;
    target.sni = target.host;
    target.listens = number % 2 == 1;
    return target;
}

std::string line_of(int number) {
    evidence::Visit visit{.target = target_of(number), .started = "2026-11-23T10:00:00Z"};
    visit.target.starttls = number % 2 == 1 ? std::optional<std::string>("smtp") : std::nullopt;
    visit.dns_error = "no such name: \"quoted\" \n and \xff bytes";
    return judged(doctor::review(std::move(visit), {}), settings()).line;
}

TEST_CASE("an output cut at every byte gives each target exactly once after a resumed run") {
    constexpr int k_targets = 3;
    std::string whole;
    std::vector<std::string> lines;
    for (int i = 0; i < k_targets; ++i) {
        lines.push_back(line_of(i));
        whole += lines.back();
    }
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        CAPTURE(size);
        Finished finished{7};
        REQUIRE(finished.feed(std::string_view(whole).substr(0, size)).has_value());
        std::string output = whole.substr(0, finished.complete_bytes());
        for (int i = 0; i < k_targets; ++i) {
            if (!finished.contains(target_of(i))) {
                output += lines[static_cast<std::size_t>(i)];
            }
        }
        CHECK(output == whole);
    }
}

TEST_CASE("an output is read the same in pieces of every size") {
    const std::string whole = line_of(0) + line_of(1);
    for (const std::size_t piece : {1UZ, 7UZ, 1'000UZ, 100'000UZ}) {
        Finished finished{7};
        for (std::size_t at = 0; at < whole.size(); at += piece) {
            REQUIRE(finished.feed(std::string_view(whole).substr(at, piece)).has_value());
        }
        CHECK(finished.lines() == 2);
        CHECK(finished.complete_bytes() == whole.size());
    }
}

TEST_CASE("another port, server name or spelling is another target") {
    Finished finished{7};
    REQUIRE(finished.feed(line_of(0)).has_value());
    evidence::Target target = target_of(0);
    CHECK(finished.contains(target));
    target.port = 8443;
    CHECK_FALSE(finished.contains(target));
    target = target_of(0);
    target.sni.reset();
    CHECK_FALSE(finished.contains(target));
    target = target_of(0);
    target.input = "smtps://host0.example:443";
    CHECK_FALSE(finished.contains(target));
}

TEST_CASE("what is no output of a scan is refused with its line") {
    for (const std::string text : {"a,b,c\n", "{}\n", "\n", "[1,2]\n"}) {
        CAPTURE(text);
        Finished finished{7};
        REQUIRE(finished.feed(line_of(0)).has_value());
        const auto fed = finished.feed(text);
        REQUIRE_FALSE(fed.has_value());
        CHECK(fed.error().starts_with("line 2 is not a result of a scan"));
    }
}

TEST_CASE("the gist of a line is the gist of its case, for the summary") {
    std::vector<Gist> gists;
    Finished finished{7};
    finished.on_result = [&](const evidence::Result& result, std::string_view) {
        gists.push_back(gist_of(result));
    };
    REQUIRE(finished.feed(line_of(0)).has_value());
    REQUIRE(gists.size() == 1);
    CHECK(gists[0].cause == "dns_failure");
    CHECK(gists[0].status == Status::fail);
    CHECK_FALSE(gists[0].reached);
}

} // namespace
} // namespace tlsdoctor::fleet
