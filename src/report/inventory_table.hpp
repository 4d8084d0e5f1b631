// SPDX-License-Identifier: Apache-2.0
// The two halves of the table that shows an enumeration. Private to this module.
#pragma once

#include <cstdint>
#include <string>

#include "evidence/inventory.hpp"
#include "report/page.hpp"

namespace tlsdoctor::report {

/// Writes one address's inventory; `all`: every name and every source.
void write_inventory_table(Page& page, const evidence::Inventory& inventory, bool all);

/// Writes what is no suite: groups, signatures, certificates, primes, ALPN, features.
void write_inventory_rest(Page& page, const evidence::Inventory& inventory, bool all);

/// Returns the name of a cipher kind of SSL 2.0, or `0x010203`.
std::string ssl2_kind_name(std::uint32_t kind);

} // namespace tlsdoctor::report
