// SPDX-License-Identifier: Apache-2.0
// Private to this module: what each part adds to an inventory, a pure function of the exchanges.
#pragma once

#include "evidence/inventory.hpp"

namespace tlsdoctor::evidence {

/// Adds the cipher suites of every accepted version.
void add_suites(const Endpoint& endpoint, Inventory& inventory);

} // namespace tlsdoctor::evidence
