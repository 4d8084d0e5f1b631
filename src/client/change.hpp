// SPDX-License-Identifier: Apache-2.0
// A change of a server's settings that somebody thinks about (`--what-if`), and the policies that
// have names.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
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

/// A published policy; the texts live as long as the program.
struct Policy {
    std::string_view name{};          ///< `modern`
    std::string_view versions{};      ///< `TLSv1.2 TLSv1.3`
    std::string_view cipher_suites{}; ///< OpenSSL's names with colons between them
    std::string_view tls13_suites{};
    std::string_view groups{};
};

/// Returns the policies of data/policies.tsv.
std::span<const Policy> policies();

} // namespace tlsdoctor::client
