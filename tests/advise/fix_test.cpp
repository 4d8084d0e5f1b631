// SPDX-License-Identifier: Apache-2.0
// The table of fixes is complete, and what it tells a user fits the user's target. Whether the
// lines work is shown by real servers (docs/field-notes.md), not here.
#include "advise/fix.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "registry/cause.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::advise {

namespace {

/// A cause that no line in any file can mend, with the reason.
struct NothingToFix {
    std::string_view cause{};
    std::string_view reason{};
};

constexpr NothingToFix k_nothing_to_fix[] = {
    {.cause = "sni_blocking", .reason = "somebody on the path forbids the name, no end can mend it"
    },
};

bool has_row(std::string_view cause) {
    return std::ranges::find(fix_rows(), cause, &FixRow::cause) != fix_rows().end();
}

bool is_excused(std::string_view cause) {
    return std::ranges::find(k_nothing_to_fix, cause, &NothingToFix::cause) !=
           std::ranges::end(k_nothing_to_fix);
}

/// Returns every `{word}` of lower-case letters in `text`.
std::vector<std::string> placeholders_in(std::string_view text) {
    std::vector<std::string> found;
    for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
        const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz", open + 1);
        if (end != text.npos && text[end] == '}' && end > open + 1) {
            found.emplace_back(text.substr(open, end - open + 1));
        }
    }
    return found;
}

diagnose::Diagnosis diagnosis_of(std::string_view cause) {
    return {.findings = {{.cause = find_cause(cause)}}};
}

evidence::Visit visit_of(std::string input, std::string host, std::uint16_t port) {
    return {.target = {.input = std::move(input), .host = std::move(host), .port = port}};
}

} // namespace

TEST_CASE("every cause that is a failure or a warning has a fix, or a reason to have none") {
    for (const CauseInfo& cause : causes()) {
        CAPTURE(cause.name);
        const bool bad = cause.status == Status::fail || cause.status == Status::warn;
        CHECK((!bad || has_row(cause.name) != is_excused(cause.name)));
    }
}

TEST_CASE("every excuse names a cause and a reason") {
    for (const NothingToFix& excuse : k_nothing_to_fix) {
        CAPTURE(excuse.cause);
        CHECK(find_cause(excuse.cause) != nullptr);
        CHECK_FALSE(excuse.reason.empty());
    }
}

TEST_CASE("every row names a known cause and is complete") {
    for (const FixRow& row : fix_rows()) {
        CAPTURE(row.cause);
        CAPTURE(row.product);
        CHECK(find_cause(row.cause) != nullptr);
        CHECK_FALSE(row.product.empty());
        CHECK_FALSE(row.where.empty());
        CHECK_FALSE(row.text.empty());
        CHECK(row.cost.ends_with('.'));
        // A STARTTLS port stays one: there the check is one that upgrades, which this program does
        // not.
        const bool upgrades = row.verify.starts_with("openssl s_client -starttls ");
        CHECK((upgrades || row.verify.find("tlsdoctor check {") != row.verify.npos));
        CHECK((!upgrades || row.cause == "starttls_needed"));
        CHECK(row.side != Side::none);
        CHECK(row.side != Side::unclear);
    }
}

TEST_CASE("the rows of one cause stand together and say different things") {
    for (auto row = fix_rows().begin(); row != fix_rows().end(); ++row) {
        CAPTURE(row->cause);
        CAPTURE(row->text);
        const auto same = [&](const FixRow& other) {
            return other.cause == row->cause && other.product == row->product &&
                   other.text == row->text;
        };
        CHECK(std::ranges::count_if(fix_rows(), same) == 1);
        const auto last =
            std::ranges::find(fix_rows().rbegin(), fix_rows().rend(), row->cause, &FixRow::cause);
        CHECK(std::all_of(row, last.base(), [&](const FixRow& r) { return r.cause == row->cause; })
        );
    }
}

TEST_CASE("every placeholder of the table is one that is filled in") {
    constexpr std::string_view k_known[] = {"{host}", "{port}", "{target}", "{name}"};
    for (const FixRow& row : fix_rows()) {
        for (const std::string_view text : {row.where, row.text, row.cost, row.verify}) {
            for (const std::string& placeholder : placeholders_in(text)) {
                CAPTURE(row.cause);
                CAPTURE(placeholder);
                CHECK(std::ranges::find(k_known, placeholder) != std::ranges::end(k_known));
            }
        }
    }
}

