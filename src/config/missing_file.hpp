// SPDX-License-Identifier: Apache-2.0
// What a reader says of a certificate or key that a directive names and that is not there.
#pragma once

#include <string>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// Says that a file which a server reads when it starts is missing; nothing where it is there, or
/// where the start script makes it. Where its folder is missing too, the configuration was brought
/// from another machine: then it is a warning only.
void note_missing_file(const Input& input, Reading& reading, const std::string& path, Place place);

} // namespace tlsdoctor::config
