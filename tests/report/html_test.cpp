// SPDX-License-Identifier: Apache-2.0
// The page of `report`: its figures are right, it holds what it needs, and no text of a peer
// becomes markup. tests/cli/results_over_time.py holds it to the HTML standard.
#include "report/html.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "report/html_parts.hpp"

namespace tlsdoctor::report {

namespace {

evidence::Result result_of(std::string host, std::string status, std::string cause) {
    return {
        .host = host,
        .port = 443,
        .sni = host,
        .started = "2026-11-23T10:00:00Z",
        .status = std::move(status),
        .cause = std::move(cause),
        .side = "server",
        .summary = "Something.",
        .endpoints = {{
            .address = "192.0.2.7",
            .port = 443,
            .state = "open",
            .protocol = "tls",
            .versions =
                {{ProtocolVersion::tls_1_0, "refused"}, {ProtocolVersion::tls_1_3, "accepted"}},
            .certificate_sha256 = "00ff",
            .certificate_expires = "2026-12-01T00:00:00Z",
            .certificate_key = "RSA 2048",
            .stack = "OpenSSL 3.0",
        }},
    };
}

Overview overview_of(const std::vector<std::vector<evidence::Result>>& runs) {
    OverviewBuilder builder;
    for (const auto& run : runs) {
        builder.begin("results.jsonl");
        for (const evidence::Result& result : run) {
            builder.add(result);
        }
    }
    return builder.finish("0.1.0", "2026-11-23");
}

std::size_t count_in(std::string_view text, std::string_view what) {
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != std::string_view::npos;
         at = text.find(what, at + 1)) {
        ++count;
    }
    return count;
}

} // namespace

TEST_CASE("an overview counts each target once") {
    evidence::Result two_addresses = result_of("b.example", "fail", "server_only_tls13");
    two_addresses.endpoints.push_back(two_addresses.endpoints[0]);
    two_addresses.endpoints[1].versions = {{ProtocolVersion::tls_1_0, "accepted"}};
    two_addresses.endpoints[1].certificate_expires = "2026-11-20T00:00:00Z";
    const Overview overview = overview_of(
        {{result_of("a.example", "ok", "healthy")},
         {result_of("a.example", "warn", "no_tls13"), two_addresses,
          result_of("a.example", "ok", "healthy")}}
    );
    REQUIRE(overview.runs.size() == 2);
    const RunFigures& last = overview.runs.back();
    CHECK(last.targets == 2);
    CHECK(last.tls == 2);
    CHECK(last.by_status == std::array<std::size_t, 4>{1, 0, 0, 1});
    CHECK(last.accepted_by == std::array<std::size_t, 6>{0, 0, 1, 0, 0, 2});
    CHECK(last.tested_by == std::array<std::size_t, 6>{0, 0, 2, 0, 0, 2});
    REQUIRE(overview.causes.size() == 2);
    CHECK(overview.causes[0].name == "healthy");
    CHECK(overview.causes[1].status == "fail");
    REQUIRE(overview.stacks.size() == 1);
    CHECK(overview.stacks[0].count == 2);
    CHECK(overview.certificates == 2);
    CHECK(overview.expiring == std::array<std::size_t, 4>{1, 0, 1, 0});
    REQUIRE(overview.expiries.size() == 2);
    CHECK(overview.expiries[0].days == -3);
    CHECK(overview.expiries[1].days == 8);
    REQUIRE(overview.targets.size() == 2);
    CHECK(overview.targets[0].target == "b.example:443");
    CHECK(overview.targets[0].versions == "TLS 1.0, TLS 1.3");
}

TEST_CASE("the page lists the worst targets and says how many there are") {
    std::vector<evidence::Result> results;
    for (int i = 0; i < 2'500; ++i) {
        const bool bad = i % 2'400 == 0;
        results.push_back(result_of(
            fmt::format("h{}.example", i), bad ? "fail" : "ok", bad ? "weak_dh" : "healthy"
        ));
    }
    const std::string page = html_report(overview_of({results}));
    CHECK(count_in(page, "<tr data-status=") == k_most_rows);
    CHECK(page.contains("The 2,000 worst of 2,500"));
    CHECK(page.contains("h0.example:443"));
    CHECK(page.contains("h2400.example:443"));
    CHECK(page.contains("<h1>2,500 targets: 2 fail</h1>"));
    CHECK(page.contains("href=\"#cause-weak_dh\""));
    CHECK(page.contains("<details id=\"cause-weak_dh\">"));
    CHECK(page.size() < 2'000'000);
}

