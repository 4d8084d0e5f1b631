// SPDX-License-Identifier: Apache-2.0
// What a known client accepts beyond what its hello says: key sizes, curves of certificates, SHA-1,
// secure renegotiation. Data, from data/clients/limits.tsv; client/accept.hpp applies them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/profile.hpp"
#include "registry/named_group.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::client {

/// How a limit is known, weakest first.
enum class Basis : std::uint8_t {
    none,      ///< nobody knows
    rule,      ///< what was measured with every other client of the same library
    published, ///< by somebody else, not measured by us
    measured,  ///< real handshakes of this client, or of its library
};

/// Returns `none`, `rule`, `published` or `measured`.
std::string_view name_of(Basis basis);

/// The limits of one client; what is nullopt nobody knows.
struct Limits {
    Basis basis{};
    std::string_view measured_with{}; ///< id of another client of the same library; empty: itself
    std::optional<std::vector<ProtocolVersion>> versions{}; ///< it completed handshakes with these
    std::optional<bool> requires_secure_renegotiation{}; ///< a server without RFC 5746 is refused
    std::optional<bool> dhe{};
    std::optional<std::uint32_t> min_dh_bits{};
    std::optional<std::uint32_t> max_dh_bits{};
    std::optional<std::uint32_t> min_rsa_bits{}; ///< of the certificate's key
    std::optional<std::uint32_t> max_rsa_bits{};
    std::optional<std::uint32_t> min_ecdsa_bits{};
    std::optional<std::vector<NamedGroup>> certificate_curves{};
    std::optional<bool> ed25519_certificate{};
    std::optional<bool> sha1_signed_certificate{};
    std::optional<bool> md5_signed_certificate{};
    std::optional<bool> sha1_server_key_exchange{}; ///< of TLS 1.2
    std::optional<bool> static_rsa{};               ///< key exchange in TLS 1.2
    std::optional<bool> cbc_sha1{};                 ///< suites in TLS 1.2
    std::optional<bool> triple_des{};
    std::optional<bool> rc4{};
    std::optional<std::vector<NamedGroup>> tls13_groups{}; ///< of those that were tried
    bool old_versions_only_with_static_rsa{};              ///< TLS 1.0 and 1.1 fail with (EC)DHE
};

/// Returns what is known about a client: its own limits, those of another client of the same
/// library, or the library's rule.
Limits limits_of(const Profile& profile);

} // namespace tlsdoctor::client
