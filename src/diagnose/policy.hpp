// SPDX-License-Identifier: Apache-2.0
// A policy (`--policy`) as typed lists, and how a server differs from it. A policy permits: what a
// server lacks of it is no difference, except the newest version. What no answer decides is said as
// such and never counted as kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/citation.hpp"
#include "evidence/inventory.hpp"
#include "evidence/visit.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/named_group.hpp"
#include "registry/signature_scheme.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::diagnose {

/// What a policy permits; what is nullopt it says nothing about.
struct Policy {
    std::string name{};   ///< `intermediate@6.0`, or the file as it was typed
    std::string source{}; ///< where it is published, or the file
    std::string typed{};  ///< the word that named it
    std::optional<std::vector<ProtocolVersion>> versions{}; ///< these alone; the newest is required
    std::optional<std::vector<CipherSuite>> suites{};       ///< of TLS 1.2 and older
    std::optional<std::vector<CipherSuite>> tls13_suites{};
    std::optional<std::vector<NamedGroup>> groups{}; ///< curves, and in TLS 1.3 every group
    std::optional<std::vector<SignatureScheme>> signature_schemes{};  ///< of the key exchange
    std::optional<std::vector<std::string>> certificate_types{};      ///< `rsa`, `ecdsa` ...
    std::optional<std::vector<NamedGroup>> certificate_curves{};      ///< of EC keys
    std::optional<std::vector<std::string>> certificate_signatures{}; ///< OpenSSL's names
    std::optional<std::uint32_t> rsa_bits{};                          ///< at least
    std::optional<std::uint32_t> dh_bits{};                           ///< at least
    std::optional<std::uint32_t> ecdh_bits{};                         ///< at least
    std::optional<std::uint32_t> certificate_days{};                  ///< at most
    bool server_order{};                   ///< the server's order of suites must decide
    std::vector<std::string> not_judged{}; ///< members that nothing here looks at
};

/// What must happen to come to the policy.
enum class DifferenceKind : std::uint8_t {
    must_go,   ///< accepted, and not permitted
    must_come, ///< required, and not there
    undecided, ///< no answer decides
};

/// One difference with what shows it.
struct Difference {
    DifferenceKind kind{};
    std::string what{}; ///< a sentence without its full stop: `TLS 1.0 is accepted`
    std::vector<Citation> evidence{};
    std::string address{};  ///< of the endpoint
    bool by_settings{true}; ///< lines of a configuration mend it; else another key or prime does

    bool operator==(const Difference& other) const {
        return kind == other.kind && what == other.what && address == other.address;
    }
};

/// What came of a policy for all addresses of a target.
struct PolicyResult {
    Policy policy{};
    std::optional<bool> compliant{}; ///< nullopt: something could not be decided
    std::vector<Difference> differences{};
};

/// Holds an endpoint against a policy: all differences, `must_go` first, in the order of versions,
/// suites, groups, signatures, certificates.
std::vector<Difference> differences(const Policy& policy, const evidence::Endpoint& endpoint);

/// The same of an inventory that is known already.
std::vector<Difference> differences(
    const Policy& policy, const evidence::Endpoint& endpoint, evidence::Inventory inventory
);

/// Sums the differences of all endpoints up; a visit without endpoints decides nothing.
PolicyResult hold_against(const Policy& policy, const evidence::Visit& visit);

/// Tells whether it is proven that the policy is not kept.
bool is_violation(DifferenceKind kind);

/// Returns `must_go`, `must_come` or `undecided`.
std::string_view name_of(DifferenceKind kind);

} // namespace tlsdoctor::diagnose
