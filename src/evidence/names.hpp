// SPDX-License-Identifier: Apache-2.0
// The words of the contract for our enumerations, in both directions, from one table each: a
// recording reads back what it wrote.
#pragma once

#include <optional>
#include <string_view>

#include "evidence/exchange.hpp"
#include "evidence/handshake.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::evidence {

/// Reads a word as `name_of` writes it; nullopt for any other.
std::optional<Outcome> outcome_named(std::string_view word);
std::optional<Reach> reach_named(std::string_view word);
std::optional<Ending> ending_named(std::string_view word);
std::optional<Purpose> purpose_named(std::string_view word);
std::optional<Shape> shape_named(std::string_view word);
std::optional<Renegotiation> renegotiation_named(std::string_view word);
std::optional<Segmentation> segmentation_named(std::string_view word);
std::optional<Trust> trust_named(std::string_view word);

} // namespace tlsdoctor::evidence