TEST_CASE("several runs give charts over time") {
    std::vector<std::vector<evidence::Result>> runs;
    for (int day = 1; day <= 3; ++day) {
        runs.push_back({result_of("a.example", "ok", "healthy")});
        runs.back()[0].started = fmt::format("2026-11-0{}T10:00:00Z", day);
    }
    const std::string page = html_report(overview_of(runs));
    CHECK(page.contains("<title id=\"chart-versions\">"));
    CHECK(page.contains("2026-11-03"));
    CHECK_FALSE(html_report(overview_of({runs[0]})).contains("<title id=\"chart-versions\">"));
}

TEST_CASE("no text of a peer becomes markup, an address or a script") {
    const std::string hostile[] = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'onmouseover='alert(1)",
        "</td></tr></table><h1>owned",
        "]]><!--",
        "</style></script>",
        "&#60;script&#62;",
        "javascript:alert(1)",
        "a\x1b[2J\r\n\xe2\x80\xae\xff",
    };
    for (const std::string& text : hostile) {
        CAPTURE(text);
        evidence::Result result = result_of(text, "fail", text);
        result.summary = text;
        result.side = text;
        result.started = text;
        result.endpoints[0].stack = text;
        result.endpoints[0].certificate_key = text;
        result.endpoints[0].certificate_expires = "2026-11-24" + text;
        evidence::Result other = result;
        other.host = "b";
        other.status = text;
        const std::string page = html_report(overview_of({{result, other}, {result, other}}));
        const std::string sane = html_report(overview_of(
            {{result_of("a", "fail", "x"), result_of("b", "ok", "x")},
             {result_of("a", "fail", "x"), result_of("b", "ok", "x")}}
        ));
        CHECK(count_in(page, "<script>") == 1);
        CHECK(count_in(page, "</script>") == count_in(sane, "</script>"));
        CHECK(count_in(page, "</style>") == 1);
        CHECK(count_in(page, "<img") == 0);
        CHECK(count_in(page, "<h1>") == 1);
        CHECK(count_in(page, "<!--") == 0);
        CHECK(count_in(page, "\" onerror") == 0);
        CHECK(count_in(page, "'onmouseover") == 0);
        CHECK(count_in(page, "href=\"javascript") == 0);
        for (const char* const never : {"\x1b", "\r", "\xff", "\xe2\x80\xae"}) {
            CHECK_FALSE(page.contains(never));
        }
    }
}

TEST_CASE("the page names nothing outside of itself") {
    const std::string page =
        html_report(overview_of({{result_of("a.example", "fail", "sni_missing")}}));
    CHECK(page.contains("default-src 'none'; style-src 'sha256-"));
    for (const char* const never :
         {" src=", "<link", "@import", "url(", "style=\"", " onclick=", "unsafe-inline",
          "href=\"http"}) {
        CAPTURE(never);
        CHECK_FALSE(page.contains(never));
    }
}

TEST_CASE("numbers are made for people") {
    const struct {
        std::size_t count;
        std::size_t whole;
        const char* percent;
    } cases[] = {
        {0, 0, "–"},
        {0, 9, "0.0 %"},
        {1, 3, "33 %"},
        {1, 40, "2.5 %"},
        {1, 100'000, "&lt; 0.1 %"},
        {99'999, 100'000, "&gt; 99.9 %"},
        {7, 7, "100 %"},
    };
    for (const auto& c : cases) {
        CHECK(percent_of(c.count, c.whole) == c.percent);
    }
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1'000) == "1,000");
    CHECK(grouped(1'234'567) == "1,234,567");
}

} // namespace tlsdoctor::report
