// SPDX-License-Identifier: Apache-2.0
// Bytes in hexadecimal were taken from the servers that their rows name; first flights of
// OpenSSL 3.0.22 stand in tests/wire/server_flights.txt. Texts are those of the servers' sources.
#include "probe/answers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/assume.hpp"
#include "wire/alert.hpp"
#include "wire/cases.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/server_hello.hpp"
#include "wire/ssl2.hpp"
#include "wire/ssl2_record.hpp"

namespace tlsdoctor::probe::test {
namespace {

using evidence::Ending;
using wire::test::hex;
using enum ProtocolVersion;

// `openssl s_server -tls1_3`: ServerHello and the ChangeCipherSpec after it.
constexpr std::string_view k_tls_1_3 =
    "160303007a020000760303cd86f0571ef42ca12350afb0bd7b540547e34e957d51d8cdd34c9e90f0a7c08220a382af"
    "4023551c0e33687023f0249c4ade1e0edc27d2c17d793aa6712973ff37130200002e002b0002030400330024001d00"
    "20c294823a72316ea6ad2cea6d20ff7050864f62ceedcd4f8b6be2881850256a3414030300010117030300176bf830"
    "a3bb55a863dd04617505db52d249bfb1f79edf";

// `openssl s_server -tls1_3 -groups P-521` to a client with an X25519 share.
constexpr std::string_view k_hello_retry_request =
    "1603030058020000540303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c202a69a5"
    "2b5c931aac95a9a7aa0f9f033573cc0abd4afb09fe46899fb3e24cba15130200000c002b0002030400330002001914"
    "0303000101";

// `openssl s_server -tls1_2 -servername other.example`: a warning, and the ServerHello after it.
constexpr std::string_view k_warning_then_hello =
    "1503030002017016030300410200003d0303706ec506e25de22377a3b2cacfbe0be920dbc4d38cbfc772f1975c0b1f"
    "c09c9b00c02c000015ff01000100000b000403000102002300000017000016030301970b00019300019000";

Bytes flight(std::string_view name) {
    static const auto blocks = wire::test::blocks_of("server_flights.txt");
    const auto named = [&](const wire::test::Block& block) {
        return block.find("name")->second == name;
    };
    const auto at = std::ranges::find_if(blocks, named);
    assume(at != blocks.end(), "a flight of this name exists");
    return hex(at->find("flight")->second);
}

Bytes text(std::string_view words) {
    const ByteView bytes = as_bytes(words);
    return {bytes.begin(), bytes.end()};
}

Bytes operator+(Bytes first, const Bytes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

Bytes first_of(const Bytes& bytes, std::size_t size) {
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}

Bytes ssl2_server_hello() {
    const wire::Ssl2ServerHello hello{
        .certificate_type = 1,
        .certificate = Bytes(300, 0x30),
        .cipher_specs = {0x010080, 0x0700c0},
        .connection_id = Bytes(16, 0xab),
    };
    return wire::ssl2_record(write(hello));
}

Bytes ssl2_error(wire::Ssl2ErrorCode code) {
    return wire::ssl2_record(write(wire::Ssl2Error{.error_code = code}));
}

/// A version that no TLS 1.3 server may choose in supported_versions.
Bytes hello_choosing(ProtocolVersion version) {
    const wire::ServerHello hello{
        .cipher_suite = CipherSuite::TLS_AES_128_GCM_SHA256,
        .extensions =
            {{.type = ExtensionType::supported_versions,
              .data =
                  {static_cast<std::uint8_t>(std::to_underlying(version) >> 8U),
                   static_cast<std::uint8_t>(std::to_underlying(version))}}},
    };
    return wire::record(
        wire::ContentType::handshake, tls_1_2,
        handshake_message(wire::HandshakeType::server_hello, write(hello))
    );
}

std::vector<Answer> alerts() {
    return {
        {"alert 70 of OpenSSL", tls_1_2, hex("15030300020246"), Ending::fin,
         "refused, alert fatal 70 in TLS 1.2, fin"},
        {"alert 70 of BearSSL in a record of version 0", tls_1_3, hex("15000000020246"),
         Ending::fin, "refused, alert fatal 70 in 0x0000, fin"},
        {"alert 40 in a record of version 4.0", tls_1_3, hex("15040000020228"), Ending::reset,
         "refused, alert fatal 40 in 0x0400, reset"},
        {"alert 40 in a record of version 3.5", tls_1_3, hex("15030500020228"), Ending::ours,
         "refused, alert fatal 40 in 0x0305, ours"},
        {"alert 40 of OpenSSL to SSL 3.0", ssl_3_0, hex("15030000020228"), Ending::fin,
         "refused, alert fatal 40 in SSL 3.0, fin"},
        {"alert 70 to an SSL 2.0 hello", ssl_2_0, hex("15030300020246"), Ending::fin,
         "refused, alert fatal 70 in TLS 1.2, fin"},
        {"alert 80 of Go for a name", tls_1_2, hex("15030100020250"), Ending::fin,
         "refused, alert fatal 80 in TLS 1.0, fin"},
        {"an alert that nobody defined", tls_1_2, hex("150303000202c8"), Ending::fin,
         "refused, alert fatal 200 in TLS 1.2, fin"},
        {"an alert of a level that nobody defined", tls_1_2, hex("15030300020728"), Ending::fin,
         "refused, alert unknown(7) 40 in TLS 1.2, fin"},
        {"two alerts of wolfSSL: the first is the reason", tls_1_2,
         hex("1503030002025615030300020246"), Ending::fin,
         "refused, alert fatal 86 in TLS 1.2, fin"},
        {"an alert and then close_notify", tls_1_2, hex("1503030002022815030300020100"),
         Ending::fin, "refused, alert fatal 40 in TLS 1.2, fin"},
        {"close_notify alone", tls_1_2, hex("15030300020100"), Ending::fin,
         "refused, alert warning 0 in TLS 1.2, fin"},
        {"a warning and nothing more", tls_1_2, hex("15030300020170"), Ending::fin,
         "refused, alert warning 112 in TLS 1.2, fin"},
        {"a warning, then a fatal alert", tls_1_2, hex("1503030002017015030300020228"), Ending::fin,
         "refused, alert warning 112 in TLS 1.2, fin"},
        {"alert 80 of MariaDB with plain text after it", tls_1_0,
         hex("15030100020246") + text("\x16\x00\x00\x02\xff\x13\x04#08S01Bad handshake"),
         Ending::fin, "refused, alert fatal 70 in TLS 1.0, fin"},
        {"alert 40 and bare text after it", tls_1_0,
         hex("15030100020228") + text("#08S01Bad handshake"), Ending::fin,
         "refused, alert fatal 40 in TLS 1.0, fin"},
        {"alert 70 of vsftpd with its log after it", tls_1_1,
         hex("15030200020246") + text("500 OOPS: error:0A000102:SSL routines::unsupported "
                                      "protocol\r\n"),
         Ending::fin, "refused, alert fatal 70 in TLS 1.1, fin"},
        {"an alert of three bytes", tls_1_2, hex("1503030003022800"), Ending::fin, "garbled, fin"},
        {"an alert without bytes", tls_1_2, hex("1503030000"), Ending::fin, "garbled, fin"},
        {"half an alert", tls_1_2, hex("150303000202"), Ending::fin, "garbled, fin"},
    };
}

std::vector<Answer> hellos() {
    return {
        {"SSL 3.0", ssl_3_0, server_hello_record(ssl_3_0), Ending::fin,
         "accepted SSL 3.0 0x002f, fin"},
        {"a whole flight of TLS 1.0", tls_1_0, flight("TLS 1.0 ECDHE-RSA, asks for a certificate"),
         Ending::ours, "accepted TLS 1.0 0xc013 secp256r1, ours"},
        {"a whole flight of TLS 1.1", tls_1_1, flight("TLS 1.1 DHE-RSA"), Ending::ours,
         "accepted TLS 1.1 0x0033, ours"},
        {"a whole flight of TLS 1.2", tls_1_2, flight("TLS 1.2 ECDHE-RSA"), Ending::ours,
         "accepted TLS 1.2 0xc02f secp256r1, ours"},
        {"a flight with a PSK hint", tls_1_2, flight("TLS 1.2 ECDHE-PSK with hint"), Ending::ours,
         "accepted TLS 1.2 0xc035 secp256r1, ours"},
        {"a flight without any extension", tls_1_2, flight("TLS 1.2 RSA without any extension"),
         Ending::ours, "accepted TLS 1.2 0x002f, ours"},
        {"TLS 1.2 of a server that could do TLS 1.3", tls_1_2,
         flight("TLS 1.2 from a server that can do 1.3"), Ending::ours,
         "accepted TLS 1.2 0xc02f secp256r1 downgraded from TLS 1.3, ours"},
        {"TLS 1.3", tls_1_3, hex(k_tls_1_3), Ending::ours, "accepted TLS 1.3 0x1302 x25519, ours"},
        {"HelloRetryRequest", tls_1_3, hex(k_hello_retry_request), Ending::ours,
         "accepted TLS 1.3 0x1302 secp521r1 by HelloRetryRequest, ours"},
        {"TLS 1.0 in answer to TLS 1.2", tls_1_2,
         flight("TLS 1.0 ECDHE-RSA, asks for a certificate"), Ending::fin,
         "other_version TLS 1.0 0xc013 secp256r1, fin"},
        {"TLS 1.2 in answer to TLS 1.3", tls_1_3, server_hello_record(tls_1_2), Ending::fin,
         "other_version TLS 1.2 0x002f, fin"},
        {"TLS 1.3 in answer to TLS 1.2", tls_1_2, hex(k_tls_1_3), Ending::ours,
         "other_version TLS 1.3 0x1302 x25519, ours"},
        {"SSL 3.0 in answer to SSL 2.0", ssl_2_0, server_hello_record(ssl_3_0), Ending::fin,
         "other_version SSL 3.0 0x002f, fin"},
        {"a version that does not exist", tls_1_3, hello_choosing(ProtocolVersion{0x7f1c}),
         Ending::fin, "other_version 0x7f1c 0x1301, fin"},
        {"a warning about the name, then a ServerHello", tls_1_2, hex(k_warning_then_hello),
         Ending::fin, "accepted TLS 1.2 0xc02c, alert warning 112 in TLS 1.2, fin"},
        {"a ServerHello, then a fatal alert", tls_1_2,
         server_hello_record(tls_1_2) + hex("15030300020228"), Ending::fin,
         "accepted TLS 1.2 0x002f, alert after fatal 40 in TLS 1.2, fin"},
        {"a HelloRequest before the ServerHello", tls_1_2,
         hex("160303000400000000") + server_hello_record(tls_1_2), Ending::fin,
         "accepted TLS 1.2 0x002f, fin"},
        {"a ServerHello, then garbage", tls_1_2, server_hello_record(tls_1_2) + text("garbage"),
         Ending::fin, "accepted TLS 1.2 0x002f, fin"},
        {"half a ServerHello, then FIN", tls_1_2, first_of(server_hello_record(tls_1_2), 30),
         Ending::fin, "garbled, fin"},
        {"half a ServerHello, then RST", tls_1_2, first_of(server_hello_record(tls_1_2), 30),
         Ending::reset, "garbled, reset"},
        {"half a ServerHello, then silence", tls_1_2, first_of(server_hello_record(tls_1_2), 30),
         Ending::ours, "garbled, ours"},
        {"a certificate without a ServerHello", tls_1_2, hex("16030300070b000003000000"),
         Ending::fin, "garbled, fin"},
        {"a ServerHello that ends in its random", tls_1_2, hex("160303000802000004030311 22"),
         Ending::fin, "garbled, fin"},
        {"application data", tls_1_2, hex("1703030003aabbcc"), Ending::fin, "garbled, fin"},
        {"ChangeCipherSpec", tls_1_2, hex("140303000101"), Ending::fin, "garbled, fin"},
        {"our own hello sent back", tls_1_2, hex("16030100050100000103"), Ending::fin,
         "garbled, fin"},
    };
}

std::vector<Answer> ssl2_answers() {
    return {
        {"SSL 2.0 SERVER-HELLO", ssl_2_0, ssl2_server_hello(), Ending::ours,
         "accepted SSL 2.0 0x0000, ours"},
        {"SSL 2.0 ERROR", ssl_2_0, ssl2_error(wire::Ssl2ErrorCode::no_cipher), Ending::fin,
         "refused, alert fatal 40 in SSL 2.0, fin"},
        {"half a SERVER-HELLO", ssl_2_0, first_of(ssl2_server_hello(), 100), Ending::fin,
         "garbled, fin"},
        {"a SERVER-HELLO whose lengths lie", ssl_2_0, hex("800b 04 00 01 0002 ffff 0003 0010"),
         Ending::fin, "garbled, fin"},
        {"SERVER-HELLO in answer to TLS", tls_1_2, ssl2_server_hello(), Ending::fin,
         "not_tls unknown, fin"},
    };
}

std::vector<Answer> other_protocols() {
    const Bytes mariadb =
        hex("5d0000000a") + text("5.5.5-10.11.19-MariaDB-0+deb12u1") +
        hex("00 2a000000 3a5a2c6b58265a30 00 fef7 2d 0200 ff81 15 000000000000 1d000000"
            "6f3c4b5e2a66332b5d7a577800") +
        text("mysql_native_password") + hex("00");
    return {
        {"HTTP", tls_1_2,
         text("HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n"),
         Ending::fin, "not_tls http, fin"},
        {"HTTP without a status line", tls_1_2, text("<html><body>hello</body></html>"),
         Ending::fin, "not_tls http, fin"},
        {"SSH", tls_1_3, text("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"), Ending::ours,
         "not_tls ssh, ours"},
        {"SMTP", tls_1_3, text("220 mail.example.com ESMTP Postfix (Debian/GNU)\r\n"), Ending::ours,
         "not_tls smtp, ours", 25},
        {"FTP of a host with a long name", tls_1_3,
         text("220 a-name-that-is-long-enough-to-fill-more-than-sixty-four-bytes.example.com FTP "
              "server ready\r\n"),
         Ending::ours, "not_tls ftp, ours"},
        {"IMAP", tls_1_3, text("* OK [CAPABILITY IMAP4rev1] Dovecot (Debian) ready.\r\n"),
         Ending::ours, "not_tls imap, ours"},
        {"POP3", tls_1_3, text("+OK Dovecot (Debian) ready.\r\n"), Ending::ours,
         "not_tls pop3, ours"},
        {"MariaDB", tls_1_2, mariadb, Ending::ours, "not_tls mysql, ours", 3306},
        {"PostgreSQL", tls_1_2,
         hex("450000003c") + text(std::string_view("SFATAL\0VFATAL\0C0A000\0Munsupported\0\0", 36)),
         Ending::fin, "not_tls postgresql, fin", 5432},
        {"one letter", tls_1_2, text("N"), Ending::fin, "not_tls unknown, fin"},
        {"a content type, then text", tls_1_2, text("\x16-no TLS"), Ending::fin,
         "not_tls unknown, fin"},
        {"one byte that could begin SSL 2.0", ssl_2_0, hex("80"), Ending::fin,
         "not_tls unknown, fin"},
        {"one byte that could begin TLS", tls_1_2, hex("16"), Ending::fin, "garbled, fin"},
        {"zeros", tls_1_2, Bytes(40, 0), Ending::ours, "not_tls unknown, ours"},
        {"a record longer than any may be", tls_1_2, hex("1603034801") + Bytes(100, 0x02),
         Ending::ours, "garbled, ours"},
        {"nothing, then FIN", tls_1_2, {}, Ending::fin, "closed, fin"},
        {"nothing, then RST", tls_1_2, {}, Ending::reset, "reset, reset"},
        {"nothing at all", tls_1_2, {}, Ending::ours, "silent, ours"},
    };
}

Bytes repeated(const Bytes& piece, std::size_t size) {
    Bytes all;
    while (all.size() < size) {
        all.insert(all.end(), piece.begin(), piece.end());
    }
    return all;
}

/// A ServerHello and a long certificate, as messages.
Bytes long_flight() {
    const wire::ServerHello hello{.cipher_suite = CipherSuite{0x002f}};
    return handshake_message(wire::HandshakeType::server_hello, write(hello)) +
           handshake_message(wire::HandshakeType::certificate, Bytes(40'000, 0x30));
}

} // namespace

const std::vector<Answer>& answers() {
    static const std::vector<Answer> all = [] {
        std::vector<Answer> list;
        for (const auto& part : {alerts(), hellos(), ssl2_answers(), other_protocols()}) {
            list.insert(list.end(), part.begin(), part.end());
        }
        return list;
    }();
    return all;
}

const std::vector<Answer>& long_answers() {
    static const std::vector<Answer> all = {
        {"100 kB of one letter", tls_1_2, Bytes(100'000, 'x'), Ending::ours, "not_tls unknown, ours"
        },
        {"100 kB after an alert", tls_1_2, hex("15030300020228") + Bytes(100'000, 0x15),
         Ending::ours, "refused, alert fatal 40 in TLS 1.2, ours"},
        {"warnings without end", tls_1_2, repeated(hex("15030300020170"), 100'000), Ending::ours,
         "garbled, alert warning 112 in TLS 1.2, ours"},
        {"empty records without end", tls_1_2, repeated(hex("1603030000"), 100'000), Ending::ours,
         "garbled, ours"},
        {"HelloRequests without end", tls_1_2, repeated(hex("160303000400000000"), 100'000),
         Ending::ours, "garbled, ours"},
        {"a message that says it has 16 MB", tls_1_2,
         repeated(hex("16030340000bffffff") + Bytes(16'380, 0), 100'000), Ending::ours,
         "garbled, ours"},
        {"a long page of HTTP", tls_1_2, text("HTTP/1.1 200 OK\r\n\r\n") + Bytes(100'000, '<'),
         Ending::ours, "not_tls http, ours"},
        {"a flight that fills its first record", tls_1_2,
         wire::records(wire::ContentType::handshake, tls_1_2, long_flight()), Ending::ours,
         "accepted TLS 1.2 0x002f, ours"},
        {"a ServerHello in a record as long as any may be", tls_1_2,
         wire::record(
             wire::ContentType::handshake, tls_1_2, first_of(long_flight(), wire::k_max_ciphertext)
         ),
         Ending::ours, "accepted TLS 1.2 0x002f, ours"},
    };
    return all;
}

std::string told(const evidence::Exchange& exchange) {
    const auto alert = [](std::string_view what, const std::optional<evidence::Alert>& seen) {
        return seen ? fmt::format(
                          ", {} {} {} in {}", what, name_of(seen->level),
                          std::to_underlying(seen->description), name_of(seen->record_version)
                      )
                    : "";
    };
    std::string text(name_of(exchange.outcome));
    if (const auto& chosen = exchange.selection) {
        text += fmt::format(
            " {} 0x{:04x}", name_of(chosen->version), std::to_underlying(chosen->cipher_suite)
        );
        text += chosen->group ? " " + name_of(*chosen->group) : "";
        text += chosen->hello_retry_request ? " by HelloRetryRequest" : "";
        text +=
            chosen->downgrade_from ? " downgraded from " + name_of(*chosen->downgrade_from) : "";
    }
    text += exchange.protocol.empty() ? "" : " " + exchange.protocol;
    text += alert("alert", exchange.alert) + alert("alert after", exchange.alert_after);
    return text + ", " + std::string(name_of(exchange.ending));
}

evidence::Offer offer_of(ProtocolVersion version) {
    return {
        .versions = {version},
        .shape = version == ssl_2_0 ? evidence::Shape::ssl2 : evidence::Shape::openssl,
    };
}

Bytes server_hello_record(ProtocolVersion version) {
    const wire::ServerHello hello{
        .legacy_version = version, .cipher_suite = CipherSuite{0x002f} // RSA with AES-128-CBC
    };
    return wire::record(
        wire::ContentType::handshake, version,
        handshake_message(wire::HandshakeType::server_hello, write(hello))
    );
}

} // namespace tlsdoctor::probe::test
