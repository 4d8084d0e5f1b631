// SPDX-License-Identifier: Apache-2.0
// What `diff` shows: the answer first, the worst on top, no more than fits.
#include "report/difference.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "golden.hpp"

namespace tlsdoctor::report {

namespace {

using evidence::Change;
using evidence::ChangeKind;
using evidence::TargetChange;
using evidence::Turn;

const Look k_plain_look{.color = false, .utf8 = true, .columns = 100};

TargetChange
changed_target(std::string host, Turn turn, std::vector<Change> changes, bool judged = true) {
    return {
        .identity = host + ":443",
        .host = host,
        .port = 443,
        .turn = turn,
        .before =
            {.status = "ok",
             .cause = "healthy",
             .side = "none",
             .summary = "The server accepts TLS 1.2 and TLS 1.3."},
        .after =
            judged
                ? evidence::
                      ShortVerdict{.status = "fail", .cause = "server_only_tls13", .side = "server", .summary = "The server accepts TLS 1.3 only."}
                : evidence::ShortVerdict{.status = "ok", .cause = "healthy"},
        .changes = std::move(changes),
    };
}

ComparedRuns every_kind() {
    ComparedRuns runs{
        .before = {.name = "old.jsonl", .started = "2026-11-01T10:00:00Z", .targets = 119},
        .after = {.name = "results.db", .run = 7, .targets = 120, .complete = false},
    };
    runs.difference.targets = 121;
    runs.difference.worse = 1;
    runs.difference.better = 1;
    runs.difference.other = 1;
    runs.difference.appeared = 1;
    runs.difference.disappeared = 1;
    runs.difference.partly = 2;
    runs.difference.missing = 1;
    const Change verdict{
        .kind = ChangeKind::verdict, .before = "ok healthy", .after = "fail server_only_tls13"
    };
    const Change version{
        .kind = ChangeKind::version,
        .subject = "TLS 1.2",
        .before = "accepted",
        .after = "refused",
        .addresses = {"192.0.2.7:443", "[2001:db8::1]:443"}
    };
    TargetChange worse = changed_target("shop.example", Turn::worse, {verdict, version});
    worse.not_comparable = {"TLS 1.3"};
    TargetChange come = changed_target("new.example", Turn::appeared, {});
    come.before = {};
    TargetChange gone = changed_target("old.example", Turn::disappeared, {});
    gone.after = {};
    runs.difference.changed = {
        worse, come,
        changed_target(
            "mail.example", Turn::other,
            {{.kind = ChangeKind::suites,
              .subject = "TLS 1.2",
              .added = {"TLS_A"},
              .removed = {"TLS_B", "TLS_C", "TLS_D", "TLS_E", "TLS_F", "TLS_G", "TLS_H"}},
             {.kind = ChangeKind::certificate,
              .before = "RSA 2048, expires 2026-12-01, sha256 00ff00ff00ff00ff",
              .after = "EC P-256, expires 2027-12-01, sha256 11ff11ff11ff11ff"},
             {.kind = ChangeKind::trust, .before = "trusted", .after = "expired"},
             {.kind = ChangeKind::stack, .before = "OpenSSL 3.0", .after = "GnuTLS"},
             {.kind = ChangeKind::starttls, .before = "none", .after = "smtp"}},
            false
        ),
        gone, changed_target("better.example", Turn::better, {verdict})
    };
    runs.difference.only_partly = {changed_target("part.example", Turn::other, {}, false)};
    runs.difference.only_partly[0].not_comparable = {"verdict: a visit was cut", "certificate"};
    return runs;
}

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace

TEST_CASE("the screens and the document of diff are the reviewed ones") {
    const ComparedRuns runs = every_kind();
    const std::string screen = difference_screen(runs, k_plain_look, false);
    CHECK(screen == golden("diff/every_kind.txt", screen));
    const std::string verbose = difference_screen(runs, k_plain_look, true);
    CHECK(verbose == golden("diff/every_kind_verbose.txt", verbose));
    const std::string document = evidence::pretty(to_json(runs, "0.1.0", "2026-11-23"));
    CHECK(document == golden("diff/every_kind.json", document));
    CHECK(
        difference_line(runs, true) ==
        "5 of 121 targets changed: 1 got worse, 1 better, 1 in other ways, 1 new, 1 gone; 2 "
        "comparable only in part; 1 not comparable, as a run was cut before them\n"
    );
}

TEST_CASE("no change is said in one line") {
    ComparedRuns runs{
        .before = {.name = "old.jsonl", .targets = 1}, .after = {.name = "new.jsonl", .targets = 1}
    };
    runs.difference.targets = 1;
    CHECK(difference_line(runs, true) == "no change in 1 target\n");
    const std::string screen = difference_screen(runs, k_plain_look, false);
    CHECK(screen == golden("diff/same.txt", screen));
    const std::string document = evidence::pretty(to_json(runs, "0.1.0", "2026-11-23"));
    CHECK(document == golden("diff/same.json", document));
}

TEST_CASE("100,000 changes are shown in part, and with -v in full") {
    ComparedRuns runs;
    for (int i = 0; i < 100'000; ++i) {
        runs.difference.changed.push_back(
            changed_target(fmt::format("h{}.example", i), Turn::worse, {})
        );
    }
    const std::string screen = difference_screen(runs, k_plain_look, false);
    CHECK(lines_in(screen) < 60);
    CHECK(screen.contains("... and 99980 more that changed; -v shows all."));
    CHECK(lines_in(difference_screen(runs, k_plain_look, true)) >= 100'000);
}

TEST_CASE("what a peer wrote does not reach the terminal as it came") {
    ComparedRuns runs;
    TargetChange target = changed_target("a\x1b[2J.example", Turn::worse, {});
    target.after.summary = "x\r\x1b]0;owned\x07\n\xe2\x80\xae";
    target.changes = {{.kind = ChangeKind::stack, .before = "\x1b", .after = "\xff"}};
    target.not_comparable = {"\x1b"};
    runs.difference.changed = {target};
    runs.before.name = "\x1b";
    const std::string texts[] = {
        difference_screen(runs, k_plain_look, true), difference_line(runs, false),
        evidence::pretty(to_json(runs, "0.1.0", "2026-11-23"))
    };
    for (const std::string& text : texts) {
        for (const char* const never : {"\x1b", "\r", "\x07", "\xff", "\xe2\x80\xae"}) {
            CHECK_FALSE(text.contains(never));
        }
    }
}

} // namespace tlsdoctor::report
