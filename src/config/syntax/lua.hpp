// SPDX-License-Identifier: Apache-2.0
// The Lua of configuration files: assignments, nested tables, strings of every kind, calls such as
// `VirtualHost "example.test"`, and comments. It is a subset: what computes (functions, `if`,
// loops) is passed over as a whole and reported, never half understood.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// What a value is.
enum class LuaKind : std::uint8_t {
    nil,
    boolean, ///< `text` is `true` or `false`
    number,  ///< `text` as it stands
    string,  ///< `text` without quotes and escapes
    table,
    name,   ///< a variable, not resolved
    joined, ///< `a .. b`: the operands are `fields`
    other,  ///< anything that computes
};

struct LuaField;

/// A value as it is written.
struct LuaValue {
    LuaKind kind{};
    std::string text{};
    Place place{};
    std::vector<LuaField>
        fields; ///< without `{}`: the type is not complete here, which clang minds

    /// Returns the field of that name, the last one of several; null where there is none.
    const LuaField* field(std::string_view name) const;
};

/// A field of a table: `name = value`, `["name"] = value`, `[5223] = value` or `value`.
struct LuaField {
    std::string name{}; ///< empty: an item of a list
    LuaValue value{};
    Place place{}; ///< with the `,` or `;` behind it
};

/// What a statement does.
enum class LuaAct : std::uint8_t {
    assignment, ///< `name = value`; several names are several statements
    local,      ///< the same, with `local`
    call,       ///< `name "x"`, `name("x", y)`, `name "x" { ... }`: all arguments are `values`
    other,      ///< anything that computes: only its place is known
};

/// One statement.
struct LuaStatement {
    LuaAct act{};
    Word name{};
    std::vector<LuaValue> values{};
    Place place{}; ///< with a `;` behind it
};

/// A file.
struct LuaFile {
    std::vector<Place> tokens{}; ///< cover the file in order
    std::vector<LuaStatement> statements{};
    std::vector<Remark> faults{};
};

/// Reads a file of `sources`; never fails, what cannot be read is among the faults.
LuaFile read_lua(const Sources& sources, FileId file);

} // namespace tlsdoctor::config
