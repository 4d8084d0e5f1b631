// SPDX-License-Identifier: Apache-2.0
// A client's visit as JSON and back. Only what was observed is written; the lists of the hellos
// follow from their bytes (client/heard.hpp).
#pragma once

#include <expected>
#include <string_view>

#include "evidence/client_visit.hpp"
#include "evidence/json.hpp"

namespace tlsdoctor::evidence {

/// Writes the visit without the lists of its hellos.
json::object to_json(const ClientVisit& visit);

/// Reads what `to_json` wrote; unknown members are ignored, missing ones keep their defaults.
std::expected<ClientVisit, JsonError> client_visit_from_json(std::string_view text);

} // namespace tlsdoctor::evidence
