// SPDX-License-Identifier: Apache-2.0
// Private to the enumeration: what its answers say of one factor of a hello, for the lists of
// evidence/inventory.hpp and for the plan of what to ask next. A refusal tells something of a
// factor only where a hello that differs in that factor alone was accepted.
#pragma once

#include <span>
#include <vector>

#include "evidence/inventory.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::evidence {

/// Something that was chosen, and the first answer that chose it; borrows.
template <typename T>
struct Chosen {
    T what{};
    const Exchange* shown_by{};
};

/// What is known of the things that hellos of one version listed.
template <typename T>
struct Standing {
    std::vector<Chosen<T>> accepted{}; ///< in the order in which they were seen
    std::vector<T> refused{};          ///< by an answer, and never chosen
    std::vector<T> undecided{};        ///< listed, and no answer decides
    bool asked{};                      ///< hellos were sent that differ in this alone
};

/// Returns the standing of groups: of TLS 1.3 by its shares and HelloRetryRequests, of older
/// versions by the curve of the ServerKeyExchange.
Standing<NamedGroup> standing_of_groups(const Endpoint& endpoint, ProtocolVersion version);
Standing<NamedGroup> standing_of_groups(Endpoint&&, ProtocolVersion) = delete;

/// Returns the standing of signature schemes: of those that the server really signed with.
Standing<SignatureScheme> standing_of_schemes(const Endpoint& endpoint, ProtocolVersion version);
Standing<SignatureScheme> standing_of_schemes(Endpoint&&, ProtocolVersion) = delete;

/// Whose order decides among groups, and that order as far as the answers show it.
struct GroupOrder {
    Preference preference{};
    std::vector<NamedGroup> order{}; ///< the most wanted first, where the server decides
};

/// Returns the order of the groups that are accepted.
GroupOrder
order_of_groups(const Endpoint& endpoint, ProtocolVersion version, std::span<const NamedGroup> of);

/// Returns the exchanges of one version that say something of the server under the name that the
/// enumeration asks for: the enumeration's own, and of the visit those for versions, clients and
/// traits. Borrows.
std::vector<const Exchange*> telling_exchanges(const Endpoint& endpoint, ProtocolVersion version);
std::vector<const Exchange*> telling_exchanges(Endpoint&&, ProtocolVersion) = delete;

/// Tells whether an exchange is a "no" by an answer: an alert, at once or behind the ServerHello,
/// or another version.
bool says_no(const Exchange& exchange);

/// Each adds its part of the inventory; `add_suites` those of every accepted version.
void add_suites(const Endpoint& endpoint, Inventory& inventory);
void add_groups(const Endpoint& endpoint, Inventory& inventory);
void add_signature_schemes(const Endpoint& endpoint, Inventory& inventory);
void add_certificates(const Endpoint& endpoint, Inventory& inventory);
void add_dh_parameters(const Endpoint& endpoint, Inventory& inventory);
void add_alpn(const Endpoint& endpoint, Inventory& inventory);
void add_features(const Endpoint& endpoint, Inventory& inventory);
void add_ssl2(const Endpoint& endpoint, Inventory& inventory);

} // namespace tlsdoctor::evidence
