// SPDX-License-Identifier: Apache-2.0
// Reads what a user points at: a host, an address, a URL. Nothing is resolved here; names come out
// in the form that DNS and server_name want.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/visit.hpp"

namespace tlsdoctor::cli {

/// What the options say about all targets.
struct TargetRules {
    std::optional<std::uint16_t> port{}; ///< `--port`: where the target itself names none
    std::optional<std::string> sni{};    ///< `--sni`, in A-label form
    bool no_sni{};                       ///< `--no-sni`
    std::string starttls{"auto"};        ///< `--starttls`: `auto`, `none` or a protocol
};

/// Why a text is no target.
struct TargetError {
    std::string what{};
    std::size_t column{}; ///< of the first character that is wrong, from 1
};

/// An address with an optional port, as `--connect` takes it.
struct AddressAndPort {
    std::string address{}; ///< without brackets
    std::optional<std::uint16_t> port{};
};

/// Reads `host`, `host:port`, `::1`, `[::1]:443`, `https://user@host:port/path?query` ... The
/// scheme sets the default port and, where its protocol begins in clear text, the way to upgrade.
std::expected<evidence::Target, TargetError>
read_target(std::string_view text, const TargetRules& rules);

/// Reads an IP address with or without a port.
std::expected<AddressAndPort, TargetError> read_address(std::string_view text);

/// Reads a DNS name: lower case, A-labels, no trailing dot.
std::expected<std::string, TargetError> read_name(std::string_view text);

} // namespace tlsdoctor::cli
