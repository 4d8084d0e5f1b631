// SPDX-License-Identifier: Apache-2.0
// The door at which TLS is asked for: the address, a proxy, a dialogue. What an answer says about
// the door is judged here; the visit does the asking.
#pragma once

#include <string>
#include <vector>

#include "doctor/doctor.hpp"
#include "evidence/visit.hpp"
#include "net/address.hpp"
#include "net/dns.hpp"
#include "net/limiter.hpp"
#include "net/loop.hpp"
#include "probe/patience.hpp"
#include "probe/plan.hpp"
#include "probe/way.hpp"

namespace tlsdoctor::doctor {

/// How to come to TLS at an endpoint: the address to connect to, and what stands before TLS there.
struct Door {
    net::Address server{};
    probe::Route route{};
};

/// What asking many hellos at one door needs; borrows all.
struct AtDoor {
    net::Loop& loop;
    net::Limiter& places; ///< for connections to the host
    const Options& options;
    evidence::Visit& visit;
    const Door& door;
    probe::Patience patience{};
    RandomSource random{};
};

/// Returns the door of an endpoint; `address` is its own, or that of the proxy.
Door door_to(
    const evidence::Target& target, const Options& options, const evidence::Endpoint& endpoint,
    const std::string& address
);

/// Tells whether something is said before TLS.
bool speaks_first(const Door& door);

/// Tells whether a proxy or a dialogue stopped a question on its way.
bool stopped_before_tls(const evidence::Exchange& exchange);

/// Returns what the attempts to connect say together: one that came about is enough to call a port
/// open.
evidence::Reach reach_of(const evidence::Endpoint& endpoint);

/// Returns the system's words where the port is not open.
std::string reach_error_of(const evidence::Endpoint& endpoint);

/// Tells whether any question came as far as TLS; a door that stays shut is not tried again. False
/// before the first question.
bool came_to_tls(const evidence::Endpoint& endpoint);

/// Returns the answer that greets in clear as a protocol that can become TLS; null where none does.
const evidence::Exchange* greeting_in(const evidence::Endpoint& endpoint);

/// Returns two hellos that try TLS at once where a dialogue came to nothing.
std::vector<probe::Ask> asks_without_dialogue(const evidence::Target& target);

/// Tells whether one of those was accepted.
bool accepts_tls_at_once(const evidence::Endpoint& endpoint);

/// Tells whether a forward proxy of plain HTTP would answer TLS so: in HTTP, or never.
bool may_be_a_proxy(const evidence::Endpoint& endpoint);

/// Tells whether OpenSSL, which speaks TLS 1.0 and later, can complete a handshake there.
bool can_shake_hands(const evidence::Endpoint& endpoint);

/// Returns the host as HTTP writes it, with the port where it is not 443 [RFC 9110 7.2].
std::string authority_of(const evidence::Target& target);

/// Writes down that a name has no address: the target's, or the proxy's, which is another failure.
void note_dns_failure(evidence::Visit& visit, const Options& options, const net::DnsError& error);

} // namespace tlsdoctor::doctor
