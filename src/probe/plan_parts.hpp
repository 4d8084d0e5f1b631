// SPDX-License-Identifier: Apache-2.0
// Private to this module: the parts that a full visit adds to the plan of probe/plan.hpp, each a
// pure function of what was answered so far.
#pragma once

#include <vector>

#include "probe/plan.hpp"

namespace tlsdoctor::probe {

/// A full visit costs at most this many connections beyond those for the versions.
inline constexpr std::size_t k_budget = 25;

/// No round of the search asks more than this at once: gentle to the server, and less likely to be
/// taken for an attack.
inline constexpr std::size_t k_at_once = 4;

/// The hellos of clients, and the traits that are worth one connection each.
std::vector<Ask> client_asks(const evidence::Target& target, const evidence::Endpoint& seen);

/// Where nothing is accepted: hellos that would be, if a certain cause were the right one.
std::vector<Ask> hypothesis_asks(const evidence::Target& target, const evidence::Endpoint& seen);

/// The next hello between an accepted one and a refused one, and at last both once more.
std::vector<Ask> search_asks(const evidence::Endpoint& seen);

/// The same hellos again and again, for answers that vary from one connection to the next.
std::vector<Ask>
repeated_asks(const evidence::Target& target, const evidence::Endpoint& seen, std::size_t times);

/// Tells whether this offer was asked with this purpose; its size is known only afterwards.
bool was_asked(
    const evidence::Endpoint& seen, evidence::Purpose purpose, const evidence::Offer& offer
);

/// Returns how many connections the search and the clients' hellos have cost.
std::size_t spent(const evidence::Endpoint& seen);

} // namespace tlsdoctor::probe
