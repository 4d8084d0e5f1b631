// SPDX-License-Identifier: Apache-2.0
// What holds for one server of ProFTPD: its own directives before those of <Global>.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/servers/proftpd_tree.hpp"

namespace tlsdoctor::config {

/// One server and what it inherits.
struct FtpParty {
    const FtpServer* own{};
    const FtpServer* global{};

    const FtpDirective* first(std::string_view name) const;
    const FtpDirective* last(std::string_view name) const;
    /// Tells whether the first one of this name has this value.
    bool is(std::string_view name, std::string_view value) const;
    VersionSet versions() const;
    std::uint32_t port() const;
    /// The cipher list that decides: the last one; of TLS 1.3 or of older versions.
    const FtpDirective* ciphers(bool newest) const;
};

/// `ALL -SSLv3 -TLSv1` takes away, `TLSv1.2 TLSv1.3` adds up; nullopt: an unknown word is fatal.
std::optional<VersionSet> ftp_protocols(const std::vector<std::string>& words);

/// Writes such a list; see Rewrite.
std::optional<std::string> rewritten_ftp_protocols(std::string_view old, VersionSet wanted);

/// What a directive is about; `other` for all that is not about TLS.
Aspect ftp_aspect(const FtpDirective& directive);

} // namespace tlsdoctor::config
