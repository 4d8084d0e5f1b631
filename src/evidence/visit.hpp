// SPDX-License-Identifier: Apache-2.0
// A visit: everything that was observed of one target. It can be written to a file and diagnosed
// again without a network (evidence/json.hpp).
#pragma once

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

/// What was observed at one address of the target.
struct Endpoint {
    std::string address{}; ///< without brackets
    std::uint16_t port{};
    Reach reach{};
    std::string reach_error{}; ///< the system's words where it is not open
    std::vector<Exchange> exchanges{};
    std::optional<Handshake> handshake{};
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

/// How a known client fares with this server.
struct ClientOutcome {
    std::string id{};   ///< `ts-java-8u161`
    std::string name{}; ///< `Java 8u161`
    bool connects{};
    std::optional<ProtocolVersion> version{}; ///< the one negotiated
    std::string reason{};                     ///< one sentence
    bool telling{};                           ///< among the names worth printing on one screen
};

} // namespace tlsdoctor::evidence
