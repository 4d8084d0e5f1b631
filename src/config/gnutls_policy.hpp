// SPDX-License-Identifier: Apache-2.0
// What GnuTLS makes of a priority string (`NORMAL:-VERS-TLS1.0`) and of the system's configuration
// file beneath it: which versions, ciphers, MACs, key exchanges, groups and signatures are left.
// Measured on GnuTLS 3.7.9; the names are GnuTLS' own.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"
#include "config/version_set.hpp"

namespace tlsdoctor::config {

/// The lists that a priority string is made of.
enum class GnutlsList : std::uint8_t { ciphers, macs, exchanges, groups, signatures };

/// What is enabled, best first; the names live as long as the program.
struct GnutlsPolicy {
    VersionSet versions{};
    std::vector<std::string_view> ciphers{};    ///< `AES-128-GCM`
    std::vector<std::string_view> macs{};       ///< `AEAD`, `SHA1`
    std::vector<std::string_view> exchanges{};  ///< `ECDHE-RSA`
    std::vector<std::string_view> groups{};     ///< `X25519`
    std::vector<std::string_view> signatures{}; ///< `RSA-PSS-RSAE-SHA256`
    std::vector<std::string_view>& list(GnutlsList which);
};

/// One line of the system's configuration.
struct GnutlsSetting {
    std::string section{}; ///< in lower case; empty before the first
    std::string name{};    ///< as it is written; keywords are looked up so
    std::string key{};     ///< in lower case
    std::string value{};   ///< without the comment behind it
    Place statement{};
    Place value_place{};
};

/// The system's configuration: `/etc/gnutls/config`, or what GNUTLS_SYSTEM_PRIORITY_FILE names.
struct GnutlsSystem {
    bool allow_list{}; ///< `override-mode = allowlist`: `enabled-*` instead of `disabled-*`
    std::vector<GnutlsSetting> settings{};
    std::vector<Remark> faults{}; ///< with one of them GnuTLS ignores the whole file
};

/// Why GnuTLS refuses a string: the word, and where it begins in the string.
struct PriorityFault {
    std::string word{};
    std::size_t offset{};
};

/// Reads a priority string as the library does, before the system's restrictions; `@SYSTEM` is
/// looked up in `system`.
std::expected<GnutlsPolicy, PriorityFault>
read_priority(std::string_view text, const GnutlsSystem& system);

/// Finds the line that `@A,B` at the beginning of a string stands for: that of the first of these
/// keywords that the system defines; null where there is none.
const GnutlsSetting* system_keyword(std::string_view text, const GnutlsSystem& system);

/// Says why GnuTLS refuses a string (an OpenSSL list, for example); nullopt where it takes it.
std::optional<std::string> priority_fault(std::string_view text, const GnutlsSystem& system);

/// Reads the file that stands beneath the servers of `input`, see gnutls_conf_beneath; it becomes
/// one of the reading's sources. What is wrong with it is a warning.
GnutlsSystem gnutls_system_beneath(const Input& input, Reading& reading);

/// Reads a file of the sources.
GnutlsSystem read_gnutls_system(const Sources& sources, FileId file);

/// Takes away from `policy` what the line forbids; tells whether it forbids anything at all (also
/// what was not there).
bool restrict_by(GnutlsPolicy& policy, const GnutlsSystem& system, const GnutlsSetting& setting);

/// Returns the list's own name for a word in any case; empty where GnuTLS does not know it.
std::string_view gnutls_name(GnutlsList list, std::string_view word);

/// Writes a priority string anew so that it enables exactly `wanted`: the `VERS-` words alone are
/// changed. A Rewrite.
std::optional<std::string> rewritten_priority(std::string_view old, VersionSet wanted);

} // namespace tlsdoctor::config
