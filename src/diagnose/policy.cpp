// SPDX-License-Identifier: Apache-2.0
// Versions, suites, groups and signatures against a policy, and the sum of it all. The parts about
// certificates and primes stand in policy_keys.cpp.
#include "diagnose/policy.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/case.hpp"
#include "diagnose/policy_parts.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Endpoint;
using evidence::Preference;
using evidence::Reach;

constexpr std::size_t k_named_undecided = 5;

void hold_versions(PolicyCase& held) {
    if (!held.policy.versions) {
        return;
    }
    const auto& permitted = *held.policy.versions;
    for (const evidence::VersionAnswer& answer : held.visit.answers) {
        const std::string name = tlsdoctor::name_of(answer.version);
        const bool is_permitted = held.permits(answer.version);
        const bool is_newest = !permitted.empty() && answer.version == std::ranges::max(permitted);
        const bool accepted = accepts(held.visit, answer.version);
        // A server that says nothing may have been too slow: that is no refusal here.
        const bool silent = answer.outcome == evidence::Outcome::silent;
        const bool denied = !accepted && !silent && denies(held.visit, answer.version);
        std::vector<Citation> shown;
        if (answer.shown_by != nullptr) {
            shown.push_back(cite(answer));
        }
        if (accepted && !is_permitted) {
            held.add(DifferenceKind::must_go, name + " is accepted", shown);
        } else if (denied && is_newest) {
            held.add(DifferenceKind::must_come, name + " is not accepted", shown);
        } else if (!accepted && !denied && (!is_permitted || is_newest)) {
            held.add(
                DifferenceKind::undecided, "no answer decides whether " + name + " is accepted",
                shown
            );
        }
    }
}

/// A thing that must go, the versions in which it was accepted, and what shows it.
template <typename Number>
struct Unwanted {
    Number number{};
    std::vector<ProtocolVersion> versions{};
    std::vector<Citation> shown{};
};

template <typename Number>
void note_unwanted(
    std::vector<Unwanted<Number>>& all, Number number, ProtocolVersion version, Citation shown
) {
    auto at = std::ranges::find(all, number, &Unwanted<Number>::number);
    if (at == all.end()) {
        at = all.insert(all.end(), Unwanted<Number>{.number = number});
    }
    at->versions.push_back(version);
    at->shown.push_back(std::move(shown));
}

template <typename Number>
void add_unwanted(PolicyCase& held, const std::vector<Unwanted<Number>>& all) {
    for (const Unwanted<Number>& one : all) {
        held.add(
            DifferenceKind::must_go,
            fmt::format("{} is accepted in {}", spelled(one.number), list_of(one.versions)),
            one.shown
        );
    }
}

/// Says of which things no answer decides whether they are accepted; nothing where the policy
/// permits them all.
template <typename Number>
void add_undecided(
    PolicyCase& held, const std::vector<Number>& undecided, const std::vector<Number>& permitted,
    std::string_view what, ProtocolVersion version
) {
    std::vector<std::string> names;
    for (const Number number : undecided) {
        if (!contains(permitted, number)) {
            names.push_back(tlsdoctor::name_of(number));
        }
    }
    if (names.empty()) {
        return;
    }
    const std::size_t count = names.size();
    names.resize(std::min(count, k_named_undecided));
    held.add(
        DifferenceKind::undecided,
        fmt::format(
            "no answer decides about {} {}{} in {}: {}{}", count, what, count == 1 ? "" : "s",
            tlsdoctor::name_of(version), joined(names, ", "), count > k_named_undecided ? " …" : ""
        ),
        {}
    );
}

void hold_suites(PolicyCase& held) {
    std::vector<Unwanted<CipherSuite>> unwanted;
    for (const ProtocolVersion version : held.permitted_and_accepted()) {
        const auto& permitted =
            version == ProtocolVersion::tls_1_3 ? held.policy.tls13_suites : held.policy.suites;
        if (!permitted) {
            continue;
        }
        const evidence::VersionSuites* const seen = held.suites_of(version);
        if (seen == nullptr) {
            held.add_not_enumerated("suites", version);
            continue;
        }
        for (const evidence::AcceptedSuite& suite : seen->accepted) {
            if (!contains(*permitted, suite.suite)) {
                note_unwanted(unwanted, suite.suite, version, held.cite_id(suite.exchange));
            }
        }
        add_undecided(held, seen->undecided, *permitted, "suite", version);
        if (!seen->complete && seen->undecided.empty()) {
            held.add(
                DifferenceKind::undecided,
                "not every suite was asked for in " + tlsdoctor::name_of(version), {}
            );
        }
    }
    std::ranges::stable_sort(unwanted, {}, [](const Unwanted<CipherSuite>& one) {
        const CipherSuiteInfo* const info = find(one.number); // the worst first
        return info == nullptr ? Strength::broken : info->strength;
    });
    add_unwanted(held, unwanted);
}

void hold_order(PolicyCase& held) {
    for (const ProtocolVersion version : held.permitted_and_accepted()) {
        const evidence::VersionSuites* const seen = held.suites_of(version);
        if (!held.policy.server_order || seen == nullptr || seen->accepted.size() < 2) {
            continue;
        }
        const std::string name = tlsdoctor::name_of(version);
        if (seen->preference == Preference::client) {
            held.add(
                DifferenceKind::must_come,
                fmt::format("the server does not insist on its own order of suites in {}", name), {}
            );
        } else if (seen->preference == Preference::unknown) {
            held.add(
                DifferenceKind::undecided,
                fmt::format("no answer decides whose order of suites counts in {}", name), {}
            );
        }
    }
}

