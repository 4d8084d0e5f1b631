// SPDX-License-Identifier: Apache-2.0
// The table of protocols. Ports are those where a client of today expects to upgrade; on 465, 993
// and the like TLS begins at once, and they are not here.
#include "net/starttls.hpp"

#include <algorithm>
#include <iterator>

namespace tlsdoctor::net {

namespace {

/// Made on first use: the dialogues stand in other files.
std::span<const StarttlsProtocol> table() {
    // clang-format off
    static const StarttlsProtocol rows[] = {
        {"smtp",        "submission", "SMTP",             "STARTTLS",                   25,   587,  false, smtp_dialogue()},
        {"lmtp",        "",           "LMTP",             "STARTTLS",                   24,   0,    false, lmtp_dialogue()},
        {"imap",        "",           "IMAP",             "STARTTLS",                   143,  0,    false, imap_dialogue()},
        {"pop3",        "",           "POP3",             "STLS",                       110,  0,    false, pop3_dialogue()},
        {"ftp",         "",           "FTP",              "AUTH TLS",                   21,   0,    false, ftp_dialogue()},
        {"nntp",        "",           "NNTP",             "STARTTLS",                   119,  0,    false, nntp_dialogue()},
        {"sieve",       "managesieve","ManageSieve",      "STARTTLS",                   4190, 0,    false, sieve_dialogue()},
        {"irc",         "",           "IRC",              "STARTTLS",                   6667, 0,    false, irc_dialogue()},
        {"xmpp",        "xmpp-client","XMPP",             "<starttls/>",                5222, 0,    false, xmpp_client_dialogue()},
        {"xmpp-server", "xmpp-s2s",   "XMPP (server)",    "<starttls/>",                5269, 0,    false, xmpp_server_dialogue()},
        {"ldap",        "",           "LDAP",             "the StartTLS operation",     389,  3268, false, ldap_dialogue()},
        {"postgres",    "postgresql", "PostgreSQL",       "an SSLRequest message",      5432, 0,    false, postgres_dialogue()},
        {"mysql",       "mariadb",    "MySQL",            "an SSLRequest packet",       3306, 0,    false, mysql_dialogue()},
        {"rdp",         "",           "RDP",              "an X.224 negotiation request", 3389, 0,  false, rdp_dialogue()},
        {"mssql",       "tds",        "TDS (SQL Server)", "a PRELOGIN packet",          1433, 0,    true,  tds_dialogue()},
    };
    // clang-format on
    return rows;
}

template <typename Fits>
const StarttlsProtocol* first_that(Fits fits) {
    const auto rows = table();
    const auto at = std::ranges::find_if(rows, fits);
    return at == rows.end() ? nullptr : &*at;
}

} // namespace

std::span<const StarttlsProtocol> starttls_protocols() {
    return table();
}

const StarttlsProtocol* find_starttls(std::string_view name) {
    return first_that([&](const StarttlsProtocol& row) {
        return row.name == name || (!row.also.empty() && row.also == name);
    });
}

const StarttlsProtocol* starttls_on_port(std::uint16_t port) {
    return first_that([&](const StarttlsProtocol& row) {
        return port != 0 && (row.port == port || row.second_port == port);
    });
}

} // namespace tlsdoctor::net
