// SPDX-License-Identifier: Apache-2.0
// The differential diagnosis: between a hello that was accepted and one that was not, ask for one
// that has half of the differences, until one factor is left. Then the pair is made equally long,
// a threshold of size is closed in on, and both hellos are asked once more. All state is in the
// answers, so a recording shows how a cause was found.
#include <algorithm>

#include "evidence/pairs.hpp"
#include "probe/plan_parts.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Factor;
using evidence::Offer;
using evidence::Outcome;
using evidence::Pair;
using evidence::Purpose;
using evidence::Segmentation;
using evidence::Shape;

/// A threshold is known well enough when it lies between sizes so far apart.
constexpr int k_close_enough = 16;

/// A segment of Ethernet holds this much of a hello [RFC 9293 3.7.1]: larger ones take two.
constexpr std::uint16_t k_segment_payload = 1448;

/// The same hello once more, in its own shape.
Ask again(const Offer& offer) {
    if (offer.shape == Shape::composed) {
        Offer same = offer;
        same.size = 0;
        return {.purpose = Purpose::factor, .shape = Shape::composed, .composed = std::move(same)};
    }
    return {
        .purpose = Purpose::factor,
        .version = offer.versions.front(),
        .shape = offer.shape,
        .sni = offer.sni,
    };
}

Ask ask_for(Offer offer) {
    offer.shape = Shape::composed;
    offer.size = 0;
    return {.purpose = Purpose::factor, .shape = Shape::composed, .composed = std::move(offer)};
}

bool asked_before(const Endpoint& seen, const Ask& ask) {
    return was_asked(seen, Purpose::factor, ask.composed);
}

/// Takes these factors of the refused hello over into the accepted one.
Ask between(const Pair& pair, std::span<const Factor> factors) {
    Offer offer = pair.accepted->offer;
    offer.padded_to = 0;
    for (const Factor factor : factors) {
        take(offer, pair.refused->offer, factor);
    }
    return ask_for(std::move(offer));
}

/// Half of the differences; the other half where that was asked for another pair already.
std::optional<Ask> halved(const Endpoint& seen, const Pair& pair) {
    const std::span<const Factor> factors(pair.factors);
    const std::size_t half = factors.size() / 2;
    for (const auto part : {factors.first(half), factors.subspan(half)}) {
        const Ask ask = between(pair, part);
        if (!asked_before(seen, ask)) {
            return ask;
        }
    }
    return std::nullopt;
}

/// The shorter of the two hellos, made as long as the other one: if that flips its answer, size is
/// the culprit and not the factor.
Ask equally_long(const Pair& pair) {
    const bool accepted_is_shorter = pair.accepted->offer.size < pair.refused->offer.size;
    const Exchange& shorter = accepted_is_shorter ? *pair.accepted : *pair.refused;
    const Exchange& longer = accepted_is_shorter ? *pair.refused : *pair.accepted;
    Offer offer = shorter.offer;
    offer.padded_to = longer.offer.size;
    return ask_for(std::move(offer));
}

/// A size in the middle; nullopt where the threshold is known.
std::optional<Ask> closer_in(const Pair& pair) {
    const int good = pair.accepted->offer.size;
    const int bad = pair.refused->offer.size;
    if (std::abs(good - bad) <= k_close_enough) {
        return std::nullopt;
    }
    const bool from_good = good < bad;
    Offer offer = from_good ? pair.accepted->offer : pair.refused->offer;
    offer.padded_to = static_cast<std::uint16_t>((good + bad) / 2);
    return ask_for(std::move(offer));
}

/// Size is the culprit: is it the size itself, the cut into segments, or the path? Hellos that tell
/// these apart.
std::vector<Ask> told_apart(const Pair& pair) {
    std::vector<Ask> asks;
    const bool two_segments = pair.refused->offer.size > k_segment_payload &&
                              pair.accepted->offer.size < pair.refused->offer.size;
    if (two_segments) {
        Offer cut = pair.accepted->offer;
        cut.segmentation = Segmentation::two_segments;
        asks.push_back(ask_for(std::move(cut)));
    }
    if (pair.refused->outcome == Outcome::silent) {
        Offer small = pair.refused->offer;
        small.segmentation = Segmentation::small_segments;
        asks.push_back(ask_for(std::move(small)));
    }
    return asks;
}

/// Both hellos again, as often as it takes for two answers each.
std::vector<Ask> repetitions(const Endpoint& seen, const Pair& pair) {
    std::vector<Ask> asks;
    if (times_answered(seen, pair.accepted->offer, true) < 2) {
        asks.push_back(again(pair.accepted->offer));
    }
    if (times_answered(seen, pair.refused->offer, false) < 2) {
        asks.push_back(again(pair.refused->offer));
    }
    return asks;
}

std::vector<Ask> next_for(const Endpoint& seen, const Pair& pair) {
    if (pair.factors.size() > 1) {
        const std::optional<Ask> step = halved(seen, pair);
        return step ? std::vector{*step} : std::vector<Ask>{};
    }
    const bool by_size = pair.factors.front() == Factor::size;
    if (!by_size && !pair.same_size) {
        const Ask step = equally_long(pair);
        return asked_before(seen, step) ? std::vector<Ask>{} : std::vector{step};
    }
    if (by_size) {
        std::vector<Ask> asks = told_apart(pair);
        std::erase_if(asks, [&](const Ask& ask) { return asked_before(seen, ask); });
        if (!asks.empty()) {
            return asks;
        }
        if (const auto step = closer_in(pair); step && !asked_before(seen, *step)) {
            return {*step};
        }
    }
    return repetitions(seen, pair);
}

} // namespace

std::vector<Ask> search_asks(const Endpoint& seen) {
    const std::optional<Pair> pair = nearest_pair(seen);
    if (!pair) {
        return {};
    }
    // What failed once may have failed by chance: it is asked again, alone, before any search.
    const bool begun = pair->refused->purpose == Purpose::factor;
    if (!begun && times_answered(seen, pair->refused->offer, false) < 2) {
        return {again(pair->refused->offer)};
    }
    return next_for(seen, *pair);
}

} // namespace tlsdoctor::probe
