// SPDX-License-Identifier: Apache-2.0
// What Caddy's `tls` directive can say: versions, suites and curves, and what holds without them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/servers/caddy_sites.hpp"

namespace tlsdoctor::config {

/// Writes `protocols` anew: a minimum, and a maximum where it is not the newest.
std::optional<std::string> rewrite_caddy_protocols(std::string_view old, VersionSet wanted);

/// Returns the versions of a site.
VersionSet caddy_enabled(const CaddySite& site);

/// Returns the suites of TLS 1.2 of a site, with colons.
std::string caddy_suites(const CaddySite& site);

/// Returns the curves of a site, with colons.
std::string caddy_curves(const CaddySite& site);

/// Finds what Caddy refuses in a site.
void check_caddy_site(const CaddySite& site, const Input& input, Reading& reading);

} // namespace tlsdoctor::config
