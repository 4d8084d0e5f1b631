// SPDX-License-Identifier: Apache-2.0
// Second questions and questions of order.
#include "probe/suite_repeats.hpp"

#include <algorithm>
#include <set>

#include "probe/suite_lists.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Acceptance;
using evidence::Preference;
using evidence::Says;
using evidence::SuiteAnswers;
using evidence::SuiteHello;
using evidence::SuiteOrder;

using Suites = std::vector<CipherSuite>;

/// More hellos than these, and three for each suite, are too many for what an order tells.
constexpr std::size_t k_most_for_order = 20;

/// So often no connection fails by chance.
constexpr std::size_t k_most_repetitions = 6;

/// Counts the hellos that could only tell of the order.
std::size_t asked_for_order(const SuiteAnswers& answers) {
    return static_cast<std::size_t>(std::ranges::count_if(answers.hellos, [&](const auto& hello) {
        const auto& offered = hello.exchange->offer.cipher_suites;
        return offered.size() > 1 && std::ranges::all_of(offered, [&](CipherSuite suite) {
                   return answers.state_of(suite) == Acceptance::accepted;
               });
    }));
}

/// Silence costs time: it is asked once more and no oftener. A connection may fail by chance.
bool is_worth_asking(const SuiteAnswers& answers, CipherSuite suite) {
    std::size_t silent = 0;
    std::size_t all = 0;
    for (const SuiteHello& hello : answers.hellos) {
        const auto& offered = hello.exchange->offer.cipher_suites;
        const bool counts = hello.says == Says::nothing || hello.says == Says::wordless;
        if (counts && std::ranges::find(offered, suite) != offered.end()) {
            ++all;
            silent += hello.says == Says::nothing ? 1U : 0U;
        }
    }
    return silent < 2 && all < k_most_repetitions &&
           times_wordless(answers, answers.hellos, suite) < evidence::times_to_ask(answers.hellos);
}

/// Single suites that were refused say what this server's word for "no such suite" is.
std::size_t refused_alone(const SuiteAnswers& answers) {
    return static_cast<std::size_t>(std::ranges::count_if(answers.hellos, [](const auto& hello) {
        return hello.exchange->offer.cipher_suites.size() == 1 &&
               hello.exchange->outcome == evidence::Outcome::refused;
    }));
}

/// After an alert that may mean the list, or one suite in it.
void add_smaller(const SuiteAnswers& answers, const Suites& undecided, std::vector<Suites>& lists) {
    const std::size_t alone = refused_alone(answers);
    if (alone < 2 && undecided.size() > 2) {
        for (std::size_t i = alone; i < 2; ++i) {
            lists.push_back({*(undecided.rbegin() + static_cast<std::ptrdiff_t>(i))});
        }
        return;
    }
    for (Suites& half : in_parts(undecided, (undecided.size() + 1) / 2)) {
        lists.push_back(std::move(half));
    }
}

/// A wordless end counts as an answer only where the server still answers afterwards.
void add_control(const SuiteAnswers& answers, std::vector<Suites>& lists) {
    const Suites accepted = answers.accepted();
    if (accepted.empty() || !lists.empty()) {
        return;
    }
    const Suites control{accepted.front()};
    std::size_t tried = 0;
    for (auto hello = answers.hellos.rbegin(); hello != answers.hellos.rend(); ++hello) {
        if (hello->says == Says::chosen) {
            break;
        }
        tried += evidence::same_suites(hello->exchange->offer.cipher_suites, control) ? 1U : 0U;
    }
    if (tried < 2) {
        lists.push_back(control);
    }
}

/// The pair, the other way round than it was listed when one of the two was chosen.
void add_test_of_preference(const SuiteAnswers& answers, std::vector<Suites>& lists) {
    const Suites accepted = answers.accepted();
    for (const CipherSuite a : accepted) {
        for (const CipherSuite b : accepted) {
            const bool alike = evidence::is_chacha(a) == evidence::is_chacha(b);
            for (const Suites& list : {Suites{a, b}, Suites{b, a}}) {
                if (a < b && alike && lists.size() < 2 && !was_listed(answers, list)) {
                    lists.push_back(list);
                }
            }
        }
    }
}

/// Everything whose place is not certain: the choice is the next one in the server's order.
Suites next_by_elimination(const SuiteAnswers& answers, const SuiteOrder& order) {
    const auto from = std::min(order.placed, order.suites.size());
    return against_the_server(answers, std::span(order.suites).subspan(from));
}

void add_for_servers_order(
    const SuiteAnswers& answers, const SuiteOrder& order, std::vector<Suites>& lists
) {
    const auto add = [&](const Suites& list) {
        const bool is_new = list.size() <= 120 && !was_listed(answers, list) &&
                            std::ranges::find(lists, list) == lists.end();
        if (is_new) {
            lists.push_back(list);
        }
        return is_new;
    };
    if (order.open.empty()) {
        return;
    }
    // Where the guess is right but for a few, neighbours settle it at once; else one by one.
    const bool nearly = order.open.size() * 3 <= order.suites.size() &&
                        asked_for_order(answers) <= order.suites.size();
    if (!nearly && add(next_by_elimination(answers, order))) {
        return;
    }
    for (const auto& [first, second] : order.open) {
        const Suites pair{first, second};
        if (!add(against_the_server(answers, pair))) {
            add(pair);
        }
    }
}

} // namespace

std::vector<Suites> lists_to_repeat(const SuiteAnswers& answers) {
    std::vector<Suites> lists;
    std::set<CipherSuite> looked_at;
    bool wordless = false;
    for (auto hello = answers.hellos.rbegin(); hello != answers.hellos.rend(); ++hello) {
        if (hello->says == Says::chosen || hello->says == Says::none ||
            hello->says == Says::chosen_lost) {
            continue;
        }
        const Suites& offered = hello->exchange->offer.cipher_suites;
        Suites undecided;
        std::ranges::copy_if(offered, std::back_inserter(undecided), [&](CipherSuite suite) {
            return answers.state_of(suite) == Acceptance::undecided &&
                   looked_at.insert(suite).second;
        });
        if (undecided.empty()) {
            continue;
        }
        if (hello->says == Says::objection) {
            add_smaller(answers, undecided, lists);
            continue;
        }
        wordless = wordless || hello->says == Says::wordless;
        std::erase_if(undecided, [&](auto suite) { return !is_worth_asking(answers, suite); });
        if (!undecided.empty()) {
            lists.push_back(std::move(undecided));
        }
    }
    if (wordless) {
        add_control(answers, lists);
    }
    return lists;
}

std::vector<Suites> lists_for_order(const SuiteAnswers& answers, const SuiteOrder& order) {
    std::vector<Suites> lists;
    const std::size_t asked = asked_for_order(answers);
    if (order.suites.size() < 2 || order.contradictory ||
        asked > 3 * order.suites.size() + k_most_for_order) {
        return lists;
    }
    if (order.preference == Preference::unknown) {
        add_test_of_preference(answers, lists);
    } else if (order.preference == Preference::server) {
        add_for_servers_order(answers, order, lists);
    }
    return lists;
}

} // namespace tlsdoctor::probe
