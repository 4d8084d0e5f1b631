// SPDX-License-Identifier: Apache-2.0
// What readers of configurations must know of a TLS library, from ours.
#pragma once

#include "config/server.hpp"

namespace tlsdoctor::cli {

/// Suites by OpenSSL, certificates as they are; lives as long as the program.
const config::Knowledge& config_knowledge();

} // namespace tlsdoctor::cli
