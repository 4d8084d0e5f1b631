// SPDX-License-Identifier: Apache-2.0
// Whole texts: what is recognised, what is not, how logs are grouped.
#include "explain/explain.hpp"

#include <random>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

namespace tlsdoctor::explain {

namespace {

std::string cause_of(const Reading& reading) {
    const bool none = reading.groups.empty() || reading.groups.front().meaning.candidates.empty();
    return none ? "" : std::string{reading.groups.front().meaning.candidates.front().cause->name};
}

int alert_of(const Reading& reading) {
    return reading.groups.empty() || !reading.groups.front().meaning.alert
               ? -1
               : static_cast<int>(*reading.groups.front().meaning.alert);
}

/// Alerts in spellings that no row has.
struct Spelled {
    std::string_view text{};
    int alert{};
};

const Spelled k_spelled[] = {
    {"mylib: TLS error, got alert 86 from peer", 86},
    {"frob/tls: handshake failed: peer sent FatalAlert(UnrecognisedName)", 112},
    {"TLSError { kind: HandshakeFailure }", 40},
    {"tls client failed: no_application_protocol", 120},
    {"error:0A000456", 110},
    {"error:0A000102 of no alert", -1},
};

/// Texts that are no TLS errors.
constexpr std::string_view k_no_errors[] = {
    "hello world",
    "We sealed the deal with a handshake.",
    "A certificate of attendance will be sent to you.",
    "Weather alert 40: heavy rain expected",
    "SSL",
    "TLS 1.3 is now enabled for all customers",
    "The handshake between the two leaders took place at noon.",
    "Jan  2 10:00:00 host sshd[1]: Accepted publickey for root from 192.0.2.1 port 40 ssh2",
    "192.0.2.1 - - [01/Jan/2024:10:00:00 +0000] \"GET / HTTP/1.1\" 200 40 \"-\" \"curl/7.88\"",
    "ssl_protocols TLSv1.2 TLSv1.3;",
    "protocol_version = 4",
    "2024-01-01 INFO TLS handshake completed in 40ms",
    "My Mercedes SSL made an error",
    "\x01\x02\xff\xfe\x80",
};

/// Texts of servers, and what they mean there.
struct OfServer {
    std::string_view text{};
    std::string_view cause{};
};

const OfServer k_of_servers[] = {
    {"1700000000: OpenSSL Error[0]: error:0A000102:SSL routines::unsupported protocol",
     "server_requires_newer_version"},
    {"1700000000: OpenSSL Error[0]: error:0A00010B:SSL routines::wrong version number",
     "client_speaks_plain_to_tls"},
    {"1700000000: OpenSSL Error[0]: error:0A000416:SSL routines::sslv3 alert certificate unknown",
     "cert_not_trusted"},
    {"192.0.2.1:50000 [01/Jan/2024:10:00:00.000] fe/1: SSL handshake failure "
     "(error:0A000418:SSL routines::tlsv1 alert unknown ca)",
     "cert_not_trusted"},
    {"192.0.2.1:50000 [01/Jan/2024:10:00:00.000] fe/1: SSL handshake failure "
     "(error:0A000412:SSL routines::sslv3 alert bad certificate)",
     "cert_not_trusted"},
    {"SSL_do_handshake() failed (SSL: error:0A000412:SSL routines::sslv3 alert bad certificate:SSL "
     "alert number 42) while SSL handshaking, client: 192.0.2.1, server: 0.0.0.0:443",
     "cert_not_trusted"},
    {"postfix/smtpd[10]: warning: TLS library problem: error:0A000418:SSL routines::tlsv1 alert "
     "unknown ca:../ssl/record/rec_layer_s3.c:1586:SSL alert number 48:",
     "cert_not_trusted"},
    {"nginx: [emerg] cannot load certificate \"/etc/x.pem\": SSL_CTX_use_certificate() failed "
     "(SSL: error:0A00018F:SSL routines::ee key too small)",
     "seclevel_cert"},
    {"[ssl:emerg] [pid 1] AH02562: Failed to configure certificate a.example:443:0, SSL Library "
     "Error: error:0A00018E:SSL routines::ca md too weak",
     "seclevel_cert"},
    {"[ALERT] (1) : config : 'bind *:443' in section 'frontend' : unable to load SSL certificate "
     "into SSL Context '/etc/x.pem': ee key too small.",
     "seclevel_cert"},
};

std::string repeated(std::string_view line, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) {
        text += line;
        text += '\n';
    }
    return text;
}

} // namespace

