// SPDX-License-Identifier: Apache-2.0
// The terminal report against golden files, and what must hold for every one of them.
#include "report/screen.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "golden.hpp"
#include "report/layout.hpp"
#include "report/quiet.hpp"
#include "situations.hpp"

namespace tlsdoctor::report {

namespace {

std::size_t lines_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

std::size_t widest_of(std::string_view text) {
    std::size_t widest = 0;
    for (const std::string_view line : split(text, '\n')) {
        widest = std::max(widest, width(line));
    }
    return widest;
}

std::string without_colour(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        if (text.front() == '\x1b') {
            text.remove_prefix(text.find('m') + 1);
        } else {
            result += text.front();
            text.remove_prefix(1);
        }
    }
    return result;
}

} // namespace

TEST_CASE("screen shows each situation as its golden file does") {
    for (const Situation& one : situations()) {
        CAPTURE(one.name);
        const std::string text = screen(one.file, {});
        CHECK(text == golden(std::string{one.name} + ".txt", text));
    }
}

TEST_CASE("screen says everything with -v, the clients and the bytes") {
    struct {
        std::string_view file;
        std::string_view situation;
        ScreenOptions options;
    } const cases[] = {
        {"healthy_verbose.txt", "healthy", {.verbose = true}},
        {"only_tls13_verbose.txt", "only_tls13", {.verbose = true}},
        {"inconsistent_addresses_verbose.txt", "inconsistent_addresses", {.verbose = true}},
        {"only_tls13_clients.txt", "only_tls13", {.show_clients = true}},
        {"http_evidence.txt", "http", {.evidence_hex = true}},
        {"legacy_80_ascii.txt", "legacy", {.utf8 = false, .columns = 80}},
    };
    for (const auto& c : cases) {
        CAPTURE(c.file);
        const std::string text = screen(situation(c.situation), c.options);
        CHECK(text == golden(c.file, text));
    }
}

TEST_CASE("screen keeps to the lines and columns of a terminal") {
    for (const Situation& one : situations()) {
        for (const std::size_t columns : {80U, 90U, 100U}) {
            CAPTURE(one.name);
            CAPTURE(columns);
            const std::string text = screen(one.file, {.columns = columns});
            CHECK(lines_of(text) <= 24);
            CHECK(widest_of(text) <= columns);
        }
    }
}

TEST_CASE("screen is ASCII where the locale has nothing else") {
    for (const Situation& one : situations()) {
        CAPTURE(one.name);
        const std::string text = screen(one.file, {.utf8 = false, .verbose = true});
        CHECK(std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); })
        );
    }
}

TEST_CASE("screen says the same with and without colour") {
    for (const Situation& one : situations()) {
        CAPTURE(one.name);
        const std::string coloured = screen(one.file, {.color = true});
        CHECK(coloured.contains("\x1b[1"));
        CHECK(without_colour(coloured) == screen(one.file, {}));
    }
}

TEST_CASE("screen begins with the verdict's word, the target and the sentence") {
    struct {
        std::string_view situation;
        std::string_view line;
    } const cases[] = {
        {"healthy", "OK    shop.example:443  The server accepts TLS 1.2 and TLS 1.3.\n"},
        {"dns_failure", "FAIL  nowhere.invalid:443  The name nowhere.invalid has no address.\n"},
        {"interrupted", "UNSURE  shop.example:443  The run was cut before enough was known.\n"},
        {"silent", "FAIL  mail.example:25 (STARTTLS smtp)  The port is open and no hello"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.situation);
        CHECK(screen(situation(c.situation), {}).starts_with(c.line));
    }
}

TEST_CASE("screen says what the user has to know about the question") {
    struct {
        std::string_view situation;
        std::string_view text;
    } const cases[] = {
        {"address_without_name", "No server name was sent"},
        {"address_without_name", "--sni NAME"},
        {"closed_port", "8443, 853"},
        {"closed_port", "none of them was tried"},
        {"interrupted", "not tested"},
        {"only_tls13", "Your error names alert 70"},
        {"only_tls13", "7 of 9 known clients"},
        {"healthy", "tlsdoctor help healthy"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.situation);
        CAPTURE(c.text);
        CHECK(screen(situation(c.situation), {}).contains(c.text));
    }
    CHECK_FALSE(screen(situation("healthy"), {}).contains("No server name was sent"));
}

