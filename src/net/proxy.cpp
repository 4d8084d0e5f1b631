// SPDX-License-Identifier: Apache-2.0
// The URL of a proxy and its two dialogues. All that a proxy sends is only compared and bounded;
// what it may say is a status line, two header lines or a code.
#include "net/proxy.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <boost/asio/ip/address.hpp>

#include "base/text.hpp"
#include "net/address.hpp"
#include "net/dialogue_lines.hpp"
#include "net/idn.hpp"

namespace tlsdoctor::net {

namespace {

using End = DialogueEnd;

// The URL.

struct SchemeRow {
    std::string_view prefix;
    ProxyKind kind;
    std::uint16_t port;
};

constexpr SchemeRow k_schemes[] = {
    {"http://", ProxyKind::http, 80},
    {"socks5://", ProxyKind::socks5, 1080},
    {"socks5h://", ProxyKind::socks5, 1080},
};

/// Decodes `%41`; nullopt where a percent sign is followed by anything else.
std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded += text[at];
            continue;
        }
        const auto byte = from_hex(text.substr(at + 1, 2));
        if (!byte || byte->size() != 1 || text.size() < at + 3) {
            return std::nullopt;
        }
        decoded += static_cast<char>(byte->front());
        at += 2;
    }
    return decoded;
}

std::expected<void, std::string> read_credentials(std::string_view text, Proxy& proxy) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    auto user = percent_decoded(text.substr(0, colon));
    auto password = percent_decoded(text.substr(std::min(colon + 1, text.size())));
    if (!user || !password) {
        return std::unexpected("a percent sign in the credentials is not followed by two digits");
    }
    if (user->empty() || user->size() > 255 || password->size() > 255) {
        return std::unexpected("user name and password have 1 to 255 bytes"); // RFC 1929 2
    }
    proxy.user = std::move(*user);
    proxy.password = std::move(*password);
    return {};
}

std::expected<void, std::string> read_host(std::string_view text, Proxy& proxy) {
    const bool bracketed = text.starts_with('[');
    const std::size_t past = bracketed ? text.find(']') : text.rfind(':');
    std::string_view host = text.substr(0, past);
    std::string_view port = past == std::string_view::npos ? "" : text.substr(past);
    if (bracketed && port.empty()) {
        return std::unexpected("a bracket is not closed");
    }
    if (bracketed) {
        host.remove_prefix(1);
        port.remove_prefix(1);
    }
    if (!port.empty()) {
        const auto number = number_in(port.substr(1), 65535);
        if (port[0] != ':' || !number || *number == 0) {
            return std::unexpected("its port is not a number of 1 to 65535");
        }
        proxy.port = static_cast<std::uint16_t>(*number);
    }
    if (bracketed ? is_v6(host) : is_v4(host)) {
        proxy.host = host;
        return {};
    }
    auto name = to_ascii(host);
    if (!name || bracketed) {
        return std::unexpected("its host is " + (bracketed ? "not an address" : name.error().text));
    }
    proxy.host = std::move(*name);
    return {};
}

// HTTP CONNECT.

std::string base64(std::string_view text) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string encoded;
    const ByteView bytes = as_bytes(text);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const ByteView three = bytes.subspan(at, std::min<std::size_t>(3, bytes.size() - at));
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bits = (bits << 8U) | (i < three.size() ? three[i] : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            encoded += i <= three.size() ? digits[(bits >> (18U - 6U * i)) & 63U] : '=';
        }
    }
    return encoded;
}

Bytes say_connect(const DialogueNames& names) {
    const std::string where = to_string(Address{.text = names.host, .port = names.port});
    std::string text = "CONNECT " + where + " HTTP/1.1\r\nHost: " + where + "\r\n";
    if (!names.user.empty()) {
        text += "Proxy-Authorization: Basic " + base64(names.user + ":" + names.password) + "\r\n";
    }
    return words(text + "\r\n");
}

/// Headers by which an answer to CONNECT shows whose it is. Length and coding have no place in a
/// proxy's 2xx [RFC 9110 9.3.6]: a web server that takes CONNECT for a page sends them.
constexpr std::string_view k_telling[] = {
    "Proxy-Authenticate:", "X-Squid-Error:",     "Via:", "Proxy-Agent:", "Server:",
    "Content-Length:",     "Transfer-Encoding:",
};

/// Returns the status line and the lines that say more.
std::string telling_words(ByteView heard) {
    Lines lines(heard);
    std::string said;
    while (const auto line = lines.next()) {
        const bool telling = said.empty() || std::ranges::any_of(k_telling, [&](auto name) {
                                 return begins(*line, name);
                             });
        if (telling) {
            said += (said.empty() ? "" : "; ") + std::string(*line);
        }
        if (line->empty()) {
            break;
        }
    }
    return said;
}

/// Any 2xx opens the tunnel [RFC 9110 9.3.6].
Judgement connect_answer(ByteView heard) {
    if (!may_begin(heard, {"http/1."})) {
        return {.end = End::other_protocol};
    }
    Lines lines(heard);
    std::optional<unsigned> status;
    while (const auto line = lines.next()) {
        if (!status) {
            const auto parts = split(*line, ' ');
            status = parts.size() < 2 ? std::nullopt : number_in(parts[1], 999);
            if (!status) {
                return {.end = End::garbled};
            }
        }
        if (line->empty()) {
            const bool open = *status >= 200 && *status <= 299;
            return {
                .used = lines.used(),
                .end = open ? End::under_way : End::refused,
                .said = telling_words(heard.first(lines.used())),
            };
        }
    }
    return {};
}

