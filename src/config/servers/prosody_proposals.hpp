// SPDX-License-Identifier: Apache-2.0
// Edits for Prosody that are more than a version written anew.
#pragma once

#include <vector>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// Proposes a certificate for a port that has none, and mod_tls where STARTTLS is not offered.
std::vector<Proposal> propose_prosody(
    const Input& input, const Reading& reading, const Service& service, VersionSet wanted
);

} // namespace tlsdoctor::config
