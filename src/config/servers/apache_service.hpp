// SPDX-License-Identifier: Apache-2.0
// From merged directives to a Service: what holds for one address and name, and which lines say so.
#pragma once

#include "config/servers/apache_hosts.hpp"
#include "config/servers/apache_settings.hpp"

namespace tlsdoctor::config {

/// All that was read.
struct ApacheWorld {
    const ApacheTree& tree;
    const ApacheSettings& settings;
    const std::vector<ApacheNames>& names;
    const Sources& sources;
    std::string version{}; ///< of httpd
};

/// Fills in what the handshake is made of: versions, suites, groups, certificates.
void fill_apache_service(const ApacheWorld& world, const ApacheParties& parties, Service& service);

/// What a client meets at this listener that asks for `sni`, which chooses `host` (0: nobody's).
Service apache_service(
    const ApacheWorld& world, const ApacheListener& listener, const std::optional<std::string>& sni,
    std::size_t host
);

} // namespace tlsdoctor::config
