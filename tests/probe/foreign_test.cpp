// SPDX-License-Identifier: Apache-2.0
// Greetings and error replies of servers that do not speak TLS.
#include "probe/foreign.hpp"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

namespace tlsdoctor::probe {
namespace {

using namespace std::string_view_literals;

struct Case {
    std::string_view protocol{};
    std::string_view bytes{};
    std::uint16_t port{443};
};

constexpr Case k_greetings[] = {
    {"http", "HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n"},
    {"http", "http/1.0 200 ok\r\n"},
    {"http", "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n"},
    {"http", "<HTML><HEAD>"},
    {"http", "\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64"sv}, // HTTP/2's SETTINGS
    {"http", "\0\0\0\x04\0\0\0\0\0"sv},                   // an empty one
    {"ssh", "SSH-2.0-OpenSSH_9.2p1\r\n"},
    {"smtp", "220 mail.example.com ESMTP Postfix\r\n"},
    {"smtp", "220-mail.example.com ESMTP Exim 4.96\r\n220 ready\r\n"},
    {"smtp", "220 mail.example.com ready\r\n"}, // the port decides
    {"ftp", "220 mail.example.com ready\r\n", 21},
    {"ftp", "220 ready\r\n", 990},
    {"ftp", "220 (vsFTPd 3.0.3)\r\n"},
    {"ftp", "220 ProFTPD Server (Debian) [::1]\r\n"},
    {"lmtp", "220 mail.example.com LMTP Dovecot ready\r\n"},
    {"smtp", "554 mail.example.com ESMTP not accepting messages\r\n"},
    {"smtp", "421 4.7.0 too many connections\r\n"},
    {"ftp", "421 Service not available.\r\n", 21},
    {"ftp", "530 Please login with USER and PASS.\r\n", 21},
    {"imap", "* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n"},
    {"imap", "* PREAUTH IMAP4rev1 server logged in\r\n"},
    {"imap", "* BYE TLS initialization failed.\r\n"},
    {"pop3", "+OK Dovecot ready.\r\n"},
    {"pop3", "-ERR [SYS/TEMP] try again later\r\n"},
    {"nntp", "200 NNTP Service Ready, posting permitted\r\n"},
    {"xmpp", "<?xml version='1.0'?><stream:stream"},
    {"xmpp", "<stream:error>"},
    {"sieve", "\"IMPLEMENTATION\" \"Dovecot Pigeonhole\"\r\n"},
    {"irc", "NOTICE AUTH :*** Looking up your hostname\r\n"},
    {"irc", "ERROR :Closing Link: [127.0.0.1]\r\n"},
    {"irc", ":irc.example.com NOTICE * :*** Looking up your hostname\r\n"},
    {"vnc", "RFB 003.008\n"},
    {"rsync", "@RSYNCD: 31.0\n"},
    {"amqp", "AMQP\0\0\x09\x01"sv},
    {"redis", "-ERR unknown command `\\x16`, with args beginning with: \r\n"},
    {"redis", "-ERR Protocol error: unbalanced quotes in request\r\n"},
    {"redis", "-DENIED Redis is running in protected mode\r\n"},
    {"redis", "-NOAUTH Authentication required.\r\n"},
    {"memcached", "ERROR\r\n"},
    {"telnet", "\xff\xfd\x18\xff\xfd\x20"},
    {"telnet", "\xff\xfb\x01"},
    {"rdp", "\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0\x02\0\x08\0\x02\0\0\0"sv},
    {"mssql", "\x04\x01\0\x25\0\0\x01\0"sv},
    {"ldap", "0\x0c\x02\x01\x00\x78\x07\x0a\x01\x02"sv},
    {"mongodb", "It looks like you are trying to access MongoDB over HTTP on the native driver"},
    {"mysql", "\x4a\0\0\0\x0a"
              "8.0.36\0"sv},
    {"mysql", "\x45\0\0\0\xff\x6a\x04Host '192.0.2.7' is not allowed to connect"sv},
    {"postgresql", "E\0\0\0\x8bSFATAL\0VFATAL\0C0A000\0"sv},
    {"postgresql", "EFATAL:  unsupported frontend protocol 65363.19778\n\0"sv},
};

constexpr Case k_others[] = {
    {"unknown", ""},
    {"unknown", "N"},
    {"unknown", "hello"},
    {"unknown", "HTTP"},
    {"unknown", "2200 is no code\r\n"},
    {"unknown", "220"},
    {"unknown", "EHLO"},
    {"unknown", "\0\0\0\0"sv},
    {"unknown", "\0\0\x12\x04\0\0\0\0\x01"sv}, // SETTINGS on a stream: no HTTP/2
    {"unknown", "\x4a\0\0\x01\x0a"sv},         // MySQL's second packet
    {"unknown", "\x05\0\0\0\x0a"sv},           // too short for a greeting
    {"unknown", "error: it went wrong"},       // memcached ends the line there
};

} // namespace

TEST_CASE("a protocol is known by its greeting or its complaint") {
    for (const Case& c : k_greetings) {
        CAPTURE(std::string(c.bytes));
        CHECK(protocol_of(as_bytes(c.bytes), c.port) == c.protocol);
    }
}

TEST_CASE("what is like no greeting is unknown") {
    for (const Case& c : k_others) {
        CAPTURE(std::string(c.bytes));
        CHECK(protocol_of(as_bytes(c.bytes), c.port) == c.protocol);
    }
}

TEST_CASE("no prefix of a greeting is taken for another protocol's") {
    for (const Case& c : k_greetings) {
        for (std::size_t size = 0; size < c.bytes.size(); ++size) {
            CAPTURE(std::string(c.bytes));
            CAPTURE(size);
            const std::string_view met = protocol_of(as_bytes(c.bytes.substr(0, size)), c.port);
            const bool turned_away =
                met == "smtp"; // 220 and the like, before the word that decides
            CHECK((met == c.protocol || met == "unknown" || turned_away));
        }
    }
}

TEST_CASE("what comes after the first 512 bytes is not looked at") {
    const std::string padded = "220 " + std::string(600, 'x') + " FTP server ready\r\n";
    CHECK(protocol_of(as_bytes(padded), 443) == "smtp");
}

} // namespace tlsdoctor::probe