TEST_CASE("read understands alerts of unknown programs") {
    Reader reader;
    for (const Spelled& c : k_spelled) {
        CAPTURE(std::string{c.text});
        const Reading reading = reader.read(c.text);
        CHECK(alert_of(reading) == c.alert);
        CHECK_FALSE(cause_of(reading).empty());
    }
}

TEST_CASE("read takes what a server printed for the server's") {
    Reader reader;
    for (const OfServer& c : k_of_servers) {
        CAPTURE(std::string{c.text});
        const Reading reading = reader.read(c.text);
        CHECK(cause_of(reading) == c.cause);
        REQUIRE_FALSE(reading.groups.empty());
        CHECK(reading.groups.front().meaning.observer == Observer::server);
    }
}

TEST_CASE("read understands a code of OpenSSL that stands alone") {
    Reader reader;
    CHECK(cause_of(reader.read("error:0A000102")) == "server_only_legacy");
    CHECK(cause_of(reader.read("failed with error:0A000410:lib(20)")) == "no_common_cipher");
}

TEST_CASE("read does not recognise what is no error of TLS") {
    Reader reader;
    for (const std::string_view text : k_no_errors) {
        CAPTURE(std::string{text});
        const Reading reading = reader.read(text);
        CHECK(reading.groups.empty());
        CHECK(reading.unrecognised == 1);
    }
    CHECK(reader.read("").unrecognised == 0);
}

TEST_CASE("read groups a log, worst and most frequent first") {
    std::string log;
    for (int i = 0; i < 9; ++i) {
        const std::string n = std::to_string(i);
        log += "2024/01/01 10:00:0" + n + " [error] 1" + n + "#0: *" + n +
               " SSL_do_handshake() failed (SSL: error:0A000410:SSL "
               "routines::sslv3 alert handshake failure:SSL alert number 40) while SSL handshaking "
               "to upstream, client: 192.0.2." +
               n + ", upstream: \"https://192.0.2.200:8443/\"\n";
        log += "2024/01/01 10:00:0" + n + " [info] 1#0: started\n";
    }
    log += "2024/01/01 10:00:09 [error] 1#0: curl: (35) error:0A00010B:SSL routines::wrong version "
           "number to a.example:25\n";
    log = repeated("2024/01/01 10:00:00 [info] 1#0: nothing", 60) + log;
    Reader reader;
    const Reading reading = reader.read(log);
    REQUIRE(reading.groups.size() == 2);
    CHECK(reading.groups[0].count == 9);
    CHECK(reading.groups[0].first_line == 61);
    CHECK(target_text(reading.groups[0].place) == "192.0.2.200:8443");
    CHECK(reading.groups[1].count == 1);
    CHECK(target_text(reading.groups[1].place) == "a.example:25");
    CHECK(reading.unrecognised == 69);
    CHECK(reading.lines == 79);
}

TEST_CASE("read is bounded") {
    Reader reader;
    const std::string error = "error:0A00010B:SSL routines::wrong version number ";
    CHECK(cause_of(reader.read(error + std::string(1'000'000, 'x'))) != "");
    CHECK(reader.read(std::string(1'000'000, '\0')).groups.empty());
    CHECK(reader.read(repeated("x", 1'000'000)).unrecognised == 1'000'000);
    const Reading many = reader.read(repeated(error, 100'000));
    REQUIRE(many.groups.size() == 1);
    CHECK(many.groups[0].count == 100'000);
}

TEST_CASE("read keeps its promises for random bytes") {
    constexpr unsigned k_seed = 20'261'123;
    CAPTURE(k_seed);
    std::mt19937 random{k_seed};
    const std::string_view words[] = {
        "error:0A000",
        "alert ",
        "number 40",
        "\n",
        "\x1b[",
        "\"",
        "{\"",
        "https://",
        ":443",
        "\r\n",
        "2024-01-01 10:00:00 ",
        "wrong version number",
        "\xff\xfe",
        "tls",
        "[",
        "]",
        " to ",
        "host=",
    };
    Reader reader;
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (auto i = random() % 60; i > 0; --i) {
            if (random() % 4 == 0) {
                text += static_cast<char>(random());
            } else {
                text += words[random() % std::size(words)];
            }
        }
        const Reading reading = reader.read(text);
        for (const Group& group : reading.groups) {
            double sum = 0;
            for (const Candidate& candidate : group.meaning.candidates) {
                sum += candidate.weight;
            }
            CHECK(sum == doctest::Approx(1));
            CHECK(group.first_line > 0);
            CHECK(group.first_line <= reading.lines);
        }
    }
}

} // namespace tlsdoctor::explain
