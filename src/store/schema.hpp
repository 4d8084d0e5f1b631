// SPDX-License-Identifier: Apache-2.0
// The tables of a database and the number of their version (docs/manual/db.md: they are a public
// interface). Private to this module.
#pragma once

#include <cstdint>
#include <expected>

#include "store/statement.hpp"

namespace tlsdoctor::store {

/// Marks a file as ours: `tlsd`.
inline constexpr std::int64_t k_application_id = 0x746C7364;

/// The version of the tables that this program writes; raised with each change of them.
inline constexpr std::int64_t k_schema_version = 1;

/// Tells whether the file holds nothing at all, so that it may become ours.
std::expected<bool, Error> is_blank(Connection& connection);

/// Makes the tables in a blank file, all of them or none.
std::expected<void, Error> create_tables(Connection& connection);

/// Says why a file that is not blank cannot be used: another program's, or a later version's.
std::expected<void, Error> check_tables(Connection& connection);

} // namespace tlsdoctor::store
