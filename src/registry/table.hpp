// SPDX-License-Identifier: Apache-2.0
// What the registry's tables have in common: rows sorted by `id`, found by binary search, and
// numbers without a row shown in hexadecimal. Internal to this module.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tlsdoctor::registry {

/// Tells whether every row's `id` is greater than the one before; each table asserts it at compile
/// time.
template <class Row>
constexpr bool strictly_ascending(std::span<const Row> rows) {
    return std::ranges::adjacent_find(rows, std::ranges::greater_equal{}, &Row::id) == rows.end();
}

/// Returns the row with this `id`, or null.
template <class Row, class Id>
constexpr const Row* find_row(std::span<const Row> rows, Id id) {
    const auto row = std::ranges::lower_bound(rows, id, {}, &Row::id);
    return row != rows.end() && row->id == id ? &*row : nullptr;
}

/// Returns `0x1a1a`: how a number without a name is shown.
template <class Id>
std::string hex_of(Id id) {
    return fmt::format("0x{:04x}", static_cast<std::uint16_t>(id));
}

/// Returns the name of the row with this `id`, or the number in hexadecimal.
template <class Row, class Id>
std::string name_in(std::span<const Row> rows, Id id) {
    const Row* row = find_row(rows, id);
    return row != nullptr ? std::string{row->name} : hex_of(id);
}

} // namespace tlsdoctor::registry
