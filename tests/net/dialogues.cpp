// SPDX-License-Identifier: Apache-2.0
// The conversations. Those with the name of a product are what that product said.
#include "net/dialogues.hpp"

#include "base/text.hpp"
#include "net/proxy.hpp"
#include "net/starttls.hpp"

namespace tlsdoctor::net::testing {

namespace {

using namespace std::string_view_literals;
using End = DialogueEnd;

// clang-format off
const Conversation k_conversations[] = {
    {.name = "smtp, Postfix", .protocol = "smtp",
     .server = {"220 mail.example ESMTP Postfix (Debian/GNU)\r\n",
                "250-mail.example\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 CHUNKING\r\n", "220 2.0.0 Ready to start TLS\r\n"},
     .end = End::started, .said = "Ready to start", .client = "EHLO [127.0.0.1]\r\nSTARTTLS\r\n"},
    {.name = "smtp, greeting of two lines", .protocol = "smtp",
     .server = {"220-mail.example\r\n220 ESMTP\r\n", "250 STARTTLS\r\n", "220 go\r\n"}, .end = End::started},
    {.name = "smtp, not offered", .protocol = "smtp",
     .server = {"220 mail.example ESMTP\r\n", "250-mail.example\r\n250 HELP\r\n"}, .end = End::not_offered, .said = "HELP"},
    {.name = "smtp, EHLO unknown", .protocol = "smtp",
     .server = {"220 old\r\n", "502 unimplemented\r\n"}, .end = End::not_offered, .said = "502"},
    {.name = "smtp, too many connections", .protocol = "smtp",
     .server = {"421 4.7.0 too many connections\r\n"}, .end = End::refused, .said = "421"},
    {.name = "smtp, turned away at EHLO", .protocol = "smtp",
     .server = {"220 x\r\n", "421 bye\r\n"}, .end = End::refused},
    {.name = "smtp, temporarily not", .protocol = "smtp",
     .server = {"220 x\r\n", "250 STARTTLS\r\n", "454 4.7.0 TLS not available due to local problem\r\n"},
     .end = End::refused, .said = "454 4.7.0"},
    {.name = "smtp, bytes after the go-ahead", .protocol = "smtp",
     .server = {"220 x\r\n", "250 STARTTLS\r\n", "220 go\r\n250 injected\r\n"}, .end = End::started, .rest = "250 injected\r\n"},
    {.name = "smtp, a web server", .protocol = "smtp", .server = {"HTTP/1.1 400 Bad Request\r\n"},
     .end = End::other_protocol, .said = "HTTP/1.1 400"},
    {.name = "smtp, an alert of TLS", .protocol = "smtp", .server = {"\x15\x03\x01\x00\x02\x02\x28"sv}, .end = End::other_protocol},
    {.name = "smtp, a greeting of three digits that means nothing", .protocol = "smtp", .server = {"999 x\r\n"},
     .end = End::other_protocol},
    {.name = "smtp, garbled later", .protocol = "smtp", .server = {"220 x\r\n", "?!\r\n"}, .end = End::garbled},
    {.name = "smtp, short line", .protocol = "smtp", .server = {"22\r\n"}, .end = End::other_protocol},
    {.name = "lmtp", .protocol = "lmtp",
     .server = {"220 mail.example LMTP\r\n", "250-x\r\n250 STARTTLS\r\n", "220 go\r\n"}, .end = End::started, .client = "LHLO"},
    {.name = "lmtp, not offered", .protocol = "lmtp", .server = {"220 x LMTP\r\n", "250 x\r\n"}, .end = End::not_offered},
    {.name = "imap, Dovecot", .protocol = "imap",
     .server = {"* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot (Debian) ready.\r\n",
                "* CAPABILITY IMAP4rev1 LITERAL+ STARTTLS AUTH=PLAIN\r\na1 OK Pre-login capabilities listed.\r\n",
                "a2 OK Begin TLS negotiation now.\r\n"},
     .end = End::started, .said = "Begin TLS", .client = "a1 CAPABILITY\r\na2 STARTTLS\r\n"},
    {.name = "imap, not offered", .protocol = "imap",
     .server = {"* OK ready\r\n", "* CAPABILITY IMAP4rev1 XSTARTTLSX\r\na1 OK done\r\n"}, .end = End::not_offered},
    {.name = "imap, CAPABILITY unknown", .protocol = "imap", .server = {"* OK ready\r\n", "a1 BAD what\r\n"}, .end = End::not_offered},
    {.name = "imap, refused", .protocol = "imap",
     .server = {"* OK ready\r\n", "* CAPABILITY STARTTLS\r\na1 OK done\r\n", "a2 NO not now\r\n"}, .end = End::refused, .said = "not now"},
    {.name = "imap, refused as bad", .protocol = "imap",
     .server = {"* OK ready\r\n", "* CAPABILITY STARTTLS\r\na1 OK done\r\n", "a2 BAD not now\r\n"}, .end = End::refused},
    {.name = "imap, PREAUTH", .protocol = "imap", .server = {"* PREAUTH welcome\r\n"}, .end = End::refused},
    {.name = "imap, BYE", .protocol = "imap", .server = {"* OK x\r\n", "* BYE shutting down\r\n"}, .end = End::refused},
    {.name = "imap, SMTP instead", .protocol = "imap", .server = {"220 mail\r\n"}, .end = End::other_protocol},
    {.name = "imap, garbled", .protocol = "imap", .server = {"* OK x\r\n", "hm\r\n"}, .end = End::garbled},
    {.name = "pop3, Dovecot", .protocol = "pop3",
     .server = {"+OK Dovecot ready.\r\n", "+OK\r\nCAPA\r\nSTLS\r\nSASL\r\n.\r\n", "+OK Begin TLS negotiation now.\r\n"},
     .end = End::started, .client = "CAPA\r\nSTLS\r\n"},
    {.name = "pop3, not offered", .protocol = "pop3", .server = {"+OK x\r\n", "+OK\r\nUIDL\r\n.\r\n"}, .end = End::not_offered},
    {.name = "pop3, CAPA unknown", .protocol = "pop3", .server = {"+OK x\r\n", "-ERR what\r\n"}, .end = End::not_offered},
    {.name = "pop3, turned away", .protocol = "pop3", .server = {"-ERR [SYS/TEMP] busy\r\n"}, .end = End::refused, .said = "busy"},
    {.name = "pop3, refused", .protocol = "pop3", .server = {"+OK x\r\n", "+OK\r\nSTLS\r\n.\r\n", "-ERR no\r\n"}, .end = End::refused},
    {.name = "pop3, SSH instead", .protocol = "pop3", .server = {"SSH-2.0-OpenSSH_9.2\r\n"}, .end = End::other_protocol},
    {.name = "ftp, vsftpd", .protocol = "ftp",
     .server = {"220 (vsFTPd 3.0.3)\r\n", "234 Proceed with negotiation.\r\n"}, .end = End::started, .client = "AUTH TLS\r\n"},
    {.name = "ftp, vsftpd without TLS", .protocol = "ftp",
     .server = {"220 (vsFTPd 3.0.3)\r\n", "530 Please login with USER and PASS.\r\n"}, .end = End::not_offered, .said = "530"},
    {.name = "ftp, greeting over lines without codes", .protocol = "ftp",
     .server = {"220-Welcome\r\n be nice\r\n220 ready\r\n", "500 AUTH not understood\r\n"}, .end = End::not_offered},
    {.name = "ftp, policy", .protocol = "ftp", .server = {"220 x\r\n", "534 denied for policy reasons\r\n"}, .end = End::refused},
    {.name = "ftp, resource", .protocol = "ftp", .server = {"220 x\r\n", "431 no TLS now\r\n"}, .end = End::refused},
    {.name = "nntp", .protocol = "nntp", .server = {"200 news ready\r\n", "382 go\r\n"}, .end = End::started},
    {.name = "nntp, unknown", .protocol = "nntp", .server = {"201 news\r\n", "500 what\r\n"}, .end = End::not_offered},
    {.name = "nntp, refused", .protocol = "nntp", .server = {"200 news\r\n", "580 cannot\r\n"}, .end = End::refused, .said = "580"},
    {.name = "nntp, closed to us", .protocol = "nntp", .server = {"502 no permission\r\n"}, .end = End::refused},
    {.name = "sieve, Dovecot", .protocol = "sieve",
     .server = {"\"IMPLEMENTATION\" \"Dovecot Pigeonhole\"\r\n\"SASL\" \"\"\r\n\"STARTTLS\"\r\nOK \"Dovecot ready.\"\r\n",
                "OK \"Begin TLS negotiation now.\"\r\n"},
     .end = End::started, .client = "STARTTLS\r\n"},
    {.name = "sieve, not offered", .protocol = "sieve",
     .server = {"\"IMPLEMENTATION\" \"x\"\r\nOK \"ready\"\r\n"}, .end = End::not_offered},
    {.name = "sieve, refused", .protocol = "sieve", .server = {"\"STARTTLS\"\r\nOK\r\n", "NO \"TLS is off\"\r\n"}, .end = End::refused},
    {.name = "sieve, BYE", .protocol = "sieve", .server = {"BYE \"busy\"\r\n"}, .end = End::refused},
    {.name = "sieve, garbled", .protocol = "sieve", .server = {"\"STARTTLS\"\r\nOK\r\n", "yes\r\n"}, .end = End::garbled},
    {.name = "irc", .protocol = "irc",
     .server = {":irc.example NOTICE * :*** Looking up your hostname...\r\n:irc.example 670 * :STARTTLS successful, go ahead\r\n"},
     .end = End::started, .client = "CAP LS 302\r\nSTARTTLS\r\n"},
    {.name = "irc, with a list over two lines", .protocol = "irc",
     .server = {":irc.example CAP * LS * :away-notify\r\n:irc.example CAP * LS :sasl tls\r\n:irc.example 670 * :go\r\n"},
     .end = End::started},
    {.name = "irc, not in the list", .protocol = "irc", .server = {":irc.example CAP * LS :sasl tlsx\r\n"}, .end = End::not_offered},
    {.name = "irc, CAP unknown and STARTTLS known", .protocol = "irc",
     .server = {":irc.example 421 * CAP :Unknown command\r\n:irc.example 670 * :go\r\n"}, .end = End::started},
    {.name = "irc, unknown", .protocol = "irc", .server = {":irc.example 421 * STARTTLS :Unknown command\r\n"}, .end = End::not_offered},
    {.name = "irc, not registered", .protocol = "irc", .server = {":irc.example 451 * :Register first\r\n"}, .end = End::not_offered},
    {.name = "irc, refused", .protocol = "irc", .server = {":irc.example 691 * :STARTTLS failed\r\n"}, .end = End::refused},
    {.name = "irc, closing", .protocol = "irc", .server = {"ERROR :Closing Link\r\n"}, .end = End::refused},
    {.name = "irc, a web server", .protocol = "irc", .server = {"HTTP/1.1 400 Bad\r\n"}, .end = End::other_protocol},
    {.name = "xmpp, Prosody", .protocol = "xmpp",
     .server = {"<?xml version='1.0'?><stream:stream id='1' version='1.0'><stream:features>"
                "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
                "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"},
     .end = End::started, .client = "to='a.example' version='1.0'><starttls xmlns="},
    {.name = "xmpp, proceed in two tags", .protocol = "xmpp",
     .server = {"<stream:stream><stream:features><starttls/></stream:features>", "<proceed></proceed>"}, .end = End::started},
    {.name = "xmpp, not offered", .protocol = "xmpp",
     .server = {"<stream:stream><stream:features><bind/></stream:features>"}, .end = End::not_offered},
    {.name = "xmpp, no features at all", .protocol = "xmpp", .server = {"<stream:stream><stream:features/>"}, .end = End::not_offered},
    {.name = "xmpp, unknown host", .protocol = "xmpp",
     .server = {"<stream:stream><stream:error><host-unknown/></stream:error></stream:stream>"}, .end = End::refused, .said = "host-unknown"},
    {.name = "xmpp, failure", .protocol = "xmpp",
     .server = {"<stream:stream><stream:features><starttls/></stream:features>", "<failure/></stream:stream>"}, .end = End::refused},
    {.name = "xmpp, SSH instead", .protocol = "xmpp", .server = {"SSH-2.0-x\r\n"}, .end = End::other_protocol},
    {.name = "xmpp between servers", .protocol = "xmpp-server",
     .server = {"<?xml version='1.0'?><stream:stream><stream:features><starttls/></stream:features>", "<proceed/>"},
     .end = End::started, .client = "xmlns='jabber:server'"},
    {.name = "ldap, OpenLDAP", .protocol = "ldap",
     .server = {"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"sv},
     .end = End::started, .said = "LDAP result 0", .client = "1.3.6.1.4.1.1466.20037"},
    {.name = "ldap, long lengths as of Active Directory", .protocol = "ldap",
     .server = {"\x30\x84\x00\x00\x00\x10\x02\x01\x01\x78\x84\x00\x00\x00\x07\x0a\x01\x00\x04\x00\x04\x00"sv}, .end = End::started},
    {.name = "ldap, unsupported extended operation", .protocol = "ldap",
     .server = {"\x30\x0f\x02\x01\x01\x78\x0a\x0a\x01\x02\x04\x00\x04\x03wha"sv}, .end = End::not_offered, .said = "LDAP result 2: wha"},
    {.name = "ldap, unavailable", .protocol = "ldap",
     .server = {"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x34\x04\x00\x04\x00"sv}, .end = End::refused, .said = "LDAP result 52"},
    {.name = "ldap, another operation", .protocol = "ldap",
     .server = {"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00"sv}, .end = End::refused},
    {.name = "ldap, no number in it", .protocol = "ldap", .server = {"\x30\x02\x04\x00"sv}, .end = End::garbled},
    {.name = "ldap, a response without a code", .protocol = "ldap", .server = {"\x30\x05\x02\x01\x01\x78\x00"sv}, .end = End::garbled},
    {.name = "ldap, SSH instead", .protocol = "ldap", .server = {"SSH-2.0-x\r\n"}, .end = End::other_protocol},
    {.name = "postgres", .protocol = "postgres", .server = {"S"}, .end = End::started, .client = "\x00\x00\x00\x08\x04\xd2\x16\x2f"sv},
    {.name = "postgres, not offered", .protocol = "postgres", .server = {"N"}, .end = End::not_offered},
    {.name = "postgres, an error", .protocol = "postgres",
     .server = {"E\x00\x00\x00\x14SFATAL\0Mtoo many\0\0"sv}, .end = End::refused, .said = "too many"},
    {.name = "postgres, HTTP instead", .protocol = "postgres", .server = {"HTTP/1.1 400\r\n"}, .end = End::other_protocol},
    {.name = "postgres, text that begins with an E", .protocol = "postgres", .server = {"ERR unknown\r\n"}, .end = End::other_protocol},
    {.name = "mysql, MariaDB", .protocol = "mysql",
     .server = {"\x2a\x00\x00\x00\x0a" "10.11.6-MariaDB\0" "\x01\x00\x00\x00" "challeng\0" "\xfe\xff" "\x2d\x02\x00\xff\xc1\x15\x00\x00\x00\x00"sv.substr(0, 46)},
     .end = End::started, .said = "10.11.6", .client = "\x20\x00\x00\x01\x01\x8a\x08\x00"sv},
    {.name = "mysql, not offered", .protocol = "mysql",
     .server = {"\x18\x00\x00\x00\x0a" "8.0\0" "\x01\x00\x00\x00" "challeng\0" "\xff\xf7" "\x00\x00\x00\x00"sv}, .end = End::not_offered},
    {.name = "mysql, host not allowed", .protocol = "mysql",
     .server = {"\x0a\x00\x00\x00\xff\x6a\x04" "Host no"sv}, .end = End::refused, .said = "error 1130: Host no"},
    {.name = "mysql, cut inside its version", .protocol = "mysql",
     .server = {"\x06\x00\x00\x00\x0a" "8.0.1"sv}, .end = End::garbled},
    {.name = "mysql, SSH instead", .protocol = "mysql", .server = {"SSH-2.0-x\r\n"}, .end = End::other_protocol},
    {.name = "rdp", .protocol = "rdp",
     .server = {"\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x02\x1f\x08\x00\x02\x00\x00\x00"sv}, .end = End::started, .said = "protocol 2"},
    {.name = "rdp, standard security", .protocol = "rdp",
     .server = {"\x03\x00\x00\x0b\x06\xd0\x00\x00\x12\x34\x00"sv}, .end = End::not_offered},
    {.name = "rdp, standard security chosen", .protocol = "rdp",
     .server = {"\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x02\x00\x08\x00\x00\x00\x00\x00"sv}, .end = End::not_offered},
    {.name = "rdp, no certificate", .protocol = "rdp",
     .server = {"\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x03\x00\x08\x00\x03\x00\x00\x00"sv}, .end = End::not_offered,
     .said = "SSL_CERT_NOT_ON_SERVER"},
    {.name = "rdp, inconsistent flags", .protocol = "rdp",
     .server = {"\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x03\x00\x08\x00\x04\x00\x00\x00"sv}, .end = End::refused},
    {.name = "rdp, disconnect", .protocol = "rdp", .server = {"\x03\x00\x00\x0b\x06\x80\x00\x00\x12\x34\x00"sv}, .end = End::refused},
    {.name = "rdp, a length of nothing", .protocol = "rdp", .server = {"\x03\x00\x00\x04"sv}, .end = End::garbled},
    {.name = "rdp, HTTP instead", .protocol = "rdp", .server = {"HTTP/1.1 400\r\n"}, .end = End::other_protocol},
    {.name = "mssql", .protocol = "mssql",
     .server = {"\x04\x01\x00\x1a\x00\x00\x01\x00\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff\x10\x00\x0f\xa0\x00\x00\x01"sv},
     .end = End::started, .said = "encryption 1"},
    {.name = "mssql, not supported", .protocol = "mssql",
     .server = {"\x04\x01\x00\x1a\x00\x00\x01\x00\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff\x10\x00\x0f\xa0\x00\x00\x02"sv},
     .end = End::not_offered},
    {.name = "mssql, an offset out of bounds", .protocol = "mssql",
     .server = {"\x04\x01\x00\x0e\x00\x00\x01\x00\x01\xff\xff\x00\x01\xff"sv}, .end = End::garbled},
    {.name = "mssql, SSH instead", .protocol = "mssql", .server = {"SSH-2.0-x\r\n"}, .end = End::other_protocol},
    {.name = "a proxy opens", .protocol = "http", .server = {"HTTP/1.1 200 Connection established\r\n\r\n"},
     .end = End::started, .client = "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n"},
    {.name = "a proxy opens and the server greets", .protocol = "http",
     .server = {"HTTP/1.0 200 OK\r\nVia: x\r\n\r\n220 mail\r\n"}, .end = End::started, .rest = "220 mail\r\n"},
    {.name = "a proxy with credentials", .protocol = "http+auth", .server = {"HTTP/1.1 200 OK\r\n\r\n"},
     .end = End::started, .client = "Proxy-Authorization: Basic bWU6c2VzYW1l\r\n"},
    {.name = "squid's 403", .protocol = "http",
     .server = {"HTTP/1.1 403 Forbidden\r\nServer: squid\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\n\r\n"}, .end = End::refused,
     .said = "HTTP/1.1 403 Forbidden; Server: squid; X-Squid-Error: ERR_ACCESS_DENIED 0"},
    {.name = "407", .protocol = "http",
     .server = {"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n"}, .end = End::refused,
     .said = "407 Proxy Authentication Required; Proxy-Authenticate: Basic"},
    {.name = "a proxy without a status", .protocol = "http", .server = {"HTTP/1.1 what\r\n\r\n"}, .end = End::garbled},
    {.name = "an SSH server as a proxy", .protocol = "http", .server = {"SSH-2.0-x\r\n"}, .end = End::other_protocol},
    {.name = "SOCKS opens", .protocol = "socks5",
     .server = {"\x05\x00"sv, "\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34"sv}, .end = End::started,
     .client = "\x05\x01\x00\x05\x01\x00\x03\x09" "a.example\x01\xbb"sv},
    {.name = "SOCKS opens with a bound IPv6 address", .protocol = "socks5",
     .server = {"\x05\x00"sv, "\x05\x00\x00\x04" "0123456789abcdef\x12\x34"sv}, .end = End::started},
    {.name = "SOCKS opens with a bound name", .protocol = "socks5",
     .server = {"\x05\x00"sv, "\x05\x00\x00\x03\x03" "abc\x12\x34"sv}, .end = End::started},
    {.name = "SOCKS with credentials", .protocol = "socks5+auth",
     .server = {"\x05\x02"sv, "\x01\x00"sv, "\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34"sv}, .end = End::started,
     .client = "\x05\x02\x00\x02\x01\x02me\x06sesame"sv},
    {.name = "SOCKS, credentials wrong", .protocol = "socks5+auth", .server = {"\x05\x02"sv, "\x01\x01"sv}, .end = End::refused,
     .said = "wrong user name"},
    {.name = "SOCKS, no method", .protocol = "socks5", .server = {"\x05\xff"sv}, .end = End::refused, .said = "authenticate"},
    {.name = "SOCKS, an unknown method", .protocol = "socks5", .server = {"\x05\x07"sv}, .end = End::garbled},
    {.name = "SOCKS, connection refused", .protocol = "socks5",
     .server = {"\x05\x00"sv, "\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"sv}, .end = End::refused, .said = "connection refused (5)"},
    {.name = "SOCKS, an unknown code", .protocol = "socks5",
     .server = {"\x05\x00"sv, "\x05\x5b\x00\x01\x00\x00\x00\x00\x00\x00"sv}, .end = End::refused, .said = "(91)"},
    {.name = "SOCKS, a web server", .protocol = "socks5", .server = {"HTTP/1.1 400 Bad Request\r\n"}, .end = End::other_protocol},
    {.name = "SOCKS, garbled later", .protocol = "socks5", .server = {"\x05\x00"sv, "\x04\x00"sv}, .end = End::garbled},
};
// clang-format on

} // namespace

std::span<const Conversation> conversations() {
    return k_conversations;
}

Dialogue dialogue_for(const Conversation& conversation) {
    const bool auth = conversation.protocol.ends_with("+auth");
    const std::string_view name = conversation.protocol.substr(0, conversation.protocol.find('+'));
    DialogueNames names{.host = "a.example", .port = 443};
    if (auth) {
        names.user = "me";
        names.password = "sesame";
    }
    const StarttlsProtocol* const row = find_starttls(name);
    const auto kind = name == "http" ? ProxyKind::http : ProxyKind::socks5;
    return Dialogue(row == nullptr ? proxy_dialogue(kind) : row->steps, names);
}

std::string all_of(const Conversation& conversation) {
    std::string text;
    for (const std::string_view answer : conversation.server) {
        text += answer;
    }
    return text;
}

} // namespace tlsdoctor::net::testing
