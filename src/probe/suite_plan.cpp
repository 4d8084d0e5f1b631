// SPDX-License-Identifier: Apache-2.0
// The plan for the suites of all accepted versions: what is likely is offered alone, what is not
// all together, what is in doubt in groups that the same beliefs hold or lack. Afterwards the
// order.
#include "probe/suite_plan.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "evidence/facts.hpp"
#include "evidence/suite_order.hpp"
#include "probe/offers.hpp"
#include "probe/suite_guess.hpp"
#include "probe/suite_lists.hpp"
#include "probe/suite_repeats.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Acceptance;
using evidence::Endpoint;
using evidence::Preference;
using evidence::Says;
using evidence::SuiteAnswers;
using evidence::SuiteHello;
using evidence::SuiteOrder;
using evidence::Target;

using Suites = std::vector<CipherSuite>;

/// As many as may be asked at once; what they answer decides what follows.
constexpr std::size_t k_a_round = 16;

constexpr double k_likely = 0.7;
constexpr double k_doubtful = 0.3;

/// A hello to send; the lowest number goes first.
struct Draft {
    ProtocolVersion version{};
    Suites suites{};
    double turn{};
};

constexpr double k_turn_of_groups = 1;
constexpr double k_turn_of_rest = 2;
constexpr double k_turn_of_likely = 3; ///< and the less so, the earlier

bool is_among(const Suites& suites, CipherSuite suite) {
    return std::ranges::find(suites, suite) != suites.end();
}

/// What the plan knows of one version.
struct Known {
    const SuiteAnswers& answers;
    const SuiteGuess& guess;
    SuiteOrder order{};
    Suites likely{}; ///< and not asked yet, in the order of the guess

    [[nodiscard]] bool is_accepted(CipherSuite suite) const {
        return answers.state_of(suite) == Acceptance::accepted;
    }
};

/// The hello that says whose order decides: a suite that was chosen before another one, and now
/// stands behind it. Null where no choice can be tried so.
const SuiteHello* choice_before(const Known& known, CipherSuite other) {
    for (const SuiteHello& hello : known.answers.hellos) {
        const auto& offered = hello.exchange->offer.cipher_suites;
        if (hello.says == Says::chosen && *hello.suite != other &&
            std::ranges::find(offered, other) > std::ranges::find(offered, *hello.suite) &&
            std::ranges::find(offered, other) != offered.end()) {
            return &hello;
        }
    }
    return nullptr;
}

/// A list that settles a likely suite and, at the same time, whose order decides; empty for none.
Suites test_of_preference(const Known& known, CipherSuite suite) {
    const SuiteHello* const before = choice_before(known, suite);
    if (before == nullptr || evidence::is_chacha(suite)) {
        return {};
    }
    const Suites list{suite, *before->suite};
    return was_listed(known.answers, list) ? Suites{} : list;
}

/// Every likely suite is offered with those that the server likes less, which proves its place as
/// well, or alone where the order is the client's, or where the guess was wrong before.
std::vector<Suites> lists_of_likely(const Known& known) {
    const Preference preference = known.order.preference;
    const bool by_server = preference == Preference::server ||
                           (preference == Preference::unknown && known.guess.server_order() >= 0.5);
    std::vector<Suites> lists;
    if (!by_server || !known.guess.is_right_so_far()) {
        bool tested = preference != Preference::unknown;
        for (const CipherSuite suite : known.likely) {
            Suites test = tested ? Suites{} : test_of_preference(known, suite);
            tested = tested || !test.empty();
            lists.push_back(test.empty() ? Suites{suite} : std::move(test));
        }
        return lists;
    }
    Suites all;
    for (const CipherSuite suite : known.guess.order()) {
        if (known.is_accepted(suite) || is_among(known.likely, suite)) {
            all.push_back(suite);
        }
    }
    for (const CipherSuite suite : known.likely) {
        const auto at = std::ranges::find(all, suite);
        lists.push_back(
            at == all.end() ? Suites{suite}
                            : against_the_server(known.answers, std::span(at, all.end()))
        );
    }
    return lists;
}

void add_open(Known& known, std::vector<Draft>& drafts) {
    const ProtocolVersion version = known.answers.version;
    std::map<double, Suites, std::greater<>> by_likelihood;
    for (const evidence::SuiteAnswer& answer : known.answers.suites) {
        if (answer.state == Acceptance::untested) {
            const double likelihood = known.guess.likelihood(version, answer.suite);
            by_likelihood[std::round(likelihood * 1e6) / 1e6].push_back(answer.suite);
        }
    }
    Suites rest;
    std::map<CipherSuite, double> likely;
    for (auto& [likelihood, suites] : by_likelihood) {
        if (likelihood >= k_likely) {
            for (const CipherSuite suite : suites) {
                likely[suite] = likelihood;
            }
        } else if (likelihood >= k_doubtful) {
            drafts.push_back({version, std::move(suites), k_turn_of_groups});
        } else {
            rest.insert(rest.end(), suites.begin(), suites.end());
        }
    }
    for (Suites& part : in_parts(rest, k_most_suites)) {
        drafts.push_back({version, std::move(part), k_turn_of_rest});
    }
    for (const CipherSuite suite : known.guess.order()) {
        if (likely.contains(suite)) {
            known.likely.push_back(suite);
        }
    }
    for (const auto& [suite, likelihood] : likely) {
        if (!is_among(known.likely, suite)) {
            known.likely.push_back(suite);
        }
    }
    std::vector<Suites> lists = lists_of_likely(known);
    for (std::size_t i = 0; i < lists.size(); ++i) {
        const double turn = k_turn_of_likely + likely.at(known.likely[i]);
        drafts.push_back({version, std::move(lists[i]), turn});
    }
}

} // namespace

evidence::Offer suite_offer(const Target& target, ProtocolVersion version, Suites suites) {
    evidence::Offer offer = version_offer(version, evidence::Shape::openssl, target.sni);
    offer.shape = evidence::Shape::composed;
    offer.cipher_suites = std::move(suites);
    offer.key_shares.clear();
    return offer;
}

std::vector<Ask> suite_asks(const Target& target, const Endpoint& seen) {
    std::vector<SuiteAnswers> all;
    for (const ProtocolVersion version : accepted_versions(seen)) {
        if (version != ProtocolVersion::ssl_2_0) {
            all.push_back(suite_answers(seen, version));
        }
    }
    const SuiteGuess guess(all);
    std::vector<Draft> drafts;
    for (const SuiteAnswers& answers : all) {
        const std::size_t before = drafts.size();
        Known known{.answers = answers, .guess = guess, .order = order_of(answers, guess.order())};
        for (Suites& list : lists_to_repeat(answers)) {
            drafts.push_back({answers.version, std::move(list)});
        }
        add_open(known, drafts);
        if (drafts.size() == before) {
            for (Suites& list : lists_for_order(answers, known.order)) {
                drafts.push_back({answers.version, std::move(list)});
            }
        }
    }
    std::ranges::stable_sort(drafts, {}, &Draft::turn);
    drafts.resize(std::min(drafts.size(), k_a_round));
    std::vector<Ask> asks;
    for (Draft& draft : drafts) {
        asks.push_back(
            {.purpose = evidence::Purpose::suites,
             .shape = evidence::Shape::composed,
             .composed = suite_offer(target, draft.version, std::move(draft.suites))}
        );
    }
    return asks;
}

} // namespace tlsdoctor::probe
