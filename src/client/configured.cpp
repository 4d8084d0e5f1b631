// SPDX-License-Identifier: Apache-2.0
// From a configured endpoint to the facts that a negotiation needs.
#include "client/configured.hpp"

#include <algorithm>

#include "client/foretell.hpp"
#include "client/outcome.hpp"
#include "client/profile.hpp"

namespace tlsdoctor::client {

namespace {

using evidence::ClientOutcome;
using evidence::ClientResult;

/// The suites that can be negotiated in a version.
std::vector<CipherSuite>
suites_at(const evidence::ConfiguredEndpoint& endpoint, ProtocolVersion version) {
    if (version == ProtocolVersion::tls_1_3) {
        return endpoint.tls13_suites;
    }
    std::vector<CipherSuite> suites = endpoint.suites;
    std::erase_if(suites, [&](CipherSuite suite) {
        const CipherSuiteInfo* const info = tlsdoctor::find(suite);
        return info == nullptr || info->first_version > version || info->last_version < version;
    });
    return suites;
}

ClientOutcome outcome_of(const Profile& profile, const Forecast& told, bool nothing_accepted) {
    ClientOutcome outcome{
        .id = std::string{profile.id},
        .name = std::string{profile.name},
        .outcome = nothing_accepted ? ClientResult::fails : told.result,
        .based_on = evidence::ClientBasis::negotiation,
        .refused_by = told.refuser,
        .alert = told.objection.alert,
        .cause = std::string{told.objection.cause},
        .reason = told.objection.reason,
        .change = told.objection.change,
        .telling = profile.telling
    };
    if (nothing_accepted) {
        outcome.reason = "no version is accepted there";
    }
    return outcome;
}

} // namespace

SeenServer facts_of(const evidence::ConfiguredEndpoint& endpoint) {
    SeenServer facts{.accepted = evidence::accepted_versions(endpoint), .renegotiation_info = true};
    for (const ProtocolVersion version : facts.accepted) {
        SeenVersion at{
            .version = version, .suites = suites_at(endpoint, version), .groups = endpoint.groups
        };
        at.suites_are_all = !at.suites.empty();
        at.groups_are_all = !at.groups.empty();
        facts.versions.push_back(std::move(at));
    }
    return facts;
}

std::vector<ClientOutcome> locked_out_of(const evidence::ConfiguredEndpoint& endpoint) {
    std::vector<ClientOutcome> out;
    const SeenServer facts = facts_of(endpoint);
    for (const Profile& profile : profiles()) {
        const Forecast told = foretell(judge_for(profile), facts);
        ClientOutcome outcome = outcome_of(profile, told, facts.accepted.empty());
        if (outcome.outcome == ClientResult::fails) {
            out.push_back(std::move(outcome));
        }
    }
    return out;
}

} // namespace tlsdoctor::client
