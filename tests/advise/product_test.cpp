// SPDX-License-Identifier: Apache-2.0
// Only what a server says of itself counts; a name that contains a product's name does not.
#include <cstdint>
#include <string_view>

#include "advise/fix.hpp"
#include "base/bytes.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::advise {

namespace {

evidence::Visit visit_with(evidence::Exchange exchange, std::string_view answer) {
    const ByteView bytes = as_bytes(answer);
    exchange.received.assign(bytes.begin(), bytes.end());
    return {.endpoints = {{.exchanges = {{}, exchange}}}};
}

} // namespace

TEST_CASE("product_shown_by reads what a server says of itself in clear text") {
    struct Case {
        std::string_view name;
        std::string_view answer;
        std::string_view product;
    };
    const Case cases[] = {
        {"nginx", "HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\n\r\n", "nginx"},
        {"any case, any place", "HTTP/1.0 200 OK\r\nDate: x\r\nSERVER:nginx\r\n\r\n", "nginx"},
        {"openresty is nginx", "HTTP/1.1 400 Bad\r\nServer: openresty/1.21.4.1\r\n\r\n", "nginx"},
        {"Apache", "HTTP/1.1 400 Bad\r\nServer: Apache/2.4.62 (Debian)\r\n\r\n", "Apache"},
        {"Tomcat of old", "HTTP/1.1 400 Bad\r\nServer: Apache-Coyote/1.1\r\n\r\n", "Tomcat"},
        {"http.sys", "HTTP/1.1 400 Bad\r\nServer: Microsoft-HTTPAPI/2.0\r\n\r\n", "IIS"},
        {"a product without rows", "HTTP/1.1 400 Bad\r\nServer: Jetty(9.4.z)\r\n\r\n", ""},
        {"no such line", "HTTP/1.1 400 Bad Request\r\nDate: nginx\r\n\r\n", ""},
        {"in the page", "HTTP/1.1 400 Bad Request\r\n\r\nServer: nginx\r\n", ""},
        {"cut in the middle", "HTTP/1.1 400 Bad Request\r\nSer", ""},
        {"empty value", "HTTP/1.1 400 Bad Request\r\nServer:", ""},
        {"Postfix", "220 mail.example ESMTP Postfix (Debian/GNU)\r\n", "Postfix"},
        {"Exim", "220 mail.example ESMTP Exim 4.96 Mon, 23 Nov 2026\r\n", "Exim"},
        {"a host named like another", "220 postfix.example ESMTP Exim 4.96\r\n", "Exim"},
        {"Dovecot", "* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot (Debian) ready.\r\n", "Dovecot"},
        {"Dovecot, POP3", "+OK Dovecot ready.\r\n", "Dovecot"},
        {"vsftpd", "220 (vsFTPd 3.0.3)\r\n", "vsftpd"},
        {"first line only", "220 mail.example\r\n250 Postfix\r\n", ""},
        {"SSH", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", ""},
        {"empty", "", ""},
        {"brackets only", "( [ ((", ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto visit = visit_with({.outcome = evidence::Outcome::not_tls}, c.answer);
        CHECK(product_shown_by(visit) == c.product);
    }
}

TEST_CASE("product_shown_by reads a greeting, and nothing that came inside TLS") {
    constexpr std::string_view k_greeting = "220 mail.example ESMTP Postfix\r\n";
    const auto banner = visit_with({.purpose = evidence::Purpose::banner}, k_greeting);
    CHECK(product_shown_by(banner) == "Postfix");
    const auto accepted = visit_with({.outcome = evidence::Outcome::accepted}, k_greeting);
    CHECK(product_shown_by(accepted).empty());
    CHECK(product_shown_by({}).empty());
}

} // namespace tlsdoctor::advise
