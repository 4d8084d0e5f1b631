// SPDX-License-Identifier: Apache-2.0
// Rules on primes, security levels, signatures, renegotiation and fallback, each with what comes
// near it. The measured set-ups are in stacks.tsv, the recorded ones in tests/causes/.
#include <algorithm>

#include <doctest/doctest.h>

#include "diagnose/diagnose.hpp"
#include "making.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Flight;
using evidence::Purpose;
using evidence::Renegotiation;
using evidence::Shape;
using evidence::Visit;

constexpr CipherSuite k_dhe{0x009E};
constexpr std::string_view k_server = "server.example";

/// Adds an exchange of TLS 1.2 beside those for the versions.
Exchange& add(Visit& visit, std::string_view word, Purpose purpose) {
    auto& exchanges = visit.endpoints.front().exchanges;
    exchanges.push_back(asked(k_tls_1_2, Shape::composed, std::string{k_server}, word, purpose));
    exchanges.back().id = "e90";
    return exchanges.back();
}

/// Lets every accepted hello of this version end in DHE with such a prime.
void choose_dhe(Visit& visit, ProtocolVersion version, std::uint16_t bits) {
    for (Exchange& exchange : visit.endpoints.front().exchanges) {
        if (exchange.selection && exchange.selection->version == version) {
            exchange.selection->cipher_suite = k_dhe;
            exchange.flight = Flight{.stage = "ServerKeyExchange", .dh_bits = bits};
        }
    }
}

/// Gives every ServerHello a flight, with renegotiation_info or without.
Visit with_renegotiation(Words words, bool asked_for, bool answered) {
    Visit one = visit(words);
    for (Exchange& exchange : one.endpoints.front().exchanges) {
        if (exchange.selection) {
            exchange.flight = Flight{.stage = "ServerHello", .renegotiation_info = answered};
        }
        exchange.offer.renegotiation = asked_for ? Renegotiation::scsv : Renegotiation::none;
    }
    return one;
}

/// Status of a finding in one word, `-` where it is not there.
std::string status_of(const Visit& visit, std::string_view cause, const Question& question = {}) {
    for (const Finding& finding : diagnose(visit, question).findings) {
        if (finding.cause->name == cause) {
            return std::string{name_of(finding.status)};
        }
    }
    return "-";
}

constexpr Words k_only_tls_1_2{.tls13 = "A70/0303"};

} // namespace

TEST_CASE("a small prime fails where clients of today meet it, and warns where others do") {
    struct Row {
        const char* name;
        Words words;
        std::uint16_t
            for_all; ///< bits that the ordinary hello of TLS 1.2 ends up with, 0 for ECDHE
        std::uint16_t for_old; ///< bits that a hello with DHE alone gets
        std::string status;
    };
    const Row table[] = {
        {"DHE alone, 1024", k_only_tls_1_2, 1024, 1024, "fail"},
        {"DHE alone, 2047", k_only_tls_1_2, 2047, 2047, "fail"},
        {"DHE alone, 2048", k_only_tls_1_2, 2048, 2048, "-"},
        {"DHE alone, a named group for who offers it", k_only_tls_1_2, 2048, 512, "fail"},
        {"ECDHE beside it", k_only_tls_1_2, 0, 1024, "warn"},
        {"TLS 1.3 beside it", {}, 1024, 1024, "warn"},
        {"ECDHE beside 2048", k_only_tls_1_2, 0, 2048, "-"},
        {"no DHE at all", k_only_tls_1_2, 0, 0, "-"},
    };
    for (const Row& row : table) {
        CAPTURE(row.name);
        Visit one = visit(row.words);
        if (row.for_all > 0) {
            choose_dhe(one, k_tls_1_2, row.for_all);
        }
        Exchange& dhe_only = add(one, "S0303", Purpose::trait);
        dhe_only.selection->cipher_suite = k_dhe;
        dhe_only.flight = Flight{.stage = "ServerKeyExchange", .dh_bits = row.for_old};
        CHECK(status_of(one, "weak_dh") == row.status);
        CHECK((row.status == "-") != (verdict_of(one) == "weak_dh"));
    }
}

TEST_CASE("the prime of a server that stops at TLS 1.1 does not hide that it does") {
    Visit one =
        visit(Words{.tls10 = "S0301", .tls11 = "S0302", .tls12 = "S0302", .tls13 = "A70/0303"});
    choose_dhe(one, ProtocolVersion::tls_1_1, 1024);
    CHECK(verdict_of(one) == "server_only_legacy");
    CHECK(status_of(one, "weak_dh") == "warn");
}

TEST_CASE("a prime that another name showed is not this name's") {
    Visit one = visit(k_only_tls_1_2);
    Exchange& other = add(one, "S0303", Purpose::name);
    other.offer.sni = "other.example";
    other.flight = Flight{.stage = "ServerKeyExchange", .dh_bits = 1024};
    CHECK(status_of(one, "weak_dh") == "-");
}

