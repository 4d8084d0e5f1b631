// SPDX-License-Identifier: Apache-2.0
// Private to this module: the part of the enumeration that is not cipher suites. Each `..._asks` is
// a pure function of what was answered, and proposes the hellos of the next round; what was asked
// already is left out. Most take two rounds: the first rests on what servers usually do, the second
// asks what the first left open.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "evidence/inventory_parts.hpp"
#include "evidence/visit.hpp"
#include "probe/plan.hpp"

namespace tlsdoctor::probe {

/// Returns the hellos about everything but cipher suites; none when nothing is left to ask.
std::vector<Ask> feature_asks(const evidence::Target& target, const evidence::Endpoint& seen);

/// Its parts.
std::vector<Ask> group_asks(const evidence::Target& target, const evidence::Endpoint& seen);
std::vector<Ask> scheme_asks(const evidence::Target& target, const evidence::Endpoint& seen);
std::vector<Ask> certificate_asks(const evidence::Target& target, const evidence::Endpoint& seen);
std::vector<Ask> alpn_asks(const evidence::Target& target, const evidence::Endpoint& seen);
std::vector<Ask> extension_asks(const evidence::Target& target, const evidence::Endpoint& seen);
std::vector<Ask> dhe_asks(const evidence::Target& target, const evidence::Endpoint& seen);

/// Returns the newest accepted version of TLS before 1.3; nullopt where there is none.
std::optional<ProtocolVersion> newest_before_tls_1_3(const evidence::Endpoint& seen);

/// Tells whether TLS 1.3 is accepted.
bool speaks_tls_1_3(const evidence::Endpoint& seen);

/// Returns a hello for one version with no extension that is not needed. In TLS 1.3 its key shares
/// are ones whose answer can be read, of a group that the server is known to take.
evidence::Offer
lean_offer(ProtocolVersion version, const evidence::Target& target, const evidence::Endpoint& seen);

/// Returns an offer with the suites alone that agree on keys in this way and whose server signs:
/// it must show its group, or its prime, and a signature.
evidence::Offer with_signed_suites(evidence::Offer offer, KeyExchange key_exchange);

/// Tells whether a hello with the suites of this offer was answered with "no", and none with "yes".
bool refuses_suites(const evidence::Endpoint& seen, const evidence::Offer& offer);

/// Adds a question for an offer that was not asked, or where the server hung up the first time.
void add_ask(const evidence::Endpoint& seen, evidence::Offer offer, std::vector<Ask>& asks);

/// The list without what is accepted or refused already.
template <typename T>
std::vector<T> open_in(std::span<const T> list, const evidence::Standing<T>& standing) {
    std::vector<T> open;
    for (const T what : list) {
        const bool accepted =
            std::ranges::find(standing.accepted, what, &evidence::Chosen<T>::what) !=
            standing.accepted.end();
        const bool refused = std::ranges::find(standing.refused, what) != standing.refused.end();
        if (!accepted && !refused) {
            open.push_back(what);
        }
    }
    return open;
}

/// Tells whether any of the list is accepted.
template <typename T>
bool any_accepted(std::span<const T> list, const evidence::Standing<T>& standing) {
    return std::ranges::any_of(standing.accepted, [&](const evidence::Chosen<T>& one) {
        return std::ranges::find(list, one.what) != list.end();
    });
}

/// Cuts a list into at most `parts` of about the same size.
template <typename T>
std::vector<std::vector<T>> cut(const std::vector<T>& list, std::size_t parts) {
    std::vector<std::vector<T>> pieces;
    const std::size_t size = (list.size() + parts - 1) / parts;
    for (std::size_t at = 0; at < list.size(); at += size) {
        const auto end =
            list.begin() + static_cast<std::ptrdiff_t>(std::min(at + size, list.size()));
        pieces.emplace_back(list.begin() + static_cast<std::ptrdiff_t>(at), end);
    }
    return pieces;
}

} // namespace tlsdoctor::probe