TEST_CASE("screen tells the fates of known clients, equal ones together") {
    using evidence::ClientBasis;
    using evidence::ClientResult;
    advise::CaseFile file = situation("healthy");
    const std::string old = "it speaks at most TLS 1.0, the server at least TLS 1.2";
    file.clients = {
        {.id = "a",
         .name = "Java 6",
         .outcome = ClientResult::fails,
         .based_on = ClientBasis::replay,
         .reason = old,
         .change = "client: Java 8",
         .telling = true},
        {.id = "b",
         .name = "IE 8",
         .outcome = ClientResult::fails,
         .based_on = ClientBasis::replay,
         .reason = old,
         .change = "client: IE 11"},
        {.id = "c",
         .name = "curl 8",
         .based_on = ClientBasis::replay,
         .version = ProtocolVersion::tls_1_3,
         .reason = "it accepts what came"},
        {.id = "d",
         .name = "Nobody",
         .outcome = ClientResult::not_tested,
         .based_on = ClientBasis::replay,
         .reason = "the run ended before its hello was sent"},
    };
    file.what_if = evidence::WhatIf{
        .change = "tls1.2",
        .lost = {file.clients[2]},
        .gained = {},
        .unsure = {},
        .connect_now = 1,
        .connect_then = 0,
    };
    const std::string text = screen(file, {.columns = 200, .show_clients = true});
    for (const std::string_view words : {
             "2 fail, 1 not tested, 1 connect; 4 of 4 by replaying their hello",
             "fails     Java 6, IE 8: it speaks at most TLS 1.0, the server at least TLS 1.2",
             "for Java 6: client: Java 8",
             "connects  curl 8: TLS 1.3",
             "not tested Nobody: the run ended before its hello was sent",
             "What if tls1.2: 0 of 4 known clients would connect, 1 do now",
             "lost      curl 8: it accepts what came",
         }) {
        CAPTURE(words);
        CHECK(text.contains(words));
    }
}

TEST_CASE("screen names one client of each family before a second one") {
    constexpr auto fails = evidence::ClientResult::fails;
    advise::CaseFile file = situation("only_tls13");
    file.clients = {
        {.id = "1", .name = "Nobody 1", .outcome = fails},
        {.id = "2", .name = "Java 7", .outcome = fails, .telling = true},
        {.id = "3", .name = "Java 8", .outcome = fails, .telling = true},
        {.id = "4", .name = "Python 2.7", .outcome = fails, .telling = true},
        {.id = "5", .name = "Chrome 120", .telling = true},
    };
    CHECK(screen(file, {}).contains("Java 7, Python 2.7, Java 8, Nobody 1; 4 of 5 known clients"));
}

TEST_CASE("screen gives up a second fix before the security cost of the first") {
    advise::CaseFile file = situation("only_tls13");
    file.fixes[0].text = "one\ntwo\nthree\nfour\nfive\nsix";
    const std::string text = screen(file, {});
    CHECK(lines_of(text) <= 24);
    CHECK(text.contains("Cost: None: TLS 1.2 with modern"));
    CHECK_FALSE(text.contains("Java, the client's runtime"));
    CHECK(text.contains("2 more: -v"));
}

TEST_CASE("quiet_line is one line with five words before the sentence") {
    struct {
        std::string_view situation;
        std::string_view line;
    } const cases[] = {
        {"healthy",
         "OK  shop.example:443  healthy  none  proven  The server accepts TLS 1.2 and TLS 1.3.\n"},
        {"closed_port",
         "FAIL  shop.example:4433  port_closed  server  proven  Nothing listens on port 4433.\n"},
        {"interrupted", "UNSURE  shop.example:443  unknown  unclear  possible  The run was cut "
                        "before enough was known.\n"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.situation);
        CHECK(quiet_line(situation(c.situation), true) == c.line);
    }
}

} // namespace tlsdoctor::report
