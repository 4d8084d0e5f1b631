// SPDX-License-Identifier: Apache-2.0
// What to run next: commands of tlsdoctor that tell the candidates apart, with the host and port of
// the text.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "explain/decide.hpp"
#include "explain/places.hpp"

namespace tlsdoctor::explain {

/// Returns at most four commands, the one that tells most first.
std::vector<std::string> next_commands(const Meaning& meaning, const Place& place);

} // namespace tlsdoctor::explain
