// SPDX-License-Identifier: Apache-2.0
// What a client accepts, as it was found out: it was run against one server after the other. A
// handshake that was completed on the server's side is the evidence; the program's exit code and
// words stand beside it and prove nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/alert.hpp"

namespace tlsdoctor::evidence {

/// What a client did with a server.
enum class Reaction : std::uint8_t {
    accepted,    ///< it completed the handshake, or minded the certificate's issuer alone
    refused,     ///< it did not go on
    not_offered, ///< its hello does not offer it, so it was not run
    unclear,     ///< it did not come, or the server failed
    not_tested,  ///< no time was left, or the user interrupted
};

/// Returns `accepted` ...
std::string_view name_of(Reaction acceptance);

/// Returns what it is the name of; nullopt for any other text.
std::optional<Reaction> reaction_named(std::string_view name);

/// What is tried, in the order of the JSON.
enum class WalkGroup : std::uint8_t { versions, key_types, suites, groups, failures };

/// Returns `versions` ...
std::string_view name_of(WalkGroup group);

/// Returns what it is the name of; nullopt for any other text.
std::optional<WalkGroup> walk_group_named(std::string_view name);

/// One run of the program against one server.
struct WalkStep {
    WalkGroup group{};
    std::string name{}; ///< `TLS 1.2`, `RSA 1024`, `alert_40`
    Reaction acceptance{Reaction::not_tested};
    std::string only{}; ///< it accepts it with this alone: `static RSA`; empty: as it is
    std::string how{};  ///< what shows it: `completed the handshake`, `alert 70 protocol_version`
    std::optional<AlertDescription> alert{}; ///< that the client sent
    std::optional<int> exit_code{};          ///< of the program; nullopt where it did not exit
    std::string ending{}; ///< `exited`, `timed_out` ...; empty where it was not run
    std::string text{};   ///< what the program said about it: a line
    double ms{};
};

/// The whole walk.
struct Walk {
    std::vector<WalkStep> steps{}; ///< in the order of the groups
    bool trusts_us{}; ///< the client took our root: what it says about certificates is meant
    std::size_t runs{};
    double elapsed_ms{};
    bool cut{}; ///< the deadline or the user ended it
};

} // namespace tlsdoctor::evidence
