// SPDX-License-Identifier: Apache-2.0
// A request of HTTP inside TLS, for servers that demand a client certificate only there (nginx
// never fails the handshake), and what its answer says about that.
#pragma once

#include <string>
#include <string_view>

namespace tlsdoctor::probe {

/// Returns `HEAD /` for a host, which asks for no page and for the end of the connection.
std::string head_request(std::string_view host);

/// What an answer says.
struct HttpAnswer {
    std::string status{};       ///< its first line, harmless; empty where it is not of HTTP
    bool demands_certificate{}; ///< its words, or their number, say that a certificate is required
};

/// Reads the beginning of an answer, whole or not; its body may be missing.
HttpAnswer read_http_answer(std::string_view text);

/// Tells whether the headers have come to their end, or are longer than anybody's.
bool is_complete(std::string_view text);

} // namespace tlsdoctor::probe
