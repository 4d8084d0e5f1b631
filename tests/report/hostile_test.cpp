// SPDX-License-Identifier: Apache-2.0
// What a peer sends may be anything; no report passes it on to a terminal or a JSON reader as it
// came.
#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include "report/json.hpp"
#include "report/layout.hpp"
#include "report/quiet.hpp"
#include "report/screen.hpp"
#include "situations.hpp"

namespace tlsdoctor::report {

namespace {

/// Everything a peer has a word in, filled with this text.
advise::CaseFile filled_with(const std::string& text) {
    advise::CaseFile file = situation("only_tls13");
    file.visit.target.input = text;
    file.visit.target.host = text;
    file.visit.endpoints[0].reach_error = text;
    file.visit.endpoints[0].handshake = situation("healthy").visit.endpoints[0].handshake;
    evidence::Handshake& handshake = *file.visit.endpoints[0].handshake;
    handshake.trust_error = text;
    handshake.failure = text;
    handshake.completed = false;
    handshake.chain[0].subject = text;
    handshake.chain[0].issuer = text;
    handshake.chain[0].names = {text, text};
    for (evidence::Exchange& exchange : file.visit.endpoints[0].exchanges) {
        exchange.outcome = evidence::Outcome::not_tls;
        exchange.protocol = text;
        exchange.error = text;
        exchange.received.assign(text.begin(), text.end());
    }
    diagnose::Finding& verdict = file.diagnosis.findings[0];
    verdict.summary = text;
    verdict.refuted_by = text;
    verdict.evidence[0].text = text;
    verdict.address = text;
    file.diagnosis.findings.push_back(verdict);
    file.diagnosis.error_note = text;
    file.clients[0].name = text;
    file.clients[0].reason = text;
    file.fixes[0].text = text;
    file.fixes[0].verify = text;
    return file;
}

bool is_harmless(std::string_view text) {
    return std::ranges::none_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte != '\n' && (byte < 0x20 || byte == 0x7f);
    });
}

struct Hostile {
    std::string_view name;
    std::string text;
    std::string_view never; ///< does not appear in any report
};

const Hostile k_hostile[] = {
    {"an escape sequence", "220 \x1b]0;owned\x07\x1b[2J hello", "\x1b"},
    {"carriage returns", "good\rFAIL evil", "\r"},
    {"a C1 control",
     "a\xc2\x9b"
     "31mb",
     "\xc2\x9b"},
    {"a character that turns the text round",
     "abc\xe2\x80\xae"
     "cba",
     "\xe2\x80\xae"},
    {"bytes that are not UTF-8", "\xff\xfe\xc0\xaf", "\xff"},
    {"an overlong slash", "\xe0\x80\xaf", "\xe0\x80\xaf"},
    {"a surrogate", "\xed\xa0\x80", "\xed\xa0\x80"},
    {"the end of a multi-byte character missing", "abc\xe2\x82", "\xe2\x82"},
    {"a NUL", std::string("a\0b", 3), std::string_view("\0", 1)},
};

} // namespace

TEST_CASE("no report passes hostile bytes on") {
    for (const Hostile& c : k_hostile) {
        CAPTURE(c.name);
        const advise::CaseFile file = filled_with(c.text);
        const std::string reports[] = {
            screen(file, {}),
            screen(file, {.verbose = true, .evidence_hex = true, .show_clients = true}),
            screen(file, {.utf8 = false, .columns = 80, .verbose = true}),
            quiet_line(file, true),
            json::serialize(to_json(file, {.with_bytes = true})),
            evidence::pretty(to_json(file, {.command = "scan"})),
        };
        for (const std::string& report : reports) {
            CHECK(is_harmless(report));
            CHECK_FALSE(report.contains(c.never));
        }
    }
}

TEST_CASE("the JSON of hostile text can be read again") {
    for (const Hostile& c : k_hostile) {
        CAPTURE(c.name);
        boost::system::error_code error;
        const std::string text = json::serialize(to_json(filled_with(c.text), {}));
        const json::value again = json::parse(text, error);
        CHECK(error.failed() == false);
        CHECK(again.is_object());
    }
}

TEST_CASE("screen stays short whatever the length of a peer's text") {
    const std::string without_spaces(10'000, 'A');
    std::string with_spaces;
    for (int i = 0; i < 2'000; ++i) {
        with_spaces += "word ";
    }
    for (const std::string& text : {without_spaces, with_spaces}) {
        advise::CaseFile file = situation("only_tls13");
        file.diagnosis.findings[0].evidence[0].text = text;
        file.diagnosis.error_note = text;
        const std::string report = screen(file, {});
        CHECK(std::ranges::count(report, '\n') <= 40);
        CHECK(report.size() < 4'000);
    }
}

TEST_CASE("a command to paste quotes what a stranger may have written into a list") {
    advise::CaseFile file = situation("closed_port");
    file.visit.target.host = "a;rm -rf ~'b";
    file.visit.target.sni = "$(id)";
    const std::string report = screen(file, {});
    CHECK(report.contains(R"(tlsdoctor 'a;rm -rf ~'\''b:4433' --sni '$(id)')"));
}

} // namespace tlsdoctor::report
