// SPDX-License-Identifier: Apache-2.0
// The table of greetings and error replies, each with where it is defined.
#include "probe/foreign.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace tlsdoctor::probe {

namespace {

using namespace std::string_view_literals;

struct Greeting {
    std::string_view protocol;
    std::string_view prefix; ///< the first bytes, in lower case
};

// In this order: the first row that fits decides. "220" is not here, see `greets_with_220`.
constexpr Greeting k_greetings[] = {
    {"ssh", "ssh-"sv},            // RFC 4253 4.2
    {"http", "http/"sv},          // RFC 9112 4
    {"http", "<!doctype html"sv}, // HTTP/0.9: servers that answer with the page alone
    {"http", "<html"sv},
    {"imap", "* ok"sv}, // RFC 9051 7.1
    {"imap", "* preauth"sv},
    {"imap", "* bye"sv},
    {"pop3", "+ok"sv},       // RFC 1939 3
    {"pop3", "-err [sys"sv}, // RFC 3206
    {"nntp", "200 nntp"sv},  // RFC 3977 5.1
    {"nntp", "201 nntp"sv},
    {"xmpp", "<?xml"sv}, // RFC 6120 4.2
    {"xmpp", "<stream:"sv},
    {"sieve", "\"implementation\""sv}, // RFC 5804 1.7
    {"irc", ":irc."sv},                // RFC 2812 2.3
    {"irc", "error :closing link"sv},
    {"irc", "notice auth"sv},
    {"vnc", "rfb 00"sv}, // RFC 6143 7.1.1
    {"rsync", "@rsyncd:"sv},
    {"amqp", "amqp"sv}, // AMQP 1.0 2.2
    {"redis", "-err unknown command"sv},
    {"redis", "-err protocol error"sv},
    {"redis", "-denied"sv},
    {"redis", "-noauth"sv},
    {"memcached", "error\r\n"sv},
    {"telnet", "\xff\xfb"sv},          // RFC 854: IAC WILL
    {"telnet", "\xff\xfd"sv},          // IAC DO
    {"rdp", "\x03\x00\x00\x13\x0e"sv}, // [MS-RDPBCGR] 2.2.1.2: X.224 Connection Confirm
    {"rdp", "\x03\x00\x00\x0b\x06"sv},
    {"mssql", "\x04\x01\x00"sv}, // [MS-TDS] 2.2.3.1: tabular result
    {"ldap", "0\x0c\x02\x01"sv}, // RFC 4511 4.1.1: a short LDAPMessage
    {"mongodb", "it looks like you are trying to access mongodb"sv},
};

bool begins(std::string_view text, std::string_view prefix) {
    return text.starts_with(prefix);
}

/// SMTP, LMTP and FTP greet with the same code [RFC 5321 4.3.1, RFC 959 5.4].
std::string_view greets_with_220(std::string_view text, std::uint16_t port) {
    if (text.find("ftp") != std::string_view::npos) {
        return "ftp";
    }
    if (text.find("lmtp") != std::string_view::npos) {
        return "lmtp";
    }
    if (text.find("smtp") != std::string_view::npos) {
        return "smtp";
    }
    return port == 21 || port == 990 ? "ftp" : "smtp";
}

/// Protocol::HandshakeV10 or an error packet: 3 bytes length, sequence 0, then 0x0a or 0xff.
bool is_mysql(ByteView bytes) {
    if (bytes.size() < 5 || bytes[3] != 0) {
        return false;
    }
    const std::size_t length =
        bytes[0] | (std::size_t{bytes[1]} << 8U) | (std::size_t{bytes[2]} << 16U);
    return length > 5 && length < 4096 && (bytes[4] == 0x0a || bytes[4] == 0xff);
}

/// ErrorResponse: 'E', 4 bytes length, a field type 'S' or 'V' [PostgreSQL protocol 55.7]; before
/// version 3 the text came at once.
bool is_postgresql(ByteView bytes) {
    return bytes.size() >= 6 && bytes[0] == 'E' &&
           ((bytes[1] == 0 && bytes[2] == 0 && (bytes[5] == 'S' || bytes[5] == 'V')) ||
            as_text(bytes).find("frontend protocol") != std::string_view::npos);
}

/// A SETTINGS frame on stream 0, which an HTTP/2 server in clear sends first [RFC 9113 3.4, 6.5].
bool is_http2(ByteView bytes) {
    return bytes.size() >= 9 && bytes[0] == 0 && bytes[3] == 0x04 && (bytes[4] & 0xfeU) == 0 &&
           std::ranges::all_of(bytes.subspan(5, 4), [](std::uint8_t byte) { return byte == 0; });
}

} // namespace

std::string_view protocol_of(ByteView first_bytes, std::uint16_t port) {
    const ByteView head = first_bytes.first(std::min<std::size_t>(first_bytes.size(), 512));
    const std::string text = lower(as_text(head));
    for (const Greeting& row : k_greetings) {
        if (begins(text, row.prefix)) {
            return row.protocol;
        }
    }
    if (begins(text, "220 ") || begins(text, "220-")) {
        return greets_with_220(text, port);
    }
    if (begins(text, "421 ") || begins(text, "554 ") || begins(text, "500 ") ||
        begins(text, "502 ") || begins(text, "530 ")) {
        return greets_with_220(text, port); // the same families turn a client away with these
    }
    if (is_http2(head)) {
        return "http";
    }
    if (is_mysql(head)) {
        return "mysql";
    }
    if (is_postgresql(head)) {
        return "postgresql";
    }
    return "unknown";
}

} // namespace tlsdoctor::probe
