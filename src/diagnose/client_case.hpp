// SPDX-License-Identifier: Apache-2.0
// A client as the rules see it: its best hello, who it is, and the rule tables for it. Like the
// rules for servers, a condition holds only if it can point at what shows it: a connection that was
// heard, or a line that the program printed.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "diagnose/case.hpp"
#include "diagnose/finding.hpp"
#include "evidence/client_visit.hpp"

namespace tlsdoctor::diagnose {

/// What a rule may look at. Borrows from the visit.
struct ClientCase {
    const evidence::ClientVisit& visit;
    const evidence::HeardHello* best{}; ///< the hello with the newest version; null for none
    std::string who{};                  ///< `curl`, `The client`: begins a sentence
};

/// Looks at a client.
ClientCase open_client_case(const evidence::ClientVisit& visit);

/// Tells whether the client was seen to refuse a version that a server took from its offer, while
/// it accepted another one: what a hello lists and what its library takes are not the same.
bool refuses(const ClientCase& client, ProtocolVersion version);

/// Returns the newest version on offer that the client was not seen to refuse; `none` where no
/// hello was heard.
ProtocolVersion newest_offered(const ClientCase& client);

/// Returns the lists of the best hello, which must be there.
const evidence::HelloLists& lists_of(const ClientCase& client);

/// Tells whether the best hello carries an extension.
bool carries(const ClientCase& client, ExtensionType type);

/// Cites one connection: `TLS 1.3 + TLS 1.2, 31 suites, SNI localhost, 517 bytes`.
Citation cite(const evidence::HeardHello& hello);

/// Cites the best hello, which must be there.
Proof cite_best(const ClientCase& client);

/// Cites the line of the program's output in which one of the phrases stands, in any case; nullopt
/// where none does.
Proof printed(const ClientCase& client, std::span<const std::string_view> phrases);

/// Returns the usual name of a program by its path: `Python` for `/usr/bin/python3.11`; empty where
/// it is none that we know.
std::string_view program_name(std::string_view path);

/// Says what to upgrade to so that TLS 1.2 is there, for this client.
std::string upgrade_for(const ClientCase& client);

/// One condition with the words that say it.
struct ClientCondition {
    std::string_view what{};
    Proof (*holds)(const ClientCase&){};
};

/// A row of a table of rules for clients; tools/check_causes.py reads `.cause`.
struct ClientRule {
    std::string_view cause{};
    std::span<const ClientCondition> all_of{};
    Confidence confidence{};
    std::string (*summary)(const ClientCase&){};
    std::string_view refuted_by{};
    std::span<const std::string_view> overrides{};
    Status (*status)(const ClientCase&){}; ///< where it is not the cause's own
};

/// The tables: what was heard instead of a hello, its versions, and the rest of its offer.
std::span<const ClientRule> client_silence_rules();
std::span<const ClientRule> client_version_rules();
std::span<const ClientRule> client_offer_rules();

} // namespace tlsdoctor::diagnose
