// SPDX-License-Identifier: Apache-2.0
// What makes Apache refuse to start, beyond its syntax. Its own configuration test says "Syntax OK"
// to half of this, and a reload then kills the running server.
#pragma once

#include "config/servers/apache_service.hpp"

namespace tlsdoctor::config {

/// Puts what it finds into the reading.
void check_apache(
    const ApacheWorld& world, const std::vector<ApacheListener>& listeners, const Input& input,
    Reading& reading
);

} // namespace tlsdoctor::config
