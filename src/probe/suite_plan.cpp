// SPDX-License-Identifier: Apache-2.0
// The plan for the suites of all accepted versions: what is likely is offered alone, what is not
// all together, what is in doubt in groups that the same beliefs hold or lack. Afterwards the
// order.
#include "probe/suite_plan.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
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
constexpr double k_hardly = 0.01;

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
    std::map<CipherSuite, double> likely{}; ///< and not asked yet
    std::vector<Suites> groups{};           ///< in doubt; each is accepted or refused together
    Suites rest{};                          ///< the least likely first
    Suites candidates{}; ///< what is or may be accepted, in the order of the guess
};

/// The hello that says whose order decides: a suite that was chosen before another one, and now
/// stands behind it. Null where no choice can be tried so.
const SuiteHello* choice_before(const Known& known, CipherSuite other) {
    for (const SuiteHello& hello : known.answers.hellos) {
        const auto& offered = hello.exchange->offer.cipher_suites;
        if (hello.says == Says::chosen && *hello.suite != other &&
            std::ranges::find(offered, other) > std::ranges::find(offered, *hello.suite) &&
            is_among(offered, other)) {
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

bool follows_the_server(const Known& known) {
    const Preference preference = known.order.preference;
    const bool by_server = preference == Preference::server ||
                           (preference == Preference::unknown && known.guess.server_order() >= 0.5);
    return by_server && known.guess.is_nearly_right();
}

/// A suite together with everything that the server likes less: where it is chosen, its place is
/// shown as well.
Suites with_those_behind(const Known& known, const Suites& suites) {
    const auto at = std::ranges::find_if(known.candidates, [&](CipherSuite suite) {
        return is_among(suites, suite);
    });
    if (at == known.candidates.end()) {
        return suites;
    }
    Suites list = against_the_server(known.answers, std::span(at, known.candidates.end()));
    return was_listed(known.answers, list) ? suites : list;
}

/// Sorts what is not known yet by how likely it is.
void sort_open(Known& known) {
    const ProtocolVersion version = known.answers.version;
    using Class = std::pair<double, std::uint16_t>;
    std::map<Class, Suites> classes;
    for (const evidence::SuiteAnswer& answer : known.answers.suites) {
        if (answer.state == Acceptance::untested) {
            const double likelihood = known.guess.likelihood(version, answer.suite);
            // Where no row of the table fits, families are the best guess of what goes together.
            const bool doubtful = k_doubtful <= likelihood && likelihood < k_likely;
            const bool by_kind = doubtful && !known.guess.is_right_so_far();
            const std::uint16_t kind = by_kind ? kind_of(answer.suite) : std::uint16_t{};
            classes[{std::round(likelihood * 1e6), kind}].push_back(answer.suite);
        }
    }
    for (auto& [key, suites] : classes) {
        const double likelihood = key.first / 1e6;
        if (likelihood >= k_likely) {
            for (const CipherSuite suite : suites) {
                known.likely[suite] = likelihood;
            }
        } else if (likelihood >= k_doubtful) {
            known.groups.push_back(std::move(suites));
        } else {
            known.rest.insert(known.rest.end(), suites.begin(), suites.end());
        }
    }
    Suites wanted = known.answers.accepted();
    for (const auto& [suite, likelihood] : known.likely) {
        wanted.push_back(suite);
    }
    for (const Suites& group : known.groups) {
        wanted.insert(wanted.end(), group.begin(), group.end());
    }
    for (const CipherSuite suite : known.guess.order(wanted)) {
        const bool open = known.answers.state_of(suite) == Acceptance::untested &&
                          known.guess.likelihood(version, suite) > k_hardly;
        if (open || known.answers.state_of(suite) == Acceptance::accepted) {
            known.candidates.push_back(suite);
        }
    }
}

/// What is likely is offered so that it proves its place as well, or alone where the order is the
/// client's, or where the guess was wrong before; what is in doubt in groups.
void add_predicted(const Known& known, std::vector<Draft>& drafts) {
    const ProtocolVersion version = known.answers.version;
    const bool by_server = follows_the_server(known);
    bool tested = known.order.preference != Preference::unknown || by_server;
    for (const auto& [suite, likelihood] : known.likely) {
        Suites list{suite};
        if (by_server) {
            list = with_those_behind(known, list);
        } else if (!tested) {
            const Suites test = test_of_preference(known, suite);
            tested = !test.empty();
            list = tested ? test : list;
        }
        drafts.push_back({version, std::move(list), k_turn_of_likely + likelihood});
    }
    for (const Suites& group : known.groups) {
        drafts.push_back(
            {version, by_server ? with_those_behind(known, group) : group, k_turn_of_groups}
        );
    }
}

/// What is unlikely is offered all together. The last, incomplete list waits until nothing is in
/// doubt: what turns out to be refused joins it.
void add_rest(const Known& known, std::vector<Draft>& drafts) {
    const std::span<const CipherSuite> rest(known.rest);
    const std::size_t surprises = known.guess.surprises(known.answers.version);
    const std::size_t whole = rest.size() / k_most_suites * k_most_suites;
    const bool waits = !known.groups.empty();
    std::vector<Suites> parts = in_parts(rest.first(whole), k_most_suites);
    if (surprises > 0 && !waits && !rest.empty()) {
        // A server that nobody foretold: shorter lists, so that more of it is found at once.
        const std::size_t count = std::min(rest.size() / k_most_suites + 1 + surprises, k_a_round);
        parts = in_parts(rest, (rest.size() + count - 1) / count);
    } else if (!waits && whole < rest.size()) {
        parts.emplace_back(rest.begin() + static_cast<std::ptrdiff_t>(whole), rest.end());
    }
    for (Suites& part : parts) {
        drafts.push_back({known.answers.version, std::move(part), k_turn_of_rest});
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
        Known known{
            .answers = answers,
            .guess = guess,
            .order = order_of(answers, guess.order(answers.accepted()))
        };
        for (Suites& list : lists_to_repeat(answers)) {
            drafts.push_back({answers.version, std::move(list)});
        }
        sort_open(known);
        add_predicted(known, drafts);
        add_rest(known, drafts);
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