constexpr DialogueStep k_http[] = {{say_connect, connect_answer}};

// SOCKS5.

Bytes say_methods(const DialogueNames& names) {
    return names.user.empty() ? Bytes{5, 1, 0} : Bytes{5, 2, 0, 2};
}

Judgement method_answer(ByteView heard) {
    if (heard[0] != 5) {
        return {.end = End::other_protocol};
    }
    if (heard.size() < 2) {
        return {};
    }
    switch (heard[1]) {
    case 0:
        return {.used = 2, .skip = 1, .said = "no credentials wanted"};
    case 2:
        return {.used = 2, .said = "user name and password wanted"};
    case 0xff:
        return {
            .used = 2,
            .end = End::refused,
            .said = "SOCKS5: no acceptable way to authenticate (255)"
        };
    default:
        return {.used = 2, .end = End::garbled};
    }
}

void append(Bytes& bytes, std::string_view text) {
    bytes.push_back(static_cast<std::uint8_t>(text.size()));
    const ByteView more = as_bytes(text);
    bytes.insert(bytes.end(), more.begin(), more.end());
}

Bytes say_credentials(const DialogueNames& names) {
    Bytes bytes{1};
    append(bytes, names.user);
    append(bytes, names.password);
    return bytes;
}

Judgement credentials_answer(ByteView heard) {
    if (heard.size() < 2) {
        return {};
    }
    if (heard[1] == 0) {
        return {.used = 2, .said = "the credentials are right"};
    }
    return {.used = 2, .end = End::refused, .said = "SOCKS5: wrong user name or password"};
}

Bytes say_socks_connect(const DialogueNames& names) {
    Bytes bytes{5, 1, 0};
    boost::system::error_code none;
    const auto address = boost::asio::ip::make_address(names.host, none);
    if (none) {
        bytes.push_back(3); // a name: the proxy resolves it
        append(bytes, names.host);
    } else if (address.is_v4()) {
        const auto four = address.to_v4().to_bytes();
        bytes.push_back(1);
        bytes.insert(bytes.end(), four.begin(), four.end());
    } else {
        const auto sixteen = address.to_v6().to_bytes();
        bytes.push_back(4);
        bytes.insert(bytes.end(), sixteen.begin(), sixteen.end());
    }
    bytes.push_back(static_cast<std::uint8_t>(names.port >> 8U));
    bytes.push_back(static_cast<std::uint8_t>(names.port & 0xffU));
    return bytes;
}

constexpr std::array<std::string_view, 9> k_replies = {
    "succeeded",           "general failure",       "not allowed by the proxy's rules",
    "network unreachable", "host unreachable",      "connection refused",
    "TTL expired",         "command not supported", "address type not supported",
};

std::string reply_name(std::uint8_t code) {
    const std::string_view name = code < k_replies.size() ? k_replies.at(code) : "unassigned";
    return "SOCKS5: " + std::string(name) + " (" + std::to_string(code) + ")";
}

Judgement socks_connect_answer(ByteView heard) {
    if (heard[0] != 5) {
        return {.end = End::garbled};
    }
    if (heard.size() < 5) {
        return {};
    }
    // The bound address, whose length its type decides, and a port.
    const std::size_t name = 1 + std::size_t{heard[4]};
    const std::size_t address = heard[3] == 1 ? 4 : heard[3] == 4 ? 16 : name;
    if (heard[1] != 0) {
        return {
            .used = std::min(heard.size(), 4 + address + 2),
            .end = End::refused,
            .said = reply_name(heard[1])
        };
    }
    if (heard.size() < 4 + address + 2) {
        return {};
    }
    return {.used = 4 + address + 2, .said = reply_name(0)};
}

constexpr DialogueStep k_socks5[] = {
    {say_methods, method_answer},
    {say_credentials, credentials_answer},
    {say_socks_connect, socks_connect_answer},
};

} // namespace

std::expected<Proxy, std::string> read_proxy(std::string_view url) {
    const auto* const row = std::ranges::find_if(k_schemes, [&](const SchemeRow& scheme) {
        return begins(url, scheme.prefix);
    });
    if (row == std::end(k_schemes)) {
        return std::unexpected("it does not begin with http:// or socks5://");
    }
    Proxy proxy{.kind = row->kind, .port = row->port};
    std::string_view rest = url.substr(row->prefix.size());
    rest = rest.substr(0, rest.find_first_of("/?#"));
    const std::size_t at = rest.rfind('@');
    if (at != std::string_view::npos) {
        if (auto read = read_credentials(rest.substr(0, at), proxy); !read) {
            return std::unexpected(std::move(read.error()));
        }
        rest.remove_prefix(at + 1);
    }
    if (rest.empty()) {
        return std::unexpected("it has no host");
    }
    if (auto read = read_host(rest, proxy); !read) {
        return std::unexpected(std::move(read.error()));
    }
    return proxy;
}

std::string to_string(const Proxy& proxy) {
    const std::string where = to_string(Address{.text = proxy.host, .port = proxy.port});
    return (proxy.kind == ProxyKind::http ? "http://" : "socks5://") + where;
}

std::span<const DialogueStep> proxy_dialogue(ProxyKind kind) {
    return kind == ProxyKind::http ? std::span<const DialogueStep>(k_http) : k_socks5;
}

DialogueNames names_for(const Proxy& proxy, std::string_view host, std::uint16_t port) {
    return {
        .host = std::string(host), .port = port, .user = proxy.user, .password = proxy.password
    };
}

} // namespace tlsdoctor::net
