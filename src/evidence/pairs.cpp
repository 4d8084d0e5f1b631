// SPDX-License-Identifier: Apache-2.0
// Exchanges are compared by their offers alone. Whoever answers the same hello now so and now
// otherwise is no witness: such exchanges are left out.
#include "evidence/pairs.hpp"

#include <algorithm>
#include <span>
#include <tuple>

#include "evidence/facts.hpp"

namespace tlsdoctor::evidence {

namespace {

/// A hello whose failure would need an explanation; what it would mean for a trait is known before,
/// and a cheap one offers too little to be refused for a fault.
bool is_eligible(const Exchange& exchange) {
    const Offer& offer = exchange.offer;
    const bool asked = exchange.purpose == Purpose::version || exchange.purpose == Purpose::name ||
                       exchange.purpose == Purpose::client || exchange.purpose == Purpose::factor;
    return asked && !offer.versions.empty() && offer.shape != Shape::ssl2 &&
           offer.shape != Shape::cheap &&
           std::ranges::max(offer.versions) >= ProtocolVersion::tls_1_0;
}

bool failed(const Exchange& exchange) {
    const bool taken_back = exchange.outcome == Outcome::accepted && !succeeded(exchange);
    return is_no(exchange.outcome) || taken_back;
}

bool is_steady(const Endpoint& endpoint, const Exchange& exchange) {
    return times_answered(endpoint, exchange.offer, !succeeded(exchange)) == 0;
}

bool is_wordless(const Exchange& exchange) {
    return exchange.outcome == Outcome::closed || exchange.outcome == Outcome::reset ||
           exchange.outcome == Outcome::silent;
}

/// A failure without a word says something about its hello only if somebody is still served: if
/// anything went well later. The hellos of a search are held to that at its end, when both halves
/// of the pair are repeated.
bool is_confirmed(const Endpoint& endpoint, const Exchange& exchange) {
    const std::span<const Exchange> all(endpoint.exchanges);
    const auto at = static_cast<std::size_t>(&exchange - all.data());
    return !is_wordless(exchange) || exchange.purpose == Purpose::factor ||
           std::ranges::any_of(all.subspan(at), succeeded);
}

/// Every hello that went well, and is worth comparing with.
std::vector<const Exchange*> successes(const Endpoint& endpoint) {
    std::vector<const Exchange*> found;
    for (const Exchange& exchange : endpoint.exchanges) {
        if (is_eligible(exchange) && succeeded(exchange) && is_steady(endpoint, exchange)) {
            found.push_back(&exchange);
        }
    }
    return found;
}

/// The version that was chosen for the success is among those that failed. A hello for TLS 1.3
/// alone is held against what was accepted as TLS 1.3, and says nothing beside TLS 1.2.
bool are_comparable(const Exchange& success, const Exchange& failure) {
    const ProtocolVersion chosen =
        success.selection ? success.selection->version : success.offer.versions.front();
    return std::ranges::find(failure.offer.versions, chosen) != failure.offer.versions.end();
}

/// Another hello with one of its versions went well.
bool could_succeed(const Exchange& failure, const std::vector<const Exchange*>& successes) {
    return std::ranges::any_of(successes, [&](const Exchange* success) {
        return are_comparable(*success, failure);
    });
}

std::vector<const Exchange*>
failures(const Endpoint& endpoint, const std::vector<const Exchange*>& successes) {
    std::vector<const Exchange*> found;
    for (const Exchange& exchange : endpoint.exchanges) {
        if (is_eligible(exchange) && failed(exchange) && is_steady(endpoint, exchange) &&
            could_succeed(exchange, successes)) {
            found.push_back(&exchange);
        }
    }
    return found;
}

std::vector<const Exchange*> confirmed(const Endpoint& endpoint, std::vector<const Exchange*> all) {
    std::erase_if(all, [&](const Exchange* one) { return !is_confirmed(endpoint, *one); });
    return all;
}

Pair pair_of(const Endpoint& endpoint, const Exchange& accepted, const Exchange& refused) {
    Pair pair{
        .accepted = &accepted,
        .refused = &refused,
        .factors = differences(accepted.offer, refused.offer),
        .same_size = accepted.offer.size == refused.offer.size,
    };
    pair.repeated = times_answered(endpoint, accepted.offer, true) >= 2 &&
                    times_answered(endpoint, refused.offer, false) >= 2;
    return pair;
}

bool is_by_size(const Pair& pair) {
    return pair.factors == std::vector{Factor::size};
}

bool is_minimal(const Pair& pair) {
    // How the bytes are cut, and what goes before them, does not change the message.
    return pair.factors.size() == 1 && (pair.same_size || is_by_size(pair));
}

int size_gap(const Pair& pair) {
    return std::abs(int{pair.accepted->offer.size} - int{pair.refused->offer.size});
}

/// Fewer factors are nearer; of one factor, a pair of equal size; of size, the smaller gap.
auto distance(const Pair& pair) {
    return std::tuple(pair.factors.size(), !is_minimal(pair), size_gap(pair), !pair.repeated);
}

/// Pairs that say the same: the culprit has the same value in both.
bool say_the_same(const Pair& a, const Pair& b) {
    return a.factors == b.factors && explains(a, *b.refused) && explains(b, *a.refused);
}

} // namespace

std::size_t times_answered(const Endpoint& endpoint, const Offer& offer, bool well) {
    const auto count = std::ranges::count_if(endpoint.exchanges, [&](const Exchange& exchange) {
        const bool kind = well ? succeeded(exchange) : failed(exchange);
        return kind && is_eligible(exchange) && same_question(exchange.offer, offer);
    });
    return static_cast<std::size_t>(count);
}

bool explains(const Pair& pair, const Exchange& failure) {
    if (pair.factors.size() != 1) {
        return false;
    }
    const Factor factor = pair.factors.front();
    const std::uint16_t good = pair.accepted->offer.size;
    const std::uint16_t bad = pair.refused->offer.size;
    if (factor == Factor::size) {
        return bad > good ? failure.offer.size >= bad : failure.offer.size <= bad;
    }
    return same_in(failure.offer, pair.refused->offer, factor);
}

bool awaits_control(const Endpoint& endpoint) {
    const auto all = failures(endpoint, successes(endpoint));
    return std::ranges::any_of(all, [&](const Exchange* one) {
        return !is_confirmed(endpoint, *one);
    });
}

std::vector<Pair> minimal_pairs(const Endpoint& endpoint) {
    const std::vector<const Exchange*> good = successes(endpoint);
    std::vector<Pair> found;
    for (const Exchange* const failure : confirmed(endpoint, failures(endpoint, good))) {
        for (const Exchange* const success : good) {
            Pair pair = pair_of(endpoint, *success, *failure);
            if (is_minimal(pair) && are_comparable(*success, *failure)) {
                found.push_back(std::move(pair));
            }
        }
    }
    std::ranges::stable_sort(found, {}, [](const Pair& pair) {
        return std::tuple(!pair.repeated, size_gap(pair));
    });
    std::vector<Pair> telling;
    for (Pair& pair : found) {
        const bool told = std::ranges::any_of(telling, [&](const Pair& other) {
            return say_the_same(pair, other);
        });
        if (!told) {
            telling.push_back(std::move(pair));
        }
    }
    return telling;
}

std::vector<const Exchange*> unexplained_failures(const Endpoint& endpoint) {
    std::vector<Pair> proven = minimal_pairs(endpoint);
    std::erase_if(proven, [](const Pair& pair) { return !pair.repeated; });
    std::vector<const Exchange*> open =
        confirmed(endpoint, failures(endpoint, successes(endpoint)));
    std::erase_if(open, [&](const Exchange* failure) {
        return std::ranges::any_of(proven, [&](const Pair& pair) {
            return explains(pair, *failure);
        });
    });
    return open;
}

std::optional<Pair> nearest_pair(const Endpoint& endpoint) {
    const std::vector<const Exchange*> good = successes(endpoint);
    std::optional<Pair> nearest;
    for (const Exchange* const failure : unexplained_failures(endpoint)) {
        for (const Exchange* const success : good) {
            Pair pair = pair_of(endpoint, *success, *failure);
            const bool nearer = !nearest || distance(pair) < distance(*nearest);
            if (nearer && are_comparable(*success, *failure)) {
                nearest = std::move(pair);
            }
        }
    }
    return nearest;
}

} // namespace tlsdoctor::evidence
