// SPDX-License-Identifier: Apache-2.0
// Which suites to offer next, and in which order: predict and verify. A hello that is answered with
// a suite proves that one, a hello that is refused settles all in it, so a good plan offers what
// will be accepted alone and everything else together.
#pragma once

#include <vector>

#include "evidence/visit.hpp"
#include "probe/plan.hpp"

namespace tlsdoctor::probe {

/// No hello of the enumeration offers more: wolfSSL 5.5.4 answers decode_error to 180 (measured).
inline constexpr std::size_t k_most_suites = 120;

/// Returns the hellos of the next round for the suites of all accepted versions; at most as many as
/// may be asked at once, so that each answer can still change what is asked after it.
std::vector<Ask> suite_asks(const evidence::Target& target, const evidence::Endpoint& seen);

/// Returns the offer of a version's first probe with these suites instead of its own. A server of
/// TLS 1.3 gets no key share: its HelloRetryRequest names the suite and costs it no signature.
evidence::Offer suite_offer(
    const evidence::Target& target, ProtocolVersion version, std::vector<CipherSuite> suites
);

} // namespace tlsdoctor::probe