TEST_CASE("no placeholder is left in any fix") {
    const evidence::Visit visit = visit_of("https://shop.example/", "shop.example", 443);
    for (const CauseInfo& cause : causes()) {
        for (const Fix& fix : fixes_for(diagnosis_of(cause.name), visit)) {
            CAPTURE(cause.name);
            CAPTURE(fix.text);
            CHECK(placeholders_in(fix.where + fix.text + fix.cost + fix.verify).empty());
        }
    }
}

TEST_CASE("the fixes are those of the verdict, all of them, not yet verified") {
    for (const CauseInfo& cause : causes()) {
        CAPTURE(cause.name);
        const auto fixes =
            fixes_for(diagnosis_of(cause.name), visit_of("a.example", "a.example", 443));
        const auto rows = std::ranges::count(fix_rows(), cause.name, &FixRow::cause);
        CHECK(static_cast<std::ptrdiff_t>(fixes.size()) == rows);
        CHECK(std::ranges::none_of(fixes, &Fix::verified));
    }
}

TEST_CASE("findings below the verdict add no fixes") {
    diagnose::Diagnosis diagnosis = diagnosis_of("healthy");
    diagnosis.findings.push_back({.cause = find_cause("cert_not_trusted")});
    CHECK(fixes_for(diagnosis, visit_of("a.example", "a.example", 443)).empty());
    CHECK(fixes_for(diagnose::Diagnosis{}, visit_of("a.example", "a.example", 443)).empty());
}

TEST_CASE("a client that lacks TLS 1.3 is not sent to a release that ends with TLS 1.2") {
    evidence::Visit visit = visit_of("a.example", "a.example", 443);
    const auto accepted = [](ProtocolVersion version) {
        evidence::Exchange exchange;
        exchange.purpose = evidence::Purpose::version;
        exchange.offer.versions = {version};
        exchange.outcome = evidence::Outcome::accepted;
        exchange.selection = evidence::Selection{.version = version};
        return exchange;
    };
    visit.endpoints = {{.exchanges = {accepted(ProtocolVersion::tls_1_3)}}};
    diagnose::Diagnosis diagnosis = diagnosis_of("server_requires_newer_version");
    diagnosis.findings.front().side = Side::client;
    const std::vector<Fix> for_13 = fixes_for(diagnosis, visit);
    REQUIRE(!for_13.empty());
    CHECK(for_13.front().side == Side::client);
    CHECK(for_13.front().text.starts_with("use Java 11 or newer"));

    visit.endpoints.front().exchanges.push_back(accepted(ProtocolVersion::tls_1_2));
    CHECK(fixes_for(diagnosis, visit).front().text.starts_with("use Java 8 or newer"));
}

