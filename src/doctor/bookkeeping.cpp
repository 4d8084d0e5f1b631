// SPDX-License-Identifier: Apache-2.0
// Numbers and completeness.
#include "doctor/bookkeeping.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tlsdoctor::doctor {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Visit;

void number(Visit& visit) {
    std::size_t next = 1;
    for (Endpoint& endpoint : visit.endpoints) {
        for (Exchange& exchange : endpoint.exchanges) {
            exchange.id = fmt::format("e{}", next++);
        }
        if (endpoint.handshake) {
            endpoint.handshake->id = fmt::format("e{}", next++);
        }
        for (evidence::Replay& replay : endpoint.replays) {
            replay.exchange.id = fmt::format("e{}", next++);
        }
        for (Exchange& exchange : endpoint.inventory) {
            exchange.id = fmt::format("e{}", next++);
        }
    }
}

bool anything_untested(const Visit& visit) {
    // With an error, asking again would not help: this machine cannot.
    const auto is_cut = [](const Exchange& exchange) {
        return exchange.outcome == evidence::Outcome::not_tested && exchange.error.empty();
    };
    return std::ranges::any_of(visit.endpoints, [&](const Endpoint& endpoint) {
        return endpoint.exchanges.empty() || std::ranges::any_of(endpoint.exchanges, is_cut) ||
               std::ranges::any_of(endpoint.inventory, is_cut);
    });
}

} // namespace tlsdoctor::doctor
