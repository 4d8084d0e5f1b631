// SPDX-License-Identifier: Apache-2.0
// Changes are found, and what only one run looked at is none.
#include "evidence/difference.hpp"

#include <functional>

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace tlsdoctor::evidence {

namespace {

ResultEndpoint address_that(const std::string& of_tls_1_0) {
    return {
        .address = "192.0.2.7",
        .port = 443,
        .state = "open",
        .protocol = "tls",
        .versions =
            {{ProtocolVersion::tls_1_0, of_tls_1_0},
             {ProtocolVersion::tls_1_2, "accepted"},
             {ProtocolVersion::tls_1_3, "accepted"}},
        .certificate_sha256 = "00ff",
        .certificate_expires = "2027-01-01T00:00:00Z",
        .certificate_key = "RSA 2048",
        .stack = "OpenSSL 3.0",
        .handshake = true,
        .trust = "trusted",
    };
}

Result healthy_result() {
    return {
        .host = "a.example",
        .port = 443,
        .sni = "a.example",
        .started = "2026-11-23T10:00:00Z",
        .elapsed_ms = 41,
        .status = "ok",
        .cause = "healthy",
        .side = "none",
        .findings = {"healthy"},
        .endpoints = {address_that("refused")},
    };
}

void judge(Result& result, const char* status, const char* cause) {
    result.status = status;
    result.cause = cause;
    result.findings = {cause};
}

ResultSuites suites_of(std::vector<std::string> names, bool complete = true) {
    return {.version = ProtocolVersion::tls_1_2, .names = std::move(names), .complete = complete};
}

Difference difference_of(
    const std::vector<Result>& before, const std::vector<Result>& after, bool complete = true
) {
    Words words;
    Snapshot old{words};
    Snapshot now{words};
    for (const Result& result : before) {
        old.add(result);
    }
    for (const Result& result : after) {
        now.add(result);
    }
    return compare({old, complete}, {now, complete});
}

/// `worse: verdict ok healthy>fail x; version TLS 1.0 refused>accepted / TLS 1.3`.
std::string shown(const Difference& difference) {
    std::string text;
    const auto show = [&](const TargetChange& target, std::string_view turn) {
        text += fmt::format("{}:", turn);
        for (const Change& change : target.changes) {
            text += fmt::format(" {}", name_of(change.kind));
            text += change.subject.empty() ? "" : " " + change.subject;
            text += change.before.empty() ? "" : fmt::format(" {}>{}", change.before, change.after);
            for (const std::string& name : change.added) {
                text += " +" + name;
            }
            for (const std::string& name : change.removed) {
                text += " -" + name;
            }
            for (const std::string& address : change.addresses) {
                text += " @" + address;
            }
            text += ";";
        }
        for (const std::string& what : target.not_comparable) {
            text += " /" + what;
        }
    };
    for (const TargetChange& target : difference.changed) {
        show(target, name_of(target.turn));
    }
    for (const TargetChange& target : difference.only_partly) {
        show(target, "same");
    }
    return text;
}

} // namespace

TEST_CASE("compare finds what changed, and nothing else") {
    const struct {
        const char* name;
        std::function<void(Result& before, Result& after)> change;
        const char* shown;
    } cases[] = {
        {"nothing", [](Result&, Result&) {}, ""},
        {"times",
         [](Result&, Result& after) {
             after.started = "2026-11-24T10:00:00Z";
             after.elapsed_ms = 4'100;
         },
         ""},
        {"a verdict gets worse",
         [](Result&, Result& after) { judge(after, "fail", "server_only_tls13"); },
         "worse: verdict ok healthy>fail server_only_tls13;"},
        {"a verdict gets better",
         [](Result& before, Result&) { judge(before, "warn", "no_tls13"); },
         "better: verdict warn no_tls13>ok healthy;"},
        {"another failure",
         [](Result& before, Result& after) {
             judge(before, "fail", "weak_dh");
             judge(after, "fail", "sni_missing");
         },
         "other: verdict fail weak_dh>fail sni_missing;"},
        {"what is unknown is not better than a failure",
         [](Result& before, Result& after) {
             judge(before, "fail", "weak_dh");
             judge(after, "unsure", "unknown");
         },
         "other: verdict fail weak_dh>unsure unknown;"},
        {"a version", [](Result&, Result& after) { after.endpoints[0] = address_that("accepted"); },
         "other: version TLS 1.0 refused>accepted;"},
        {"a version that one did not test",
         [](Result&, Result& after) { after.endpoints[0] = address_that("not_tested"); },
         "same: /TLS 1.0"},
        {"a version that neither tested",
         [](Result& before, Result& after) {
             before.endpoints[0] = address_that("not_tested");
             after.endpoints[0] = address_that("unreachable");
         },
         ""},
        {"suites of both",
         [](Result& before, Result& after) {
             before.endpoints[0].cipher_suites = {suites_of({"A", "B"})};
             after.endpoints[0].cipher_suites = {suites_of({"C", "A"})};
         },
         "other: cipher_suites TLS 1.2 +C -B;"},
        {"suites in another order",
         [](Result& before, Result& after) {
             before.endpoints[0].cipher_suites = {suites_of({"A", "B"})};
             after.endpoints[0].cipher_suites = {suites_of({"B", "A"})};
         },
         ""},
        {"suites that only one enumerated",
         [](Result&, Result& after) { after.endpoints[0].cipher_suites = {suites_of({"A"})}; },
         "same: /cipher suites of TLS 1.2"},
        {"suites that one enumerated in part",
         [](Result& before, Result& after) {
             before.endpoints[0].cipher_suites = {suites_of({"A", "B"})};
             after.endpoints[0].cipher_suites = {suites_of({"A", "C"}, false)};
         },
         "other: cipher_suites TLS 1.2 +C; /cipher suites removed from TLS 1.2"},
        {"a certificate",
         [](Result&, Result& after) {
             after.endpoints[0].certificate_sha256 = "11ff";
             after.endpoints[0].certificate_key = "EC P-256";
         },
         "other: certificate RSA 2048, expires 2027-01-01, sha256 00ff>EC P-256, expires "
         "2027-01-01, sha256 11ff;"},
        {"trust", [](Result&, Result& after) { after.endpoints[0].trust = "expired"; },
         "other: trust trusted>expired;"},
        {"trust that one did not judge",
         [](Result&, Result& after) { after.endpoints[0].trust = "not_judged"; }, ""},
        {"a stack", [](Result&, Result& after) { after.endpoints[0].stack = "GnuTLS"; },
         "other: stack OpenSSL 3.0>GnuTLS;"},
        {"a stack that one does not name",
         [](Result&, Result& after) { after.endpoints[0].stack = ""; }, ""},
        {"another address",
         [](Result&, Result& after) { after.endpoints[0].address = "192.0.2.9"; }, ""},
        {"another address that answers otherwise",
         [](Result&, Result& after) {
             after.endpoints[0] = address_that("accepted");
             after.endpoints[0].address = "192.0.2.9";
         },
         "other: version TLS 1.0 refused>accepted;"},
        {"other addresses that differ among themselves",
         [](Result&, Result& after) {
             after.endpoints = {address_that("accepted"), address_that("refused")};
             after.endpoints[0].address = "192.0.2.8";
             after.endpoints[1].address = "192.0.2.9";
         },
         "same: /addresses: other ones, which differ among themselves"},
        {"one address of two",
         [](Result& before, Result& after) {
             before.endpoints.push_back(address_that("refused"));
             before.endpoints[1].address = "2001:db8::1";
             after.endpoints.push_back(address_that("closed"));
             after.endpoints[1].address = "2001:db8::1";
         },
         "other: version TLS 1.0 refused>closed @[2001:db8::1]:443;"},
        {"a certificate's fault against versions alone",
         [](Result& before, Result& after) {
             judge(before, "fail", "cert_not_trusted");
             after.endpoints[0].handshake = false;
             after.endpoints[0].certificate_sha256 = "";
             after.endpoints[0].trust = "not_judged";
         },
         "same: /verdict: one run asked for versions alone /certificate"},
        {"a failure that versions alone show",
         [](Result&, Result& after) {
             judge(after, "fail", "server_only_tls13");
             after.endpoints[0].handshake = false;
             after.endpoints[0].certificate_sha256 = "";
             after.endpoints[0].trust = "not_judged";
         },
         "worse: verdict ok healthy>fail server_only_tls13; /certificate"},
        {"a certificate's fault against --insecure",
         [](Result& before, Result& after) {
             judge(before, "fail", "cert_not_trusted");
             before.endpoints[0].trust = "expired";
             after.endpoints[0].trust = "not_judged";
         },
         "same: /verdict: one run did not judge the certificate"},
        {"a policy that only one was held to",
         [](Result&, Result& after) {
             judge(after, "fail", "expectation_failed");
             after.question = "policy modern@6.0";
         },
         "same: /verdict: the runs asked different questions"},
        {"a visit that was cut",
         [](Result&, Result& after) {
             judge(after, "unsure", "unknown");
             after.interrupted = true;
         },
         "same: /verdict: a visit was cut"},
        {"STARTTLS where TLS was", [](Result&, Result& after) { after.starttls = "smtp"; },
         "other: starttls none>smtp;"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.name);
        Result before = healthy_result();
        Result after = healthy_result();
        c.change(before, after);
        const Difference difference = difference_of({before}, {after});
        CHECK(shown(difference) == c.shown);
        CHECK(difference.targets == 1);
        CHECK(difference_of({after}, {before}).changes() == difference.changes());
    }
}

TEST_CASE("compare tells who came and who went, unless a run was cut") {
    Result other = healthy_result();
    other.host = "b.example";
    other.sni = "b.example";
    judge(other, "fail", "port_closed");
    const Difference whole = difference_of({healthy_result()}, {other});
    CHECK(whole.targets == 2);
    CHECK(whole.appeared == 1);
    CHECK(whole.disappeared == 1);
    REQUIRE(whole.changed.size() == 2);
    CHECK(whole.changed[0].identity == "b.example:443");
    CHECK(whole.changed[0].after.cause == "port_closed");
    CHECK(whole.changed[1].before.cause == "healthy");
    const Difference cut = difference_of({healthy_result()}, {other}, false);
    CHECK(cut.changes() == 0);
    CHECK(cut.missing == 2);
}

TEST_CASE("compare puts the worst first, and of several results of a target the last one counts") {
    std::vector<Result> before;
    std::vector<Result> after;
    const char* const statuses[][2] = {
        {"fail", "ok"}, {"ok", "warn"}, {"ok", "fail"}, {"warn", "warn"}
    };
    for (const auto& [was, is] : statuses) {
        Result result = healthy_result();
        result.host = fmt::format("h{}.example", before.size());
        judge(result, was, was);
        before.push_back(result);
        judge(result, is, is);
        after.push_back(result);
    }
    after.push_back(after[3]);
    judge(after[3], "fail", "fail");
    const Difference difference = difference_of(before, after);
    CHECK(difference.targets == 4);
    REQUIRE(difference.changed.size() == 3);
    CHECK(difference.changed[0].host == "h2.example");
    CHECK(difference.changed[1].host == "h1.example");
    CHECK(difference.changed[2].host == "h0.example");
    CHECK(difference.worse == 2);
    CHECK(difference.better == 1);
}

} // namespace tlsdoctor::evidence
