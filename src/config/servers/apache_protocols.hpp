// SPDX-License-Identifier: Apache-2.0
// What Apache's lists of versions mean, and how they are written anew in the style that they have.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/version_set.hpp"

namespace tlsdoctor::config {

/// Reads the words of SSLProtocol: a bare word replaces all before it, `+` adds, `-` takes away,
/// and nothing is there at the beginning. The error is httpd's own sentence.
std::expected<VersionSet, std::string> apache_protocols(const std::vector<std::string>& words);

/// Returns the versions from the newest downwards as far as there is no hole: mod_ssl sets a
/// minimum and a maximum, no more.
VersionSet without_hole(VersionSet versions);

/// Reads a value of OpenSSL's MinProtocol and MaxProtocol; `none` for `None`.
std::optional<ProtocolVersion> openssl_bound(std::string_view text);

/// Returns the versions that a value of OpenSSL's Protocol (`-ALL,TLSv1.2`) forbids.
VersionSet forbidden_by(std::string_view list);

/// Rewrites; see Rewrite. A list as SSLProtocol has it: minus, plus or bare.
std::optional<std::string> rewritten_protocols(std::string_view old, VersionSet wanted);
/// The same where the whole list is one word of a Define or Use.
std::optional<std::string> rewritten_protocol_word(std::string_view old, VersionSet wanted);
/// The piece `TLSv1.2` of `-all +${piece}`.
std::optional<std::string> rewritten_protocol_piece(std::string_view old, VersionSet wanted);
/// Values of MinProtocol, MaxProtocol, Protocol.
std::optional<std::string> rewritten_minimum(std::string_view old, VersionSet wanted);
std::optional<std::string> rewritten_maximum(std::string_view old, VersionSet wanted);
std::optional<std::string> rewritten_openssl_list(std::string_view old, VersionSet wanted);

} // namespace tlsdoctor::config
