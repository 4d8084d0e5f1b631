// SPDX-License-Identifier: Apache-2.0
// A visit: everything that was observed of one target. It can be written to a file and diagnosed
// again without a network (evidence/json.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/exchange.hpp"
#include "evidence/handshake.hpp"

namespace tlsdoctor::evidence {

/// What the user pointed at, after reading it.
struct Target {
    std::string input{};  ///< as typed
    std::string scheme{}; ///< `https`, `smtp` ... lower case, empty where none was given
    std::string host{};   ///< A-label form of a name, or an address without brackets
    std::uint16_t port{443};
    bool literal{}; ///< `host` is an IP address: it is never sent as server_name [RFC 6066 3]
    std::optional<std::string> sni{}; ///< the name sent, nullopt for none
    std::string options{}; ///< the options that change the question, as a shell takes them again
    std::optional<std::string> starttls{}; ///< protocol to upgrade with; nullopt for implicit TLS
    bool listens{
    }; ///< the server's greeting may overrule `starttls`; for asking only, not recorded
    std::string proxy{}; ///< URL of the forward proxy, without credentials; empty: none
};

/// The hello of known clients, sent as they send it, and what came back.
struct Replay {
    std::vector<std::string> clients{}; ///< ids of those that send this hello
    std::uint8_t attempt{}; ///< 0 the first hello, then what the client sends after a refusal
    Exchange exchange{};
};

/// What was observed at one address of the target.
struct Endpoint {
    std::string address{}; ///< without brackets
    std::uint16_t port{};
    Reach reach{};
    std::string reach_error{}; ///< the system's words where it is not open
    std::vector<Exchange> exchanges{};
    std::optional<Handshake> handshake{};
    std::vector<Replay> replays{};     ///< of the hellos of known clients; not for the other rules
    std::vector<Exchange> inventory{}; ///< of the enumeration (`--full`); not for the other rules
};

/// Everything observed of one target.
struct Visit {
    Target target{};
    std::string started{}; ///< RFC 3339
    double elapsed_ms{};
    std::uint32_t connections{}; ///< TCP connections begun, over all addresses
    std::string dns_error{};     ///< empty where the name was resolved
    bool interrupted{};          ///< cut by the user or by the target's deadline
    std::vector<Endpoint> endpoints{};
};

/// How a known client fares.
enum class ClientResult : std::uint8_t {
    connects,
    fails,
    unsure,     ///< what is known of the client or of the server does not decide
    not_tested, ///< it was to be asked, and the run was cut before
};

/// What a result rests on.
enum class ClientBasis : std::uint8_t {
    versions,    ///< the versions that both speak, nothing more
    negotiation, ///< its lists, held against what is known of the server
    replay,      ///< the answer of the server to its hello, and what it accepts of that
};

/// Who ends a handshake that fails.
enum class Refuser : std::uint8_t { nobody, server, client };

/// How a known client fares with this server.
struct ClientOutcome {
    std::string id{};   ///< `ts-java-8u161`
    std::string name{}; ///< `Java 8u161`
    ClientResult outcome{};
    ClientBasis based_on{};
    std::optional<ProtocolVersion> version{}; ///< the one negotiated, or that the server chose
    std::optional<CipherSuite> cipher_suite{};
    std::optional<NamedGroup> group{};
    Refuser refused_by{};
    std::optional<AlertDescription> alert{}; ///< with which it was refused
    std::string cause{};                     ///< a row of data/causes.tsv; empty where it connects
    std::string reason{};                    ///< one sentence
    std::string change{};   ///< the smallest that would make it work, on either side
    std::string exchange{}; ///< the replay that shows it; empty where none does
    bool telling{};         ///< among the names worth printing on one screen
};

/// What a change of the server would mean for the known clients.
struct WhatIf {
    std::string change{};                ///< as it was typed
    std::vector<ClientOutcome> lost{};   ///< connect now, and would fail
    std::vector<ClientOutcome> gained{}; ///< fail now, and would connect
    std::vector<ClientOutcome> unsure{}; ///< what is known of the server does not decide
    std::size_t connect_now{};
    std::size_t connect_then{};
};

/// Returns `connects`, `fails`, `unsure` or `not_tested`.
std::string_view name_of(ClientResult result);

/// Returns `versions`, `negotiation` or `replay`.
std::string_view name_of(ClientBasis basis);

/// Returns `server` or `client`; empty for nobody.
std::string_view name_of(Refuser refuser);

} // namespace tlsdoctor::evidence
