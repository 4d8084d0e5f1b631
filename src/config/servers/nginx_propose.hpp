// SPDX-License-Identifier: Apache-2.0
// Edits of an nginx configuration that are more than another list of versions.
#pragma once

#include <vector>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// Other edits that could make `service` accept `wanted`: `ssl` on the listen line, another default
/// server, a DH file, an `ssl_conf_command` that was lost. See Server::propose.
std::vector<Proposal> propose_nginx(
    const Input& input, const Reading& reading, const Service& service, VersionSet wanted
);

} // namespace tlsdoctor::config
