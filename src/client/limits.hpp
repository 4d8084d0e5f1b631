// SPDX-License-Identifier: Apache-2.0
// What a known client accepts beyond what its hello says: key sizes, curves of certificates, SHA-1,
// secure renegotiation. Data, from data/clients/limits.tsv and probes.tsv; client/accept.hpp
// applies them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/profile.hpp"
#include "registry/alert.hpp"
#include "registry/named_group.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::client {

/// How a limit is known, weakest first.
enum class Basis : std::uint8_t {
    none,      ///< nobody knows
    rule,      ///< measured with other clients of the same library
    published, ///< by somebody else, not measured by us
    hello,     ///< the client's own hello says so
    measured,  ///< real handshakes of this client, or of another with the same build of its library
};

/// Returns `none`, `rule`, `published`, `hello` or `measured`.
std::string_view name_of(Basis basis);

/// The limits of one client; what is nullopt nobody knows.
struct Limits {
    Basis basis{};                    ///< of all but `requires_secure_renegotiation`
    std::string_view measured_with{}; ///< id of the other client; empty: itself
    std::optional<std::vector<ProtocolVersion>> versions{}; ///< it completed handshakes with these
    std::optional<bool> requires_secure_renegotiation{}; ///< a server without RFC 5746 is refused
    Basis renegotiation_basis{};
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
    std::optional<bool> triple_des{};               ///< in TLS 1.2
    std::optional<bool> rc4{};                      ///< in TLS 1.2
    std::optional<std::vector<NamedGroup>> tls13_groups{
    }; ///< of x25519, P-256, P-384, X25519MLKEM768
    std::optional<std::vector<NamedGroup>> tls12_groups{}; ///< of P-384 and P-521
    bool old_versions_only_with_static_rsa{};              ///< TLS 1.0 and 1.1 fail with (EC)DHE
};

/// Returns what is known about a client: its own limits, those of another client with the same
/// build of its library, or what is common to its library.
Limits limits_of(const Profile& profile);

/// Says in a sentence how a limit is known.
std::string source_of(Basis basis, const Limits& limits);

/// What a client did with a ServerHello.
struct Reaction {
    bool went_on{};
    bool offered{true};                      ///< false: its hello does not offer that version
    std::optional<AlertDescription> alert{}; ///< what it refused with; nullopt: it closed

    bool operator==(const Reaction&) const = default;
};

/// Returns what a captured client did with a ServerHello of a version, SSL 3.0 to TLS 1.3; nullopt
/// where that was not tried.
std::optional<Reaction> reaction_of(const Profile& profile, ProtocolVersion version);

/// What a client's error text follows.
enum class After : std::uint8_t {
    alert_40, ///< a fatal alert 40 in answer to its hello
    ssl_3_0,  ///< a ServerHello of SSL 3.0 that it refused
    tls_1_0,  ///< a ServerHello of TLS 1.0 that it refused
};

/// Returns what a captured client prints then, empty where nobody recorded it.
std::string_view error_text(const Profile& profile, After after);

} // namespace tlsdoctor::client
