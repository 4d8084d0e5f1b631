// SPDX-License-Identifier: Apache-2.0
// IP addresses as text with a port: what users type, results show and `connect` takes. Names are
// not addresses; they go through to_ascii and the Resolver first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tlsdoctor::net {

/// One endpoint.
struct Address {
    std::string text{}; ///< the IP literal without brackets, in its shortest form, with any `%zone`
    std::uint16_t port{};

    bool operator==(const Address&) const = default;
};

/// Tells whether `text` is an IPv4 address of four decimal numbers.
bool is_v4(std::string_view text);

/// Tells whether `text` is an IPv6 address, with or without a `%zone`, without brackets.
bool is_v6(std::string_view text);

/// Tells whether `text` is an IP address; such a thing is never sent as server_name [RFC 6066 3].
bool is_ip_literal(std::string_view text);

/// Reads `192.0.2.7`, `192.0.2.7:443`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:443`; a
/// port that is not there is `default_port`. Anything else, names included, is nullopt.
std::optional<Address> parse_address(std::string_view text, std::uint16_t default_port);

/// Returns `192.0.2.7:443` or `[2001:db8::1]:443`.
std::string to_string(const Address& address);

} // namespace tlsdoctor::net
