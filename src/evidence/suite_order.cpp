// SPDX-License-Identifier: Apache-2.0
// A relation "goes before" over the accepted suites, and what follows from it.
#include "evidence/suite_order.hpp"

#include <algorithm>
#include <bitset>

#include "base/assume.hpp"

namespace tlsdoctor::evidence {

namespace {

constexpr std::size_t k_most_rows = 512;
using Row = std::bitset<k_most_rows>;

/// Which accepted suite goes before which, by their places among the accepted ones.
struct Relation {
    std::vector<CipherSuite> suites{}; ///< by number
    std::vector<Row> firm{};           ///< chosen although the client listed the other one first
    std::vector<Row> loose{};          ///< chosen, and listed first as well

    [[nodiscard]] std::size_t place_of(CipherSuite suite) const {
        const auto at = std::ranges::lower_bound(suites, suite);
        const bool found = at != suites.end() && *at == suite;
        return found ? static_cast<std::size_t>(at - suites.begin()) : suites.size();
    }
};

/// The browser's hello differs in more than its suites.
bool tells_of_order(const SuiteHello& hello) {
    return hello.says == Says::chosen && hello.exchange->offer.shape != Shape::browser;
}

void note_choice(const SuiteHello& hello, Relation& relation) {
    const auto& offered = hello.exchange->offer.cipher_suites;
    const std::size_t chosen = relation.place_of(*hello.suite);
    const bool chacha = is_chacha(*hello.suite);
    // OpenSSL's PrioritizeChaCha, and Go: where ChaCha20 stands first, it goes before the rest.
    const bool favoured = chacha && is_chacha(offered.front());
    bool before = true;
    for (const CipherSuite suite : offered) {
        const std::size_t other = relation.place_of(suite);
        if (other == chosen) {
            before = false;
        } else if (other == relation.suites.size() || (favoured && !is_chacha(suite))) {
            continue;
        } else if (before) {
            relation.firm[chosen].set(other);
        } else if (is_chacha(suite) == chacha) {
            relation.loose[chosen].set(other);
        }
    }
}

Relation relation_of(const SuiteAnswers& answers) {
    Relation relation{.suites = answers.accepted()};
    assume(relation.suites.size() <= k_most_rows, "more suites than the registry has");
    relation.firm.resize(relation.suites.size());
    relation.loose.resize(relation.suites.size());
    for (const SuiteHello& hello : answers.hellos) {
        if (tells_of_order(hello)) {
            note_choice(hello, relation);
        }
    }
    return relation;
}

/// Whose order it is. Two suites that were each chosen where they were listed first follow the
/// client; a choice against the client's list follows the server.
Preference preference_by(const Relation& relation) {
    bool server = false;
    bool client = false;
    for (std::size_t a = 0; a < relation.suites.size(); ++a) {
        server = server || relation.firm[a].any();
        for (std::size_t b = 0; b < a; ++b) {
            client = client || (relation.loose[a].test(b) && relation.loose[b].test(a));
        }
    }
    if (server) {
        return Preference::server;
    }
    return client ? Preference::client : Preference::unknown;
}

/// Tells which pairs the server leaves to the client.
std::vector<Row> ties_in(const Relation& relation) {
    std::vector<Row> ties(relation.suites.size());
    for (std::size_t a = 0; a < relation.suites.size(); ++a) {
        for (std::size_t b = 0; b < relation.suites.size(); ++b) {
            ties[a].set(b, relation.loose[a].test(b) && relation.loose[b].test(a));
        }
    }
    return ties;
}

bool is_contradictory(const Relation& relation) {
    for (std::size_t a = 0; a < relation.suites.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            if (relation.firm[a].test(b) && relation.firm[b].test(a)) {
                return true;
            }
        }
    }
    return false;
}

/// What follows from all choices: the transitive closure.
std::vector<Row> closure_of(const Relation& relation, const std::vector<Row>& ties) {
    std::vector<Row> all = relation.firm;
    for (std::size_t a = 0; a < all.size(); ++a) {
        all[a] |= relation.loose[a] & ~ties[a];
    }
    for (std::size_t through = 0; through < all.size(); ++through) {
        for (Row& row : all) {
            if (row.test(through)) {
                row |= all[through];
            }
        }
    }
    return all;
}

/// Places in the order of the guess, the others behind.
std::vector<std::size_t>
guessed_places(const Relation& relation, std::span<const CipherSuite> guess) {
    std::vector<std::size_t> places;
    Row seen;
    for (const CipherSuite suite : guess) {
        const std::size_t place = relation.place_of(suite);
        if (place < relation.suites.size() && !seen.test(place)) {
            seen.set(place);
            places.push_back(place);
        }
    }
    for (std::size_t place = 0; place < relation.suites.size(); ++place) {
        if (!seen.test(place)) {
            places.push_back(place);
        }
    }
    return places;
}

/// Arranges them so that none stands behind one that it goes before; a circle is cut where the
/// guess begins.
std::vector<std::size_t>
arranged(const std::vector<Row>& before, std::vector<std::size_t> guessed) {
    std::vector<std::size_t> order;
    while (!guessed.empty()) {
        const auto is_first = [&](std::size_t place) {
            return std::ranges::none_of(guessed, [&](std::size_t other) {
                return other != place && before[other].test(place) && !before[place].test(other);
            });
        };
        auto at = std::ranges::find_if(guessed, is_first);
        at = at == guessed.end() ? guessed.begin() : at;
        order.push_back(*at);
        guessed.erase(at);
    }
    return order;
}

/// Counts the leading ones that go before all behind them.
std::size_t placed_in(const std::vector<Row>& before, const std::vector<std::size_t>& places) {
    std::size_t placed = 0;
    const auto goes_first = [&](std::size_t at) {
        return std::all_of(
            places.begin() + static_cast<std::ptrdiff_t>(at) + 1, places.end(),
            [&](std::size_t other) { return before[places[at]].test(other); }
        );
    };
    while (placed < places.size() && goes_first(placed)) {
        ++placed;
    }
    return placed;
}

} // namespace

bool is_chacha(CipherSuite suite) {
    const CipherSuiteInfo* const info = find(suite);
    return info != nullptr && info->encryption.starts_with("CHACHA20");
}

SuiteOrder order_of(const SuiteAnswers& answers, std::span<const CipherSuite> guess) {
    const Relation relation = relation_of(answers);
    SuiteOrder order{.contradictory = is_contradictory(relation)};
    order.preference = order.contradictory ? Preference::unknown : preference_by(relation);
    const bool by_server = order.preference == Preference::server;
    const std::vector<Row> ties = ties_in(relation);
    const std::vector<Row> before =
        by_server ? closure_of(relation, ties) : std::vector<Row>(relation.suites.size());
    const std::vector<std::size_t> places = arranged(before, guessed_places(relation, guess));
    order.whole = by_server;
    order.placed = by_server ? placed_in(before, places) : 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        order.suites.push_back(relation.suites[places[i]]);
        if (i == 0 || !by_server) {
            continue;
        }
        const std::size_t a = places[i - 1];
        const std::size_t b = places[i];
        const bool shown = before[a].test(b) && !before[b].test(a);
        order.whole = order.whole && shown;
        if (!shown && !ties[a].test(b) && !before[b].test(a)) {
            order.open.emplace_back(relation.suites[a], relation.suites[b]);
        }
    }
    return order;
}

} // namespace tlsdoctor::evidence
