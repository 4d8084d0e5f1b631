// SPDX-License-Identifier: Apache-2.0
// One line for each offer and each answer.
#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "evidence/exchange.hpp"
#include "evidence/offers.hpp"

namespace tlsdoctor::evidence {

namespace {

using testing::k_tls_1_2;
using testing::k_tls_1_3;
const std::vector<CipherSuite> k_two{CipherSuite{0x1301}, CipherSuite{0xC02F}};

Alert fatal(AlertDescription description) {
    return {.level = AlertLevel::fatal, .description = description, .record_version = k_tls_1_2};
}

Bytes bytes_of(std::string_view text) {
    const ByteView view = as_bytes(text);
    return {view.begin(), view.end()};
}

} // namespace

TEST_CASE("an offer is told in one line") {
    struct Row {
        Offer offer;
        std::string text;
    };
    const Row table[] = {
        {{}, "nothing sent, listening"},
        {{.versions = {k_tls_1_2}, .cipher_suites = k_two, .sni = "example.com"},
         "TLS 1.2 only, 2 suites, SNI example.com"},
        {{.versions = {k_tls_1_3}}, "TLS 1.3 only, no SNI"},
        {{.versions = {k_tls_1_2, k_tls_1_3}}, "TLS 1.2 + TLS 1.3, no SNI"},
        {{.versions = {k_tls_1_2}, .shape = Shape::browser, .sni = "a.example"},
         "TLS 1.2 only, SNI a.example, browser-like"},
        {{.versions = {ProtocolVersion::ssl_3_0}, .cipher_suites = k_two}, "SSL 3.0 only, 2 suites"
        },
        {{.versions = {ProtocolVersion::ssl_2_0}, .shape = Shape::ssl2}, "SSL 2.0 only"},
        {{.versions = {ProtocolVersion{0x7F1C}}}, "0x7f1c only, no SNI"},
        {{.versions = {k_tls_1_2}, .sni = "a\x1b[31m"}, "TLS 1.2 only, SNI a\\x1b[31m"},
    };
    for (const Row& row : table) {
        CAPTURE(row.text);
        CHECK(describe(row.offer) == row.text);
    }
}

TEST_CASE("an answer is told in one line") {
    const Selection chosen{.version = k_tls_1_2, .cipher_suite = CipherSuite{0xC02F}};
    const Selection retry{
        .version = k_tls_1_3, .cipher_suite = CipherSuite{0x1301}, .hello_retry_request = true
    };
    const Selection ssl2{.version = ProtocolVersion::ssl_2_0};
    const Alert warning{
        .level = AlertLevel::warning, .description = AlertDescription::unrecognized_name
    };
    struct Row {
        Exchange exchange;
        std::string text;
    };
    const Row table[] = {
        {{}, "not tested"},
        {{.outcome = Outcome::accepted, .selection = chosen},
         "ServerHello TLS 1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
        {{.outcome = Outcome::accepted, .selection = retry},
         "HelloRetryRequest TLS 1.3, TLS_AES_128_GCM_SHA256"},
        {{.outcome = Outcome::accepted, .selection = ssl2}, "ServerHello SSL 2.0"},
        {{.outcome = Outcome::accepted}, "ServerHello"},
        {{.outcome = Outcome::accepted,
          .selection = chosen,
          .alert_after = fatal(AlertDescription::handshake_failure)},
         "ServerHello TLS 1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, then alert 40 "
         "handshake_failure"},
        {{.outcome = Outcome::refused,
          .ending = Ending::fin,
          .alert = fatal(AlertDescription::protocol_version)},
         "alert 70 protocol_version, then FIN"},
        {{.outcome = Outcome::refused,
          .ending = Ending::reset,
          .alert = fatal(AlertDescription::internal_error)},
         "alert 80 internal_error, then RST"},
        {{.outcome = Outcome::refused, .alert = warning}, "warning alert 112 unrecognized_name"},
        {{.outcome = Outcome::closed, .ending = Ending::fin}, "closed without a word (FIN)"},
        {{.outcome = Outcome::reset, .ending = Ending::reset}, "connection reset (RST)"},
        {{.outcome = Outcome::silent}, "no answer"},
        {{.outcome = Outcome::garbled, .ending = Ending::fin, .received = {0x16, 0x03, 0x03}},
         "3 bytes that begin like TLS and cannot be read, then FIN"},
        {{.outcome = Outcome::not_tls, .protocol = "ssh", .received = bytes_of("SSH-2.0-x\r\n")},
         "not TLS (ssh): \"SSH-2.0-x..\""},
        {{.outcome = Outcome::unreachable, .error = "Connection refused"},
         "no connection: Connection refused"},
    };
    for (const Row& row : table) {
        CAPTURE(row.text);
        CHECK(describe_answer(row.exchange) == row.text);
    }
}

} // namespace tlsdoctor::evidence
