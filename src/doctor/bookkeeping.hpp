// SPDX-License-Identifier: Apache-2.0
// What is done to a visit when all its answers are there.
#pragma once

#include "evidence/visit.hpp"

namespace tlsdoctor::doctor {

/// Numbers everything in the order of the addresses, so that a result reads the same every time.
void number(evidence::Visit& visit);

/// Tells whether something that was to be asked has no answer because the run was cut.
bool anything_untested(const evidence::Visit& visit);

} // namespace tlsdoctor::doctor
