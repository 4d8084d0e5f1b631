// SPDX-License-Identifier: Apache-2.0
// What Redis reads: lines of words, the last one counts; what `include` brings stands where the
// include does, and the options of the command line come after all files.
#pragma once

#include "config/servers/last_wins.hpp"

namespace tlsdoctor::config {

/// Reads them, names in lower case; what Redis would not start with goes to `reading.fatal`.
Settings read_redis_settings(const Input& input, Reading& reading);

} // namespace tlsdoctor::config
