// SPDX-License-Identifier: Apache-2.0
// What the tests of the quick lane share.
#pragma once

#include <string>

#include "fleet/lane.hpp"

namespace tlsdoctor::fleet::test {

/// Returns settings for versions alone, with times that no test waits for in vain.
LaneSettings settings_for_versions();

/// Returns the line without when it began and how long it took.
std::string without_times(std::string line);

} // namespace tlsdoctor::fleet::test
