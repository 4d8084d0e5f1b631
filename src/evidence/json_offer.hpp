// SPDX-License-Identifier: Apache-2.0
// An offer and a flight in a recording. What has its default is left out, so that the recordings
// stay readable and the ones of earlier versions stay valid.
#pragma once

#include "evidence/exchange.hpp"
#include "evidence/json.hpp"
#include "evidence/json_fields.hpp"

namespace tlsdoctor::evidence {

/// Writes an offer; lists of numbers are one string of hexadecimal words ("1301 c02f").
json::object offer_json(const Offer& offer);

/// Reads what `offer_json` wrote.
Offer read_offer(const Fields& in);

/// Writes what the server's first flight said.
json::object flight_json(const Flight& flight);

/// Reads what `flight_json` wrote.
Flight read_flight(const Fields& in);

/// Writes a dialogue before TLS.
json::object dialogue_json(const Dialogue& dialogue);

/// Reads what `dialogue_json` wrote.
Dialogue read_dialogue(const Fields& in);

} // namespace tlsdoctor::evidence
