// SPDX-License-Identifier: Apache-2.0
// The options that vsftpd 3.0.3 knows: any other keeps it from starting.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/version_set.hpp"

namespace tlsdoctor::config {

/// What an option takes.
enum class VsftpdKind : std::uint8_t { flag, number, text };

/// A row of the table.
struct VsftpdOption {
    std::string_view name{};
    VsftpdKind kind{};
};

/// Finds an option; null where vsftpd does not know it.
const VsftpdOption* vsftpd_option(std::string_view name);

/// Reads YES, TRUE, 1, NO, FALSE, 0 in any case; nullopt for anything else, blanks included.
std::optional<bool> vsftpd_flag(std::string_view value);

/// Writes `ssl_tlsv1` anew: it speaks of TLS 1.0 alone. A Rewrite.
std::optional<std::string> rewritten_vsftpd_tlsv1(std::string_view old, VersionSet wanted);

} // namespace tlsdoctor::config
