// SPDX-License-Identifier: Apache-2.0
// Small ways to make a proof from the exchanges of a case.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "diagnose/case.hpp"

namespace tlsdoctor::diagnose {

/// Returns the first exchange that shows it; null where none does. Borrows from the visit.
template <typename Shows>
const evidence::Exchange* first_that(const Case& visit, Shows shows) {
    const auto& exchanges = visit.endpoint.exchanges;
    const auto at = std::ranges::find_if(exchanges, shows);
    return at == exchanges.end() ? nullptr : &*at;
}

/// The proof that cites one exchange; null is none.
inline Proof shown_by(const evidence::Exchange* exchange) {
    return exchange == nullptr ? std::nullopt : Proof(std::vector<Citation>{cite(*exchange)});
}

/// The proof of something that no single exchange shows.
inline Proof holds_if(bool holds) {
    return holds ? Proof(std::vector<Citation>{}) : std::nullopt;
}

/// Holds where no version is accepted.
inline Proof nothing_accepted(const Case& visit) {
    return holds_if(visit.accepted.empty());
}

/// Returns a peer's words for a sentence: one line of bounded length, safe to print.
inline std::string quoted(std::string_view said) {
    constexpr std::size_t most = 100;
    return "\"" + printable(as_bytes(said), most) + "\"";
}

} // namespace tlsdoctor::diagnose
