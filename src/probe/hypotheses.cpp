// SPDX-License-Identifier: Apache-2.0
// Hypotheses for a port that accepts no hello: each row is a hello that would be accepted, or an
// answer that would be telling, if that one cause were the right one. The cheapest and most telling
// stand first. As soon as something is accepted the search takes over.
#include <algorithm>

#include "evidence/facts.hpp"
#include "evidence/pairs.hpp"
#include "probe/offers.hpp"
#include "probe/plan_parts.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Offer;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Segmentation;
using evidence::Shape;
using evidence::Target;

/// A name that is nobody's here: who blocks names lets it pass [RFC 2606 3].
constexpr std::string_view k_neutral_name = "www.example.org";

/// How the newest hellos with the name asked for were answered.
struct Answers {
    bool any_accepted{};
    bool modern_silent{}; ///< TLS 1.2 and 1.3
    bool all_reset{};
    bool all_wordless{};       ///< closed, reset or silent
    bool name_flips{};         ///< with another name, or none, something was accepted
    bool foreign{};            ///< bytes that are not TLS came
    bool spoken_to_in_plain{}; ///< the user pointed at it with http://
};

bool is_tls_hello(const Exchange& exchange) {
    return exchange.purpose == Purpose::version && !exchange.offer.versions.empty() &&
           exchange.offer.versions.front() >= ProtocolVersion::tls_1_0;
}

template <typename Holds>
bool all_hellos(
    const Endpoint& seen, Holds holds, ProtocolVersion since = ProtocolVersion::tls_1_0
) {
    return std::ranges::all_of(seen.exchanges, [&](const Exchange& exchange) {
        return !is_tls_hello(exchange) || exchange.offer.versions.front() < since ||
               holds(exchange.outcome);
    });
}

Answers answers_in(const Target& target, const Endpoint& seen) {
    const auto flips = [](const Exchange& exchange) {
        return exchange.purpose == Purpose::name && succeeded(exchange);
    };
    return {
        .any_accepted = !accepted_versions(seen).empty(),
        .modern_silent = all_hellos(
            seen, [](Outcome it) { return it == Outcome::silent; }, ProtocolVersion::tls_1_2
        ),
        .all_reset = all_hellos(seen, [](Outcome it) { return it == Outcome::reset; }),
        .all_wordless = all_hellos(
            seen,
            [](Outcome it) {
                return it == Outcome::silent || it == Outcome::reset || it == Outcome::closed;
            }
        ),
        .name_flips = std::ranges::any_of(seen.exchanges, flips),
        .foreign = !foreign_protocol(seen).empty(),
        .spoken_to_in_plain = target.scheme == "http",
    };
}

Ask composed(Offer offer, Purpose purpose = Purpose::factor) {
    offer.shape = Shape::composed;
    return {.purpose = purpose, .shape = Shape::composed, .composed = std::move(offer)};
}

Offer plain_tls_1_2(const Target& target) {
    return version_offer(ProtocolVersion::tls_1_2, Shape::browser, target.sni);
}

Ask newer_record(const Target& target) {
    Offer offer = plain_tls_1_2(target);
    offer.record_version = ProtocolVersion::tls_1_2;
    return composed(std::move(offer));
}

Ask today(const Target& target) {
    return composed(browser_of_today(target.sni));
}

/// A server from before extensions: it must ignore them, and some did not [RFC 2246 7.4.1.2].
Ask without_extensions(const Target&) {
    Offer offer = version_offer(ProtocolVersion::tls_1_0, Shape::openssl, std::nullopt);
    offer.groups.clear();
    offer.extensions.clear();
    offer.extended_master_secret = false;
    return composed(std::move(offer));
}

Ask small_segments(const Target& target) {
    Offer offer = plain_tls_1_2(target);
    offer.segmentation = Segmentation::small_segments;
    return composed(std::move(offer));
}

Ask proxy_header(const Target& target) {
    Offer offer = plain_tls_1_2(target);
    offer.proxy_header = true;
    return composed(std::move(offer));
}

Ask plain_request(const Target&) {
    return {.purpose = Purpose::plain, .shape = Shape::plain};
}

Ask neutral_name(const Target&) {
    return {
        .purpose = Purpose::name,
        .version = ProtocolVersion::tls_1_2,
        .shape = Shape::openssl,
        .sni = std::string(k_neutral_name),
    };
}

/// One hypothesis: when it is worth asking, and what.
struct Row {
    std::string_view what;
    bool (*worth)(const Answers&);
    Ask (*ask)(const Target&);
};

bool nothing_helps(const Answers& seen) {
    return !seen.any_accepted && !seen.name_flips;
}

// clang-format off
constexpr Row k_rows[] = {
    {"something blocks this one name",
     [](const Answers& seen) { return !seen.any_accepted && seen.name_flips && seen.all_wordless; }, neutral_name},
    {"the segments are too large for the path",
     [](const Answers& seen) { return nothing_helps(seen) && seen.modern_silent; }, small_segments},
    {"a PROXY protocol header is expected",
     [](const Answers& seen) { return nothing_helps(seen) && (seen.all_wordless || seen.foreign); }, proxy_header},
    {"every payload is reset, TLS or not",
     [](const Answers& seen) { return nothing_helps(seen) && seen.all_reset; }, plain_request},
    {"the version number of the record is refused",
     [](const Answers& seen) { return nothing_helps(seen) && !seen.foreign; }, newer_record},
    {"only a client of today is served",
     [](const Answers& seen) { return nothing_helps(seen) && !seen.foreign; }, today},
    {"extensions are refused",
     [](const Answers& seen) { return nothing_helps(seen) && !seen.foreign; }, without_extensions},
    {"the user speaks plain HTTP to a TLS port",
     [](const Answers& seen) { return seen.any_accepted && seen.spoken_to_in_plain; }, plain_request},
};
// clang-format on

bool asked_already(const Endpoint& seen, const Ask& ask) {
    if (ask.shape == Shape::composed) {
        return was_asked(seen, ask.purpose, ask.composed);
    }
    return std::ranges::any_of(seen.exchanges, [&](const Exchange& exchange) {
        return exchange.purpose == ask.purpose && exchange.offer.shape == ask.shape &&
               exchange.offer.sni == ask.sni;
    });
}

} // namespace

std::vector<Ask> hypothesis_asks(const Target& target, const Endpoint& seen) {
    const Answers answers = answers_in(target, seen);
    std::vector<Ask> asks;
    for (const Row& row : k_rows) {
        if (!row.worth(answers)) {
            continue;
        }
        Ask ask = row.ask(target);
        if (!asked_already(seen, ask) && asks.size() < k_at_once) {
            asks.push_back(std::move(ask));
        }
    }
    return asks;
}

} // namespace tlsdoctor::probe