/// Primes are judged by their size where suites of DHE bring them.
bool is_judged_by_name(NamedGroup group, ProtocolVersion version) {
    const NamedGroupInfo* const info = find(group);
    return version == ProtocolVersion::tls_1_3 || info == nullptr ||
           info->kind != GroupKind::finite_field;
}

bool is_too_small(NamedGroup group, std::uint32_t least) {
    const NamedGroupInfo* const info = find(group);
    if (info == nullptr || info->kind != GroupKind::elliptic_curve) {
        return false;
    }
    constexpr std::uint32_t k_bits_of_x25519 = 256; // its field has 255, its keys 256
    return (group == NamedGroup::x25519 ? k_bits_of_x25519 : info->bits) < least;
}

void hold_groups(PolicyCase& held) {
    const auto& permitted = held.policy.groups;
    if (!permitted && !held.policy.ecdh_bits) {
        return;
    }
    held.require_groups_seen();
    std::vector<Unwanted<NamedGroup>> unwanted;
    for (const evidence::VersionGroups& seen : held.inventory.groups) {
        if (!held.permits(seen.version)) {
            continue;
        }
        for (const evidence::AcceptedGroup& group : seen.accepted) {
            const bool misnamed = permitted && is_judged_by_name(group.group, seen.version) &&
                                  !contains(*permitted, group.group);
            const bool too_small =
                held.policy.ecdh_bits && is_too_small(group.group, *held.policy.ecdh_bits);
            if (misnamed || too_small) {
                note_unwanted(unwanted, group.group, seen.version, held.cite_id(group.exchange));
            }
        }
        std::vector<NamedGroup> undecided = seen.undecided;
        std::erase_if(undecided, [&](NamedGroup group) {
            return !is_judged_by_name(group, seen.version);
        });
        add_undecided(
            held, undecided, permitted.value_or(std::vector<NamedGroup>{}), "group", seen.version
        );
    }
    add_unwanted(held, unwanted);
}

void hold_schemes(PolicyCase& held) {
    if (!held.policy.signature_schemes) {
        return;
    }
    const auto& permitted = *held.policy.signature_schemes;
    held.require_schemes_seen();
    std::vector<Unwanted<SignatureScheme>> unwanted;
    for (const evidence::VersionSchemes& seen : held.inventory.signature_schemes) {
        if (!held.permits(seen.version)) {
            continue;
        }
        for (const SignatureScheme scheme : seen.accepted) {
            if (!contains(permitted, scheme)) {
                note_unwanted(unwanted, scheme, seen.version, {});
            }
        }
        add_undecided(held, seen.undecided, permitted, "signature scheme", seen.version);
    }
    add_unwanted(held, unwanted);
}

/// Beside an address that is open, one that this machine has no way to is no fault of the service;
/// nor is one of `localhost` where nothing listens.
bool is_counted(const evidence::Visit& visit, const Endpoint& endpoint) {
    const bool any_open = std::ranges::any_of(visit.endpoints, [](const Endpoint& other) {
        return other.reach == Reach::open;
    });
    const bool excused = endpoint.reach == Reach::unreachable || visit.target.host == "localhost";
    return endpoint.reach == Reach::open || !any_open || !excused;
}

} // namespace

std::vector<Difference> differences(const Policy& policy, const Endpoint& endpoint) {
    return differences(
        policy, endpoint, evidence::inventory_of(endpoint).value_or(evidence::Inventory{})
    );
}

std::vector<Difference>
differences(const Policy& policy, const Endpoint& endpoint, evidence::Inventory inventory) {
    PolicyCase held{policy, endpoint, std::move(inventory)};
    if (held.visit.accepted.empty()) {
        held.add(
            DifferenceKind::undecided,
            endpoint.reach == Reach::open ? "no version of TLS was accepted"
                                          : "the server was not reached",
            {}
        );
        return held.found;
    }
    hold_versions(held);
    hold_suites(held);
    hold_order(held);
    hold_groups(held);
    hold_schemes(held);
    const auto keys = static_cast<std::ptrdiff_t>(held.found.size());
    hold_keys(held);
    std::for_each(held.found.begin() + keys, held.found.end(), [](Difference& difference) {
        difference.by_settings = false;
    });
    std::ranges::stable_sort(held.found, {}, &Difference::kind);
    return held.found;
}

PolicyResult hold_against(const Policy& policy, const evidence::Visit& visit) {
    PolicyResult result{.policy = policy};
    for (const Endpoint& endpoint : visit.endpoints) {
        if (is_counted(visit, endpoint)) {
            std::ranges::move(
                differences(policy, endpoint), std::back_inserter(result.differences)
            );
        }
    }
    if (visit.endpoints.empty()) {
        result.differences.push_back(
            {.kind = DifferenceKind::undecided, .what = "the server was not reached"}
        );
    }
    std::ranges::stable_sort(result.differences, {}, &Difference::kind);
    const auto decided = [](const Difference& one) {
        return is_violation(one.kind);
    };
    if (std::ranges::any_of(result.differences, decided)) {
        result.compliant = false;
    } else if (result.differences.empty()) {
        result.compliant = true;
    }
    return result;
}

bool is_violation(DifferenceKind kind) {
    return kind != DifferenceKind::undecided;
}

std::string_view name_of(DifferenceKind kind) {
    constexpr std::string_view k_names[] = {"must_go", "must_come", "undecided"};
    return k_names[static_cast<std::size_t>(kind)];
}

} // namespace tlsdoctor::diagnose
