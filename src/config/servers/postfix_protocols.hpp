// SPDX-License-Identifier: Apache-2.0
// Postfix' lists of protocol versions: `>=TLSv1.2, <=TLSv1.3`, `!SSLv2 !TLSv1`, `TLSv1.2`. A name
// that Postfix does not know makes STARTTLS fail (454).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/version_set.hpp"

namespace tlsdoctor::config {

/// Returns the versions that a list enables; nullopt where Postfix refuses it. Bounds (`>=`, `<=`)
/// exist since 3.6.
std::optional<VersionSet> postfix_protocols(std::string_view list, bool with_bounds);

/// Write a list anew in the style in which it stands: a Rewrite each. The first may use blanks, the
/// second (for master.cf) not, the third (before 3.6) has no bounds.
std::optional<std::string> rewritten_postfix_list(std::string_view old, VersionSet wanted);
std::optional<std::string> rewritten_master_list(std::string_view old, VersionSet wanted);
std::optional<std::string> rewritten_postfix_exclusions(std::string_view old, VersionSet wanted);

/// Write a parameter anew that stands behind `>=` or `<=` in a list: a Rewrite each.
std::optional<std::string> rewritten_postfix_floor(std::string_view old, VersionSet wanted);
std::optional<std::string> rewritten_postfix_ceiling(std::string_view old, VersionSet wanted);

} // namespace tlsdoctor::config
