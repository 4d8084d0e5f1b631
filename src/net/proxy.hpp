// SPDX-License-Identifier: Apache-2.0
// Forward proxies: HTTP CONNECT [RFC 9110 9.3.6] and SOCKS5 [RFC 1928, RFC 1929] as dialogues. The
// proxy resolves the server's name; its own refusal ends the dialogue `refused`, in its words.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "net/dialogue.hpp"

namespace tlsdoctor::net {

/// How to talk to a proxy.
enum class ProxyKind : std::uint8_t { http, socks5 };

/// A forward proxy.
struct Proxy {
    ProxyKind kind{};
    std::string host{}; ///< a name in A-label form, or an address without brackets
    std::uint16_t port{};
    std::string user{}; ///< empty: no credentials
    std::string password{};
};

/// Reads `http://user:password@host:port` or `socks5://...` (also `socks5h://`, the same thing
/// here). A port that is not there is 80 or 1080. The error says what is wrong with it, without the
/// password.
std::expected<Proxy, std::string> read_proxy(std::string_view url);

/// Returns the URL without credentials: `http://proxy.example:3128`.
std::string to_string(const Proxy& proxy);

/// Returns the dialogue that asks for a connection.
std::span<const DialogueStep> proxy_dialogue(ProxyKind kind);

/// Returns what that dialogue is made of, for a server.
DialogueNames names_for(const Proxy& proxy, std::string_view host, std::uint16_t port);

} // namespace tlsdoctor::net
