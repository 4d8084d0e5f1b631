// SPDX-License-Identifier: Apache-2.0
// Assertions for our own bugs, on in every build. What a peer or a user does wrong is never one.
#pragma once

#include <source_location>

namespace tlsdoctor {

/// Ends the process with exit code 5 (docs/manual), file, line and `what` on stderr, where `holds`
/// is false.
void assume(
    bool holds, const char* what, std::source_location where = std::source_location::current()
);

} // namespace tlsdoctor
