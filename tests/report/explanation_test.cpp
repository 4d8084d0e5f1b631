// SPDX-License-Identifier: Apache-2.0
// What `explain` shows, against golden files, and what must hold for every text.
#include "report/explanation.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

#include "base/assume.hpp"
#include "golden.hpp"
#include "report/layout.hpp"

namespace tlsdoctor::report {

namespace {

explain::Candidate explained_candidate(std::string_view name, double weight) {
    const CauseInfo* const cause = find_cause(name);
    assume(cause != nullptr, "the cause is in the table");
    return {.cause = cause, .side = cause->side, .weight = weight, .why = cause->title};
}

Explained alert_40() {
    Explained one;
    one.group.id = "openssl-alert-40";
    one.group.meaning = {
        .observer = explain::Observer::client,
        .raised = explain::Raised::peer_alert,
        .stack = "curl",
        .alert = AlertDescription::handshake_failure,
        .specificity = 60,
        .candidates =
            {explained_candidate("no_common_cipher", 0.7), explained_candidate("sni_missing", 0.3)},
        .ask = {"Does another client reach the same host?"},
    };
    one.group.place = {.host = "shop.example", .port = 443, .scheme = "https"};
    one.group.next = {
        "tlsdoctor check shop.example --clients", "tlsdoctor check shop.example --no-sni"
    };
    one.group.sample = "curl: (35) sslv3 alert handshake failure \x1b[31m";
    one.group.telling = "alert handshake failure \x1b[31m";
    one.group.count = 1;
    one.group.first_line = 1;
    one.fixes = {
        {{.side = Side::server,
          .product = "nginx",
          .where = "the server block",
          .text = "ssl_ciphers DEFAULT;"}},
        {}
    };
    return one;
}

Explanation log_of_two() {
    Explained second = alert_40();
    second.group.id = "noise";
    second.group.meaning.candidates = {explained_candidate("noise_probe", 1)};
    second.group.meaning.alert.reset();
    second.group.meaning.observer = explain::Observer::server;
    second.group.meaning.raised = explain::Raised::transport;
    second.group.count = 12'345;
    second.group.first_line = 7;
    second.fixes = {{}};
    return {
        .groups = {alert_40(), second}, .lines = 20'000, .messages = 13'000, .unrecognised = 654
    };
}

struct ExplanationCase {
    std::string_view file{};
    Explanation explanation{};
};

std::vector<ExplanationCase> explanation_cases() {
    return {
        {"explain_one.txt", {.groups = {alert_40()}, .lines = 1, .messages = 1}},
        {"explain_log.txt", log_of_two()},
        {"explain_nothing.txt", {.lines = 3, .messages = 1, .unrecognised = 3}},
        {"explain_empty.txt", {}},
    };
}

} // namespace

TEST_CASE("explanation_screen writes what was reviewed") {
    for (const ExplanationCase& c : explanation_cases()) {
        CAPTURE(c.file);
        const std::string text = explanation_screen(c.explanation, {.columns = 100}, false);
        CHECK(text == golden(c.file, text));
    }
}

TEST_CASE("explanation_screen is short, harmless and ends with a newline") {
    for (const ExplanationCase& c : explanation_cases()) {
        CAPTURE(c.file);
        for (const bool verbose : {false, true}) {
            for (const std::size_t columns : {40U, 80U, 200U}) {
                const std::string text =
                    explanation_screen(c.explanation, {.utf8 = false, .columns = columns}, verbose);
                CHECK(text.ends_with('\n'));
                CHECK(text.find('\x1b') == std::string::npos);
                CHECK((verbose || columns < 80 || std::ranges::count(text, '\n') <= 24));
            }
        }
    }
}

TEST_CASE("explanation_line is one line of fields") {
    CHECK(
        explanation_line(log_of_two(), true) ==
        "FAIL  no_common_cipher  server  0.70  client  peer_alert  40  The server accepts so few "
        "cipher suites that common clients have none in common with it.\n"
    );
    CHECK(explanation_line({}, true) == "UNSURE  not recognised\n");
}

TEST_CASE("to_json of an explanation keeps the sum of the weights") {
    Explanation explanation{.groups = {alert_40()}, .lines = 1, .messages = 1};
    auto& candidates = explanation.groups.front().group.meaning.candidates;
    candidates.clear();
    for (const std::string_view name : {"sni_missing", "weak_dh", "no_common_cipher"}) {
        candidates.push_back(explained_candidate(name, 1.0 / 3));
    }
    explanation.groups.front().fixes.resize(3);
    const json::object document =
        to_json(explanation, {.version = "0.1.0", .data_date = "2026-11-23"});
    double sum = 0;
    double before = 1;
    for (const json::value& candidate : document.at("candidates").as_array()) {
        const double weight = candidate.at("weight").as_double();
        CHECK(weight <= before);
        before = weight;
        sum += weight;
    }
    CHECK(sum == doctest::Approx(1));
}

} // namespace tlsdoctor::report
