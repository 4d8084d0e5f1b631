// SPDX-License-Identifier: Apache-2.0
// The cipher suites of an inventory.
#include <algorithm>
#include <functional>
#include <tuple>

#include "evidence/facts.hpp"
#include "evidence/inventory_parts.hpp"
#include "evidence/suite_order.hpp"

namespace tlsdoctor::evidence {

namespace {

AcceptedSuite accepted_suite(const SuiteAnswer& answer) {
    const Exchange& exchange = *answer.shown_by;
    return {
        .suite = answer.suite,
        .group = exchange.selection ? exchange.selection->group : std::nullopt,
        .dh_bits = exchange.flight ? exchange.flight->dh_bits : std::uint16_t{},
        .exchange = exchange.id,
    };
}

/// How to list what the server leaves to the client.
std::vector<CipherSuite> strongest_first(const SuiteAnswers& answers) {
    std::vector<CipherSuite> suites = answers.accepted();
    std::ranges::stable_sort(suites, std::ranges::greater{}, [](CipherSuite suite) {
        const CipherSuiteInfo& info = *find(suite);
        return std::tuple(info.strength, info.forward_secrecy, info.bits);
    });
    return suites;
}

VersionSuites suites_of(const SuiteAnswers& answers) {
    VersionSuites suites{.version = answers.version, .complete = true};
    const SuiteOrder order = order_of(answers, strongest_first(answers));
    suites.preference = order.preference;
    suites.ordered = order.whole;
    for (const CipherSuite suite : order.suites) {
        const auto at = std::ranges::lower_bound(answers.suites, suite, {}, &SuiteAnswer::suite);
        suites.accepted.push_back(accepted_suite(*at));
    }
    for (const SuiteAnswer& answer : answers.suites) {
        const bool decided =
            answer.state == Acceptance::accepted || answer.state == Acceptance::refused;
        suites.complete = suites.complete && decided;
        if (answer.state == Acceptance::undecided) {
            suites.undecided.push_back(answer.suite);
        }
    }
    return suites;
}

bool was_enumerated(const SuiteAnswers& answers) {
    return std::ranges::any_of(answers.hellos, [](const SuiteHello& hello) {
        return hello.exchange->purpose == Purpose::suites;
    });
}

} // namespace

void add_suites(const Endpoint& endpoint, Inventory& inventory) {
    for (const ProtocolVersion version : k_versions) {
        const SuiteAnswers answers = suite_answers(endpoint, version);
        if (was_enumerated(answers)) {
            inventory.suites.push_back(suites_of(answers));
        }
    }
}

} // namespace tlsdoctor::evidence
