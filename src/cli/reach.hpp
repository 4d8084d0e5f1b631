// SPDX-License-Identifier: Apache-2.0
// The options that say how to come to a server: through which dialogue and which proxy.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/usage_error.hpp"
#include "net/proxy.hpp"

namespace tlsdoctor::cli {

/// Reads `--starttls`: `auto`, `none`, or a protocol, whose name in results is returned.
std::expected<std::string, UsageError> read_starttls(std::string_view how);

/// Looks up a variable of the environment; empty where it is not set.
using Variables = std::function<std::string(const char*)>;

/// Returns what is in this process's environment.
std::string variable(const char* name);

/// Reads `--proxy`: a URL (`host:port` is one of HTTP), `none`, or `auto` for what curl would take
/// from the environment for https; nullopt for a direct connection.
std::expected<std::optional<net::Proxy>, UsageError>
read_proxy_option(std::string_view text, const Variables& variables);

/// How to come to a server.
struct WayOptions {
    std::string starttls{}; ///< `auto`, `none` or a protocol
    std::optional<net::Proxy> proxy{};
};

/// Reads both options. A client whose error shows that it met clear text did not upgrade: with
/// `auto` its question is asked as it asked.
std::expected<WayOptions, UsageError>
read_way(std::string_view starttls, std::string_view proxy, std::string_view error);

/// Tells whether an error message was made by a client that started TLS and met clear text, such as
/// "wrong version number".
bool shows_clear_text(std::string_view error);

} // namespace tlsdoctor::cli
