// SPDX-License-Identifier: Apache-2.0
// A set of protocol versions, as configurations name them: unions, ranges, holes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "registry/version.hpp"

namespace tlsdoctor::config {

/// Which of the six versions of `k_versions` are in. A plain value.
class VersionSet final {
public:
    constexpr VersionSet() = default;
    constexpr VersionSet(std::initializer_list<ProtocolVersion> versions) {
        for (const ProtocolVersion version : versions) {
            add(version);
        }
    }

    /// Returns all versions from `lowest` to `highest`, both in; empty where they are crossed.
    static constexpr VersionSet range(ProtocolVersion lowest, ProtocolVersion highest) {
        VersionSet set;
        for (const ProtocolVersion version : k_versions) {
            if (version >= lowest && version <= highest) {
                set.add(version);
            }
        }
        return set;
    }
    /// Returns all six.
    static constexpr VersionSet all() {
        return range(ProtocolVersion::ssl_2_0, ProtocolVersion::tls_1_3);
    }

    constexpr bool has(ProtocolVersion version) const { return (bits_ & bit(version)) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr void add(ProtocolVersion version) { bits_ |= bit(version); }
    constexpr void remove(ProtocolVersion version) {
        bits_ = static_cast<std::uint8_t>(bits_ & ~bit(version));
    }
    /// Returns the members, oldest first.
    std::vector<ProtocolVersion> members() const;
    /// Returns the oldest and the newest; `none` where it is empty.
    ProtocolVersion lowest() const;
    ProtocolVersion highest() const;

    constexpr bool operator==(const VersionSet&) const = default;
    friend constexpr VersionSet operator|(VersionSet a, VersionSet b) {
        return VersionSet{static_cast<std::uint8_t>(a.bits_ | b.bits_)};
    }
    friend constexpr VersionSet operator&(VersionSet a, VersionSet b) {
        return VersionSet{static_cast<std::uint8_t>(a.bits_ & b.bits_)};
    }
    /// Returns `a` without the members of `b`.
    friend constexpr VersionSet operator-(VersionSet a, VersionSet b) {
        return VersionSet{static_cast<std::uint8_t>(a.bits_ & ~b.bits_)};
    }

private:
    explicit constexpr VersionSet(std::uint8_t bits) : bits_{bits} {}
    static constexpr std::uint8_t bit(ProtocolVersion version) {
        for (std::size_t i = 0; i < k_versions.size(); ++i) {
            if (k_versions[i] == version) {
                return static_cast<std::uint8_t>(1U << i);
            }
        }
        return 0;
    }

    std::uint8_t bits_{};
};

/// Returns `TLS 1.2, TLS 1.3`; `none` where it is empty.
std::string name_of(VersionSet set);

/// What `TLSv1.2` and `TLSv1.3` are called: the set that today's servers should accept.
inline constexpr VersionSet k_modern_versions{ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3};

/// Returns the spelling of OpenSSL's configuration and of most servers: `TLSv1` for TLS 1.0,
/// `TLSv1.2`, `SSLv3`.
std::string_view openssl_name(ProtocolVersion version);

/// Returns the members in that spelling, oldest first, with `separator` between them.
std::string openssl_names(VersionSet set, std::string_view separator);

} // namespace tlsdoctor::config
