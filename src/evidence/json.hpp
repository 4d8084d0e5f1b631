// SPDX-License-Identifier: Apache-2.0
// A visit as JSON and back, complete: bytes in hexadecimal, every name spelled as in the contract.
// This header is also how the other modules get at the JSON library, whose owner is `evidence`.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "evidence/visit.hpp"

namespace tlsdoctor {
namespace json = boost::json;
}

namespace tlsdoctor::evidence {

/// What a recording could not be read for.
struct JsonError {
    std::string what{};
    std::string where{}; ///< `endpoints[0].exchanges[3].outcome`, or a byte offset
};

/// Writes the whole visit.
json::object to_json(const Visit& visit);

/// Reads what `to_json` wrote; unknown members are ignored, missing ones keep their defaults.
std::expected<Visit, JsonError> visit_from_json(std::string_view text);

/// Returns the document as text with two spaces of indentation and a newline at its end.
std::string pretty(const json::value& value);

} // namespace tlsdoctor::evidence
