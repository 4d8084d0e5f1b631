// SPDX-License-Identifier: Apache-2.0
// The opening of a connection: real hellos cut anywhere, every other way to begin, and lengths that
// lie.
#include <doctest/doctest.h>

#include "cases.hpp"
#include "wire/client_hello.hpp"
#include "wire/opening.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;

namespace {

OpeningReader opened(ByteView bytes, std::size_t piece, std::size_t limit = 64 * 1024UL) {
    OpeningReader reader(limit);
    for (std::size_t at = 0; at < bytes.size() && !reader.complete(); at += piece) {
        reader.feed(bytes.subspan(at, std::min(piece, bytes.size() - at)));
    }
    return reader;
}

/// The same message, but each record carries `size` bytes of it.
Bytes split_into_records(ByteView hello, std::size_t size) {
    const ByteView message = hello.subspan(5);
    Bytes all;
    for (std::size_t at = 0; at < message.size(); at += size) {
        const ByteView part = message.subspan(at, std::min(size, message.size() - at));
        const Bytes one = record(ContentType::handshake, ProtocolVersion::tls_1_0, part);
        all.insert(all.end(), one.begin(), one.end());
    }
    return all;
}

Bytes with(Bytes bytes, std::string_view text) {
    const ByteView more = as_bytes(text);
    bytes.insert(bytes.end(), more.begin(), more.end());
    return bytes;
}

} // namespace

TEST_CASE("real hellos are complete with their last byte and not before") {
    for (const auto& block : test::blocks_of("client_hellos.txt")) {
        CAPTURE(block.at("name"));
        const Bytes hello = test::hex(block.at("hello"));
        for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, hello.size()}) {
            const OpeningReader reader = opened(hello, piece);
            CHECK(reader.complete());
            CHECK(reader.kind() == OpeningKind::hello);
            CHECK(to_hex(reader.bytes()) == to_hex(hello));
        }
        const OpeningReader cut = opened(ByteView(hello).first(hello.size() - 1), 64);
        CHECK_FALSE(cut.complete());
        CHECK(cut.kind() == OpeningKind::partial);
        const Bytes records = split_into_records(hello, 50);
        const OpeningReader several = opened(with(records, "and more"), 3);
        CHECK(several.kind() == OpeningKind::hello);
        CHECK(to_hex(several.bytes()) == to_hex(records));
    }
}

TEST_CASE("every way to begin is told from the others") {
    struct Case {
        std::string_view name;
        Bytes bytes;
        OpeningKind kind;
        bool complete;
        std::string_view protocol;
    };
    const auto text = [](std::string_view of) {
        return with({}, of);
    };
    const Case k_cases[] = {
        {"nothing", {}, OpeningKind::nothing, false, ""},
        {"SSL 2.0", test::hex("801c0100020003000000100100800102030405060708090a0b0c0d0e0f10"),
         OpeningKind::ssl2_hello, true, ""},
        {"TLS in the format of SSL 2.0",
         test::hex("801f010301000600000010000035010080"
                   "0102030405060708090a0b0c0d0e0f10"),
         OpeningKind::ssl2_hello, true, ""},
        {"a lying SSL 2.0",
         test::hex("801c01000200ff000000100100800102030405060708090a0b0c0d0e0f10"),
         OpeningKind::garbled, true, ""},
        {"an alert", test::hex("15030100020228"), OpeningKind::other_tls, true, ""},
        {"a ServerHello", test::hex("160301000402000000"), OpeningKind::other_tls, true, ""},
        {"a record that is too long", test::hex("160301ffff01"), OpeningKind::garbled, true, ""},
        {"a message that is too long", test::hex("160301000401ffffff"), OpeningKind::garbled, true,
         ""},
        {"HTTP", text("GET / HTTP/1.1\r\n"), OpeningKind::clear_text, true, "http"},
        {"half a line", text("GET / HT"), OpeningKind::clear_text, false, "http"},
        {"CONNECT", text("CONNECT a:443 HTTP/1.1\r\n"), OpeningKind::clear_text, true,
         "http_connect"},
        {"SMTP", text("EHLO me\r\n"), OpeningKind::clear_text, true, "smtp"},
        {"IMAP", text("a1 CAPABILITY\r\n"), OpeningKind::clear_text, true, "imap"},
        {"no word, no tag", text(" CAPABILITY\r\n"), OpeningKind::clear_text, true, ""},
        {"XMPP", text("<?xml version='1.0'?>\n"), OpeningKind::clear_text, true, "xmpp"},
        {"SSH", text("SSH-2.0-OpenSSH_9.2\r\n"), OpeningKind::clear_text, true, "ssh"},
        {"PostgreSQL", test::hex("0000000804d2162f"), OpeningKind::clear_text, true, "postgresql"},
        {"LDAP", test::hex("301d02010177188016312e332e36"), OpeningKind::clear_text, true, "ldap"},
        {"RDP", test::hex("0300001300000000"), OpeningKind::clear_text, true, "rdp"},
        {"MQTT", test::hex("101000044d51545404020000"), OpeningKind::clear_text, true, "mqtt"},
        {"a PROXY header", text("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n"), OpeningKind::clear_text,
         true, "proxy_header"},
        {"seven bytes of noise", test::hex("00ff01fe02fd03"), OpeningKind::clear_text, false, ""},
        {"eight bytes of noise", test::hex("00ff01fe02fd03fc"), OpeningKind::clear_text, true, ""},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.name);
        for (const std::size_t piece : {std::size_t{1}, std::size_t{100}}) {
            const OpeningReader reader = opened(c.bytes, piece);
            CHECK(name_of(reader.kind()) == name_of(c.kind));
            CHECK(reader.complete() == c.complete);
        }
        CHECK(protocol_of_client(c.bytes) == c.protocol);
    }
}

TEST_CASE("an opening never holds more than its limit") {
    Bytes endless = test::hex("16030140000100fffc");
    endless.resize(200'000, 0x16);
    const OpeningReader reader = opened(endless, 1000, 4096);
    CHECK(reader.complete());
    CHECK(reader.kind() == OpeningKind::garbled);
    CHECK(reader.bytes().size() == 4096);
    const OpeningReader text = opened(Bytes(9000, 'x'), 1000, 4096);
    CHECK(text.kind() == OpeningKind::clear_text);
    CHECK(text.complete());
}
