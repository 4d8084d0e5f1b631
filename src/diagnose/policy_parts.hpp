// SPDX-License-Identifier: Apache-2.0
// An endpoint while it is held against a policy: what is known of it, and the differences found so
// far. Private to this module.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/case.hpp"
#include "diagnose/policy.hpp"
#include "evidence/inventory.hpp"

namespace tlsdoctor::diagnose {

/// Borrows the policy and the endpoint.
class PolicyCase {
public:
    PolicyCase(const Policy& of, const evidence::Endpoint& at, evidence::Inventory seen);

    /// Notes a difference.
    void add(DifferenceKind kind, std::string what, std::vector<Citation> shown);

    /// Notes that nobody asked for the suites (groups ...) of a version.
    void add_not_enumerated(std::string_view things, ProtocolVersion version);

    /// Notes as undecided that no groups were asked for where a key exchange has one.
    void require_groups_seen();

    /// The same for the schemes of the server's signatures.
    void require_schemes_seen();

    /// Tells whether the policy permits a version; one that says nothing of versions permits all.
    bool permits(ProtocolVersion version) const;

    /// Returns the versions that count: what must go as a whole is not taken apart.
    std::vector<ProtocolVersion> permitted_and_accepted() const;

    /// Returns the suites of a version; null where they were not enumerated.
    const evidence::VersionSuites* suites_of(ProtocolVersion version) const;

    /// Returns all accepted suites of the versions that count.
    std::vector<evidence::AcceptedSuite> accepted_suites() const;

    /// Cites an exchange by its id.
    Citation cite_id(const std::string& id) const;

private:
    evidence::Target target_{}; // what `visit` borrows
    Question question_{};

public:
    const Policy& policy;
    const evidence::Endpoint& endpoint;
    evidence::Inventory inventory{}; ///< empty where nothing was enumerated
    Case visit;
    std::vector<Difference> found{};
};

/// Holds primes and certificates against the policy.
void hold_keys(PolicyCase& held);

/// Tells whether a list has an element.
template <typename T>
bool contains(const std::vector<T>& list, const T& element) {
    return std::ranges::find(list, element) != list.end();
}

/// Returns a suite with OpenSSL's name where it differs, as configurations want it.
std::string spelled(CipherSuite suite);

/// Returns the name of a group or scheme.
std::string spelled(NamedGroup group);
std::string spelled(SignatureScheme scheme);

} // namespace tlsdoctor::diagnose
