// SPDX-License-Identifier: Apache-2.0
// Which product answered, as far as it says so itself in clear text. A host name proves nothing
// (`nginx.example.com` may run anything), so in greetings words with a dot are not read.
#include "advise/fix.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace tlsdoctor::advise {

namespace {

/// How a server spells itself, and how the table of fixes does.
struct Spelling {
    std::string_view said{};
    std::string_view product{};
};

/// First words of HTTP's `Server:` header.
constexpr Spelling k_http_servers[] = {
    {"nginx", "nginx"},       {"openresty", "nginx"},
    {"Apache", "Apache"},     {"Apache-Coyote", "Tomcat"},
    {"Microsoft-IIS", "IIS"}, {"Microsoft-HTTPAPI", "IIS"}, // http.sys, which IIS stands on
    {"lighttpd", "lighttpd"}, {"Caddy", "Caddy"},
};

/// Words of the greetings of mail and file servers.
constexpr Spelling k_greetings[] = {
    {"Postfix", "Postfix"}, {"Exim", "Exim"},       {"Dovecot", "Dovecot"},
    {"vsFTPd", "vsftpd"},   {"ProFTPD", "ProFTPD"},
};

/// The servers of the table of fixes and the library that each uses as Debian builds it.
constexpr std::pair<std::string_view, std::string_view> k_stands_on[] = {
    {"nginx", "OpenSSL"},
    {"Apache", "OpenSSL"},
    {"HAProxy", "OpenSSL"},
    {"Postfix", "OpenSSL"},
    {"Dovecot", "OpenSSL"},
    {"lighttpd", "OpenSSL"},
    {"stunnel", "OpenSSL"},
    {"vsftpd", "OpenSSL"},
    {"PostgreSQL", "OpenSSL"},
    {"MariaDB", "OpenSSL"},
    {"Node.js", "OpenSSL"},
    {"Python", "OpenSSL"},
    {"lighttpd", "mbedTLS"},
    {"lighttpd", "wolfSSL"},
    {"Exim", "GnuTLS"},
    {"OpenLDAP", "GnuTLS"},
    {"Tomcat", "Java"},
    {"Java", "Java"},
    {"Go", "Go"},
    {"Caddy", "Go"},
};

template <std::size_t Count>
std::string_view product_in(const Spelling (&table)[Count], std::string_view word) {
    const auto row = std::ranges::find_if(table, [&](const Spelling& spelling) {
        return same_ignoring_case(spelling.said, word);
    });
    return row != std::end(table) ? row->product : std::string_view{};
}

/// Returns the product of an HTTP answer's `Server:` line.
std::string_view http_product(std::string_view answer) {
    constexpr std::string_view k_server = "server:";
    for (const std::string_view line : split(answer, '\n')) {
        if (trimmed(line).empty()) {
            break; // the header ends here; a page may say anything
        }
        if (same_ignoring_case(line.substr(0, k_server.size()), k_server)) {
            const std::string_view value = trimmed(line.substr(k_server.size()));
            return product_in(k_http_servers, value.substr(0, value.find_first_of("/ (")));
        }
    }
    return {};
}

/// Returns the product that a greeting's first line names.
std::string_view greeting_product(std::string_view answer) {
    for (std::string_view word : split(trimmed(answer.substr(0, answer.find('\n'))), ' ')) {
        if (word.find('.') != std::string_view::npos) {
            continue;
        }
        word.remove_prefix(std::min(word.find_first_not_of("(["), word.size()));
        const std::string_view product = product_in(k_greetings, word);
        if (!product.empty()) {
            return product;
        }
    }
    return {};
}

std::string_view product_of(const evidence::Exchange& exchange) {
    const bool clear_text = exchange.outcome == evidence::Outcome::not_tls ||
                            exchange.purpose == evidence::Purpose::banner;
    if (!clear_text) {
        return {};
    }
    const std::string_view answer = as_text(exchange.received);
    return answer.starts_with("HTTP/") ? http_product(answer) : greeting_product(answer);
}

} // namespace

std::string_view product_shown_by(const evidence::Visit& visit) {
    for (const evidence::Endpoint& endpoint : visit.endpoints) {
        for (const evidence::Exchange& exchange : endpoint.exchanges) {
            const std::string_view product = product_of(exchange);
            if (!product.empty()) {
                return product;
            }
        }
    }
    return {};
}

bool stands_on(std::string_view product, std::string_view library) {
    return std::ranges::find(k_stands_on, std::pair{product, library}) != std::end(k_stands_on);
}

} // namespace tlsdoctor::advise
