// SPDX-License-Identifier: Apache-2.0
// What Dovecot's ssl settings make of one listener and one name.
#pragma once

#include "config/servers/dovecot_settings.hpp"

namespace tlsdoctor::config {

/// A listener, and who asks.
struct DovecotEndpoint {
    DovecotClient client{};
    std::string port{};
    bool implicit{};  ///< `ssl = yes` in its inet_listener: TLS from the first byte
    Place listener{}; ///< the line that opens it
};

/// Says what keeps Dovecot from starting.
void check_dovecot(const Input& input, Reading& reading, const DovecotSettings& settings);

/// Returns the service.
Service dovecot_service(
    const Input& input, Reading& reading, const DovecotSettings& settings,
    const DovecotEndpoint& endpoint
);

/// Ways to turn TLS on.
std::vector<Proposal> propose_dovecot(
    const Input& input, const Reading& reading, const Service& service, VersionSet wanted
);

} // namespace tlsdoctor::config