TEST_CASE("the commands fit the target, and a hostile target stays one word of the shell") {
    struct Case {
        std::string_view name;
        std::string input;
        std::string host;
        std::string_view ends;
    };
    const Case cases[] = {
        {"as typed", "https://shop.example/x", "shop.example", " check https://shop.example/x"},
        {"nothing typed", "", "shop.example", " check shop.example:8443"},
        {"nothing typed, IPv6", "", "::1", " check '[::1]:8443'"},
        {"brackets are a pattern", "[::1]:8443", "::1", " check '[::1]:8443'"},
        {"a command", "a;reboot", "a", " check 'a;reboot'"},
        {"a quote", "a'b", "a", R"( check 'a'\''b')"},
        {"spelled like a placeholder", "{port}", "a", " check '{port}'"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto visit = visit_of(c.input, c.host, 8443);
        const auto fixes = fixes_for(diagnosis_of("server_only_tls13"), visit);
        REQUIRE_FALSE(fixes.empty());
        CAPTURE(fixes.front().verify);
        CHECK(fixes.front().verify.ends_with(c.ends));
    }
}

TEST_CASE("the name is the one that was sent, else the host, else a word to replace") {
    struct Case {
        std::string_view name;
        evidence::Target target;
        std::string_view line;
    };
    const Case cases[] = {
        {"sent",
         {.host = "192.0.2.7", .literal = true, .sni = "a.example"},
         "server_name a.example;"},
        {"not sent", {.host = "b.example"}, "server_name b.example;"},
        {"an address", {.host = "192.0.2.7", .literal = true}, "server_name NAME;"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto fixes = fixes_for(diagnosis_of("sni_unknown"), {.target = c.target});
        REQUIRE_FALSE(fixes.empty());
        CHECK(fixes.front().text.find(c.line) != std::string::npos);
    }
}

TEST_CASE("the products of the stack that answered come first among the servers") {
    struct Case {
        std::string_view name;
        diagnose::Stack stack;
        std::string_view first;
    };
    const auto likely = Confidence::likely;
    const Case cases[] = {
        {"unknown", {.candidates = {"Java (JSSE)"}}, "nginx"},
        {"OpenSSL", {.name = "OpenSSL 3.0", .confidence = likely}, "nginx"},
        {"Java", {.name = "Java (JSSE)", .confidence = likely}, "Tomcat"},
        {"GnuTLS", {.name = "GnuTLS", .confidence = likely}, "Exim"},
        {"mbedTLS", {.name = "mbedTLS", .confidence = Confidence::possible}, "lighttpd"},
        {"a library without products", {.name = "NSS", .confidence = likely}, "nginx"},
        {"a product that named itself", {.product = "MariaDB"}, "MariaDB"},
    };
    const evidence::Visit visit = visit_of("a.example", "a.example", 443);
    diagnose::Diagnosis diagnosis = diagnosis_of("legacy_versions_enabled");
    const auto before = fixes_for(diagnosis, visit);
    for (const Case& c : cases) {
        CAPTURE(c.name);
        diagnosis.stacks = {std::nullopt, c.stack};
        const auto after = fixes_for(diagnosis, visit);
        CHECK(after.size() == before.size());
        CHECK(after.front().product == c.first);
    }
}

TEST_CASE("the stack moves neither clients' rows nor those for any product") {
    diagnose::Diagnosis diagnosis = diagnosis_of("server_only_tls13");
    const evidence::Visit visit = visit_of("a.example", "a.example", 443);
    const auto before = fixes_for(diagnosis, visit);
    diagnosis.stacks = {diagnose::Stack{.name = "Java (JSSE)", .confidence = Confidence::likely}};
    const auto after = fixes_for(diagnosis, visit);
    REQUIRE(after.size() == before.size());
    CHECK(after.front().product == "Tomcat");
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i].side != Side::server || before[i].product == "any") {
            CHECK(after[i].product == before[i].product);
        }
    }
}

TEST_CASE("the libraries that can be named have servers in the table") {
    const auto libraries = {"OpenSSL", "GnuTLS", "Java", "Go"};
    for (const std::string_view library : libraries) {
        CAPTURE(library);
        CHECK(std::ranges::any_of(fix_rows(), [&](const FixRow& row) {
            return row.side == Side::server && stands_on(row.product, library);
        }));
    }
    CHECK_FALSE(stands_on("IIS", "OpenSSL"));
    CHECK_FALSE(stands_on("nginx", ""));
}

TEST_CASE("the product that the server named comes first, the others keep their order") {
    evidence::Visit visit = visit_of("a.example", "a.example", 443);
    const auto before = fixes_for(diagnosis_of("not_tls_plain_http"), visit);
    const std::string_view answer =
        "HTTP/1.1 400 Bad Request\r\nServer: Microsoft-IIS/10.0\r\n\r\n";
    const auto bytes = as_bytes(answer);
    visit.endpoints.push_back(
        {.exchanges =
             {{.outcome = evidence::Outcome::not_tls, .received = {bytes.begin(), bytes.end()}}}}
    );
    const auto after = fixes_for(diagnosis_of("not_tls_plain_http"), visit);
    REQUIRE(after.size() == before.size());
    CHECK(before.front().product == "nginx");
    CHECK(after.front().product == "IIS");
    CHECK(after[1].product == "nginx");
    CHECK(after.back().product == before.back().product);
}

} // namespace tlsdoctor::advise
