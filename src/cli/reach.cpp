// SPDX-License-Identifier: Apache-2.0
// Readers of --starttls and --proxy. A proxy's password is never repeated in a message.
#include "cli/reach.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "net/starttls.hpp"

namespace tlsdoctor::cli {

namespace {

// As curl reads them. HTTP_PROXY in capitals is not read: a web server may set it from a header.
constexpr const char* k_proxy_variables[] = {
    "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"
};

// What clients say of clear text where a record of TLS should be: OpenSSL 1.1 and 3, Firefox,
// Chromium, Go, Java, GnuTLS, OpenSSL 1.0, rustls.
constexpr std::string_view k_clear_text[] = {
    "wrong version number",
    "packet length too long",
    "rx_record_too_long",
    "err_ssl_protocol_error",
    "first record does not look like a tls handshake",
    "unrecognized ssl message, plaintext connection",
    "unsupported or unrecognized ssl message",
    "unexpected tls packet was received",
    "ssl23_get_server_hello:unknown protocol",
    "received corrupt message of type invalidcontenttype",
};

std::string known_protocols() {
    std::string names;
    for (const net::StarttlsProtocol& row : net::starttls_protocols()) {
        names += (names.empty() ? "" : ", ") + std::string(row.name);
    }
    return names;
}

/// Where the URL comes from, for a message: the option or a variable.
std::expected<std::optional<net::Proxy>, UsageError>
read_url(std::string_view text, std::string_view source) {
    const bool bare = text.find("://") == std::string_view::npos;
    auto proxy = net::read_proxy(bare ? "http://" + std::string(text) : std::string(text));
    if (!proxy) {
        return std::unexpected{UsageError{
            .what = fmt::format("{}: this is no proxy: {}", source, proxy.error()),
            .hint = "'-x http://proxy.example:3128' or '-x socks5://127.0.0.1:1080'"
        }};
    }
    return std::move(*proxy);
}

} // namespace

std::expected<std::string, UsageError> read_starttls(std::string_view how) {
    const std::string word = lower(how);
    if (word == "auto" || word == "none") {
        return word;
    }
    if (const net::StarttlsProtocol* const row = net::find_starttls(word)) {
        return std::string(row->name);
    }
    return std::unexpected{UsageError{
        .what = fmt::format("--starttls: '{}' is no protocol known here", harmless(how)),
        .hint = "auto, none, " + known_protocols()
    }};
}

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::expected<std::optional<net::Proxy>, UsageError>
read_proxy_option(std::string_view text, const Variables& variables) {
    if (text == "none") {
        return std::nullopt;
    }
    if (text != "auto") {
        return read_url(text, "--proxy");
    }
    for (const char* const name : k_proxy_variables) {
        if (const std::string value = variables(name); !value.empty()) {
            return read_url(value, name);
        }
    }
    return std::nullopt;
}

std::expected<WayOptions, UsageError>
read_way(std::string_view starttls, std::string_view proxy, std::string_view error) {
    auto how = read_starttls(starttls);
    if (!how) {
        return std::unexpected{std::move(how.error())};
    }
    auto through = read_proxy_option(proxy, variable);
    if (!through) {
        return std::unexpected{std::move(through.error())};
    }
    const bool met_clear_text = *how == "auto" && shows_clear_text(error);
    return WayOptions{
        .starttls = met_clear_text ? "none" : std::move(*how), .proxy = std::move(*through)
    };
}

bool shows_clear_text(std::string_view error) {
    const std::string words = lower(error);
    return std::ranges::any_of(k_clear_text, [&](std::string_view text) {
        return words.find(text) != std::string::npos;
    });
}

} // namespace tlsdoctor::cli
