// SPDX-License-Identifier: Apache-2.0
// A change of a server's settings that somebody thinks about (`--what-if`).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "registry/cipher_suite.hpp"
#include "registry/named_group.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::client {

/// What would be different; what is empty or nullopt stays as it is.
struct Change {
    std::string text{};                                     ///< as it was typed
    std::optional<std::vector<ProtocolVersion>> versions{}; ///< exactly these
    std::vector<ProtocolVersion> on{};                      ///< these too
    std::vector<ProtocolVersion> off{};                     ///< these no longer
    std::optional<std::vector<CipherSuite>> suites{};       ///< of TLS 1.2 and older: these alone
    std::optional<std::vector<CipherSuite>> tls13_suites{}; ///< of TLS 1.3: these alone
    std::optional<std::vector<NamedGroup>> groups{};        ///< these alone

    bool operator==(const Change&) const = default;
};

/// Returns the versions that a server which speaks `now` would speak, oldest first.
std::vector<ProtocolVersion>
versions_after(const Change& change, std::span<const ProtocolVersion> now);

} // namespace tlsdoctor::client