TEST_CASE("alert 80 to old versions is the security level only where the rest fits it") {
    struct Row {
        const char* name;
        Words words;
        std::string status;
    };
    const Row table[] = {
        {"both old ones on", {.tls10 = "A80/0301", .tls11 = "A80/0302"}, "warn"},
        {"one of them", {.tls11 = "A80/0302"}, "warn"},
        {"lighttpd's own suites", {.tls10 = "A40/0301", .tls11 = "A40/0302"}, "-"},
        {"40 to the other", {.tls10 = "A40/0301", .tls11 = "A80/0302"}, "-"},
        {"SSL 3.0 is not answered like OpenSSL",
         {.ssl3 = "A70/0301", .tls10 = "A80/0301", .tls11 = "A80/0302"},
         "-"},
        {"nothing on but old ones",
         {.tls10 = "A80/0301", .tls11 = "A80/0302", .tls12 = "A80/0302", .tls13 = "A70/0303"},
         "fail"},
        {"80 to TLS 1.2 as such",
         {.tls10 = "A80/0301", .tls11 = "A80/0302", .tls12 = "A80/0303", .tls13 = "A70/0303"},
         "-"},
        {"80 to TLS 1.3 too",
         {.tls10 = "A80/0301", .tls11 = "A80/0302", .tls12 = "A80/0302", .tls13 = "A80/0303"},
         "-"},
    };
    for (const Row& row : table) {
        CAPTURE(row.name);
        Words words = row.words;
        words.ssl2 = "A70/0303";
        words.other12 = words.tls12.starts_with("S") ? "-" : words.tls12;
        words.other13 = words.tls12.starts_with("S") ? "-" : words.tls13;
        const Visit one = visit(words);
        CHECK(status_of(one, "seclevel_blocks_old_tls") == row.status);
        CHECK_FALSE((row.status != "-" && has(causes_of(one), "refuses_every_hello")));
        CHECK_FALSE((row.status != "-" && has(causes_of(one), "healthy")));
    }
}

TEST_CASE("an old server signs with SHA-1 where its key exchange is signed at all") {
    const Words old{.tls10 = "S0301", .tls11 = "S0302", .tls12 = "S0302", .tls13 = "A70/0303"};
    CHECK(status_of(visit(old), "sigalg_mismatch") == "warn");
    CHECK(verdict_of(visit(old)) == "server_only_legacy");
    Visit plain = visit(old);
    for (Exchange& exchange : plain.endpoints.front().exchanges) {
        if (exchange.selection) {
            exchange.selection->cipher_suite = CipherSuite{0x002F}; // RSA key exchange
        }
    }
    CHECK(status_of(plain, "sigalg_mismatch") == "-");
    CHECK(status_of(visit(Words{.tls10 = "S0301"}), "sigalg_mismatch") == "-");
}

TEST_CASE("a ServerHello without renegotiation_info is a failure where TLS 1.2 is the newest") {
    CHECK(
        status_of(with_renegotiation(k_only_tls_1_2, true, false), "legacy_renegotiation") == "fail"
    );
    CHECK(status_of(with_renegotiation({}, true, false), "legacy_renegotiation") == "warn");
    CHECK(status_of(with_renegotiation(k_only_tls_1_2, true, true), "legacy_renegotiation") == "-");
    CHECK(
        status_of(with_renegotiation(k_only_tls_1_2, false, false), "legacy_renegotiation") == "-"
    );
    const Words tls_1_3{.tls12 = "A70/0303"};
    CHECK(status_of(with_renegotiation(tls_1_3, true, false), "legacy_renegotiation") == "-");
    const Words old{.tls10 = "S0301", .tls11 = "S0302", .tls12 = "S0302", .tls13 = "A70/0303"};
    CHECK(verdict_of(with_renegotiation(old, true, false)) == "server_only_legacy");
}

TEST_CASE("where one ServerHello has renegotiation_info, the server does not lack it") {
    Visit one = with_renegotiation(k_only_tls_1_2, true, false);
    Exchange& again = add(one, "S0303", Purpose::client);
    again.offer.renegotiation = Renegotiation::extension;
    again.flight = Flight{.stage = "ServerHello", .renegotiation_info = true};
    CHECK(status_of(one, "legacy_renegotiation") == "-");
}

TEST_CASE("alert 71 to what is on is insufficient_security") {
    const Words erlang{
        .ssl2 = "A10/0300",
        .ssl3 = "A70/0300",
        .tls12 = "A71/0303",
        .tls13 = "A70/0303",
        .other12 = "A71/0303",
        .other13 = "A70/0303"
    };
    CHECK(verdict_of(visit(erlang)) == "insufficient_security");
    const Words beside{.tls12 = "A71/0303"};
    CHECK(status_of(visit(beside), "insufficient_security") == "-");
}

TEST_CASE("the fallback signal is a verdict only for who came with alert 86") {
    const Question with_error{.error_alert = AlertDescription::inappropriate_fallback};
    struct Row {
        std::string_view word;
        bool asks;
        std::string status;
    };
    const Row table[] = {
        {"A86/0303", true, "fail"},
        {"A86/0303", false, "-"},
        {"S0303", true, "-"},
        {"A70/0303", true, "-"},
    };
    for (const Row& row : table) {
        CAPTURE(row.word);
        Visit one = visit(Words{});
        add(one, row.word, Purpose::trait).offer.fallback_scsv = true;
        CHECK(status_of(one, "fallback_scsv", row.asks ? with_error : Question{}) == row.status);
        CHECK(
            (row.status == "fail") ==
            (verdict_of(one, row.asks ? with_error : Question{}) == "fallback_scsv")
        );
    }
}

} // namespace tlsdoctor::diagnose
