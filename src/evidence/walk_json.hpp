// SPDX-License-Identifier: Apache-2.0
// A walk as JSON and back; a part of a client's recording (evidence/client_json.hpp).
#pragma once

#include "evidence/json.hpp"
#include "evidence/json_fields.hpp"
#include "evidence/walk.hpp"

namespace tlsdoctor::evidence {

/// Writes the walk.
json::object to_json(const Walk& walk);

/// Reads what `to_json` wrote.
Walk read_walk(const Fields& in);

} // namespace tlsdoctor::evidence
