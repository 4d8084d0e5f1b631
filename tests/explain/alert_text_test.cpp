// SPDX-License-Identifier: Apache-2.0
// Alerts are found in the messages of real clients (error_texts.tsv), and only where they are.
#include "explain/alert_text.hpp"

#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "cli/folder.hpp"

using tlsdoctor::AlertDescription;
using tlsdoctor::split;
using tlsdoctor::explain::alert_in;
using tlsdoctor::explain::alert_in_openssl_code;

namespace {

/// -1 for no alert, so that a failing test prints both numbers.
int number(std::optional<AlertDescription> alert) {
    return alert ? static_cast<int>(*alert) : -1;
}

struct Text {
    std::string text;
    int alert;
};

const Text k_texts[] = {
    {"alert 70", 70},
    {"Alert [40]", 40},
    {"alert number 70", 70},
    {"SSL alert number 40", 40},
    {"alert: 112", 112},
    {"alert=255", 255},
    {"alert 256", -1},
    {"alert 70ms after the start", -1},
    {"The TLS protocol defined fatal alert code is 70.", 70}, // Schannel, event 36887
    {"alert handshake failure:../ssl/record/rec_layer_s3.c:1586:SSL alert number 40", 40},
    {"tlsv1 alert protocol version", 70},
    {"sslv3 alert handshake failure", 40},
    {"ssl/tls alert handshake failure", 40}, // OpenSSL 3.5
    {"ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", 70},
    {"Received fatal alert: protocol_version", 70},
    {"received fatal alert: UnrecognisedName", 112},
    {"remote error: tls: protocol version not supported", 70},
    {"remote error: tls: unknown certificate", 46},
    {"remote error: tls: unknown certificate authority", 48},
    {"remote error: tls: bad certificate", 42},
    {"tlsv1 bad certificate status response", 113},
    {"error:0A00042E:SSL routines::", 70},
    {"error:14094410:SSL routines:ssl3_read_bytes:", 40},
    {"error:0a000410:ssl routines::", 40},
    {"error:0A0000C1:SSL routines::no shared cipher", -1},
    {"error:0A000102:SSL routines::unsupported protocol", -1},
    {"error:0200100D:system library", -1},
    {"error:", -1},
    {"error:0A0004", -1},
    {"SSL_ERROR_NO_CYPHER_OVERLAP", 40},
    {"SSL_ERROR_PROTOCOL_VERSION_ALERT", 70},
    {"ERR_SSL_UNRECOGNIZED_NAME_ALERT", 112},
    {"ERR_SSL_VERSION_OR_CIPHER_MISMATCH", -1}, // 40, 70, 71, or an old ServerHello
    {"ERR_SSL_PROTOCOL_ERROR", -1},
    {"Unknown alert description (-1)", -1},
    {"connection refused", -1},
    {"alert", -1},
    {"", -1},
};

struct Code {
    std::uint32_t code;
    int alert;
};

constexpr Code k_codes[] = {
    {0x0A00042E, 70}, {0x0A000410, 40}, {0x0A000438, 80}, {0x0A000458, 112}, {0x0A00045C, 116},
    {0x1409442E, 70}, {0x14077410, 40}, {0x0A0003E8, 0},  {0x0A0004E7, 255}, {0x0A0003E7, -1},
    {0x0A0004E8, -1}, {0x0A0000C1, -1}, {0, -1},          {0x0200042E, -1},  {0xFFFFFFFF, -1},
};

} // namespace

TEST_CASE("alert_in reads numbers, names, codes and phrases") {
    for (const Text& c : k_texts) {
        CAPTURE(c.text);
        CHECK(number(alert_in(c.text)) == c.alert);
    }
}

TEST_CASE("alert_in_openssl_code takes alerts of the SSL library alone") {
    for (const Code& c : k_codes) {
        CAPTURE(c.code);
        CHECK(number(alert_in_openssl_code(c.code)) == c.alert);
    }
}

TEST_CASE("alert_in finds the alert in what real clients printed") {
    const std::string table =
        tlsdoctor::test::content(TLSDOCTOR_SOURCE_DIR "/tests/explain/error_texts.tsv");
    int rows = 0;
    for (const std::string_view line : split(table, '\n')) {
        const auto fields = split(line, '\t');
        if (line.starts_with('#') || fields.size() != 3) {
            continue;
        }
        CAPTURE(std::string{line});
        const auto sent = tlsdoctor::number_in(fields[1], 255);
        CHECK(number(alert_in(fields[2])) == (sent ? static_cast<int>(*sent) : -1));
        ++rows;
    }
    CHECK(rows > 100);
}
