// SPDX-License-Identifier: Apache-2.0
// An answer to HEAD has no page, only the page's length: where the server's own words can be known
// by it, that is as good as reading them.
#include "probe/http_answer.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::probe {

namespace {

constexpr std::size_t k_most_status = 200;
constexpr std::size_t k_most_headers = 16384;

/// nginx's page "No required SSL certificate was sent" without the name at its foot, which is that
/// of the Server header (measured: 1.22.1, with and without server_tokens; its other pages of
/// status 400 are shorter or longer).
constexpr std::size_t k_nginx_page = 225;

/// Returns the lines before the empty one.
std::string_view head_of(std::string_view text) {
    return text.substr(0, std::min(text.find("\r\n\r\n"), text.size()));
}

/// Returns the value of a header, by its name in lower case; empty where there is none.
std::string_view header(std::string_view head, std::string_view name) {
    for (const std::string_view line : split(head, '\n')) {
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos && lower(line.substr(0, colon)) == name) {
            return trimmed(line.substr(colon + 1));
        }
    }
    return "";
}

/// Returns the three digits behind `HTTP/1.1 `, 0 where they are none.
unsigned code_in(std::string_view status) {
    const auto parts = split(status, ' ');
    return parts.size() < 2 ? 0 : number_in(parts[1].substr(0, 3), 999).value_or(0);
}

bool is_nginx_page(std::string_view head) {
    const std::string_view server = header(head, "server");
    const auto length = number_in(header(head, "content-length"), k_most_headers);
    const bool known = server.starts_with("nginx") || server.starts_with("openresty");
    return known && length && *length == k_nginx_page + server.size();
}

bool demands_certificate(std::string_view text, std::string_view status) {
    constexpr unsigned k_nginx_no_certificate = 496; // where its error_page lets it through
    const unsigned code = code_in(status);
    if (code < 400 || code > 499) {
        return false;
    }
    const std::string_view head = head_of(text);
    const std::string words = lower(status) + lower(text.substr(head.size()));
    return code == k_nginx_no_certificate || words.contains("certificate") ||
           status.contains("403.7") || (code == 400 && is_nginx_page(head));
}

} // namespace

std::string head_request(std::string_view host) {
    return fmt::format("HEAD / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", host);
}

HttpAnswer read_http_answer(std::string_view text) {
    if (!text.starts_with("HTTP/")) {
        return {};
    }
    const std::string_view line = trimmed(text.substr(0, std::min(text.find('\n'), k_most_status)));
    return {
        .status = harmless(line),
        .demands_certificate = demands_certificate(text, line),
    };
}

bool is_complete(std::string_view text) {
    return text.contains("\r\n\r\n") || text.size() > k_most_headers;
}

} // namespace tlsdoctor::probe
