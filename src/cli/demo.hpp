// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor demo`: broken servers inside this process, diagnosed live.
#pragma once

#include "cli/options.hpp"

namespace tlsdoctor::cli {

/// Starts the servers on loopback, checks each and prints the results. Returns the exit code: 0
/// when every verdict is the expected one, 1 when one is not.
int run_demo(const Options& options);

} // namespace tlsdoctor::cli
