// SPDX-License-Identifier: Apache-2.0
// Protocol versions from SSL 2.0 to TLS 1.3. The enumeration is open: any 16-bit value may come
// from a peer and survives; known ones have names.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tlsdoctor {

/// A version as it stands on the wire [RFC 8446 4.1.2, RFC 6101, SSL 2.0 draft 02].
enum class ProtocolVersion : std::uint16_t {
    none = 0x0000,
    ssl_2_0 = 0x0002,
    ssl_3_0 = 0x0300,
    tls_1_0 = 0x0301,
    tls_1_1 = 0x0302,
    tls_1_2 = 0x0303,
    tls_1_3 = 0x0304,
};

/// Every version that can be asked for, oldest first; 0x0002 < 0x0300 < ... so `<` compares them.
inline constexpr std::array k_versions = {ProtocolVersion::ssl_2_0, ProtocolVersion::ssl_3_0,
                                          ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1,
                                          ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3};

/// Returns `TLS 1.2`, or `0x0305` for a number without a name.
std::string name_of(ProtocolVersion version);

/// Reads `TLS 1.2`, `tls1.2`, `TLSv1.2`, `tls12`, `tls1_2`, `TLSv1` (which is TLS 1.0), `ssl3` ...
/// in any case; nullopt for anything else.
std::optional<ProtocolVersion> version_named(std::string_view text);

} // namespace tlsdoctor
