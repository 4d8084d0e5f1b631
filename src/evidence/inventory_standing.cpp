// SPDX-License-Identifier: Apache-2.0
// Hellos that are alike but for one factor make a class. Within it a "no" is a "no" to what was
// listed, provided that another hello of the class was accepted: the form of the hello is not what
// the server dislikes.
#include "evidence/inventory_parts.hpp"

#include <algorithm>

#include "evidence/facts.hpp"

namespace tlsdoctor::evidence {

namespace {

/// How one factor is read.
template <typename T>
struct Factor {
    std::vector<T> Offer::* list{};
    std::optional<T> (*chosen)(const Exchange&){};
    void (*blank)(Offer&){}; ///< takes the factor out of an offer
    bool alone{}; ///< "nothing in common" is about this, even where no hello was accepted
};

std::optional<NamedGroup> group_in(const Exchange& exchange) {
    return succeeded(exchange) && exchange.selection ? exchange.selection->group : std::nullopt;
}

std::optional<SignatureScheme> scheme_in(const Exchange& exchange) {
    return succeeded(exchange) && exchange.flight ? exchange.flight->signature_scheme
                                                  : std::nullopt;
}

constexpr Factor<NamedGroup> k_group_factor{
    .list = &Offer::groups,
    .chosen = group_in,
    .blank =
        [](Offer& offer) {
            offer.groups.clear();
            // With a share and without are two forms: a server may dislike the latter.
            offer.key_shares.resize(offer.key_shares.empty() ? 0 : 1);
            std::ranges::fill(offer.key_shares, NamedGroup{});
        },
    .alone = true,
};

constexpr Factor<SignatureScheme> k_scheme_factor{
    .list = &Offer::signature_algorithms,
    .chosen = scheme_in,
    .blank = [](Offer& offer) { offer.signature_algorithms.clear(); },
};

/// Hellos that differ in one factor alone.
struct OfferClass {
    Offer rest{}; ///< what they have in common
    std::vector<const Exchange*> members{};
};

template <typename T>
std::vector<OfferClass>
classes_of(const Endpoint& endpoint, ProtocolVersion version, const Factor<T>& factor) {
    std::vector<OfferClass> classes;
    for (const Exchange& exchange : endpoint.inventory) {
        if (!offers_only(exchange.offer, version) || (exchange.offer.*factor.list).empty()) {
            continue;
        }
        Offer rest = exchange.offer;
        rest.size = 0;
        factor.blank(rest);
        auto at = std::ranges::find(classes, rest, &OfferClass::rest);
        if (at == classes.end()) {
            at = classes.insert(at, {.rest = std::move(rest), .members = {}});
        }
        at->members.push_back(&exchange);
    }
    return classes;
}

template <typename T>
bool varies(const OfferClass& members, const Factor<T>& factor) {
    return std::ranges::any_of(members.members, [&](const Exchange* exchange) {
        return exchange->offer.*factor.list != members.members.front()->offer.*factor.list;
    });
}

bool hung_up(const Exchange& exchange) {
    return exchange.outcome == Outcome::closed || exchange.outcome == Outcome::reset;
}

/// Some servers hang up where others send an alert. Twice the same, and an acceptance after it,
/// is no accident.
bool hung_up_for_it(const Endpoint& endpoint, const Exchange& exchange) {
    const auto place = static_cast<std::size_t>(&exchange - endpoint.inventory.data());
    const auto behind = std::span<const Exchange>(endpoint.inventory).subspan(place);
    std::size_t hang_ups = 0;
    bool accepted = false;
    for (const Exchange& other : behind) {
        const bool again = hung_up(other) && other.offer == exchange.offer;
        hang_ups += again ? 1 : 0;
        accepted = (accepted && !again) || succeeded(other);
    }
    return hang_ups > 1 && accepted;
}

/// A class without an acceptance says something only where the alert does: nothing in common.
bool nothing_in_common(const Exchange& exchange) {
    return exchange.alert && exchange.offer.versions.front() < ProtocolVersion::tls_1_3 &&
           (exchange.alert->description == AlertDescription::handshake_failure ||
            exchange.alert->description == AlertDescription::insufficient_security);
}

template <typename T>
bool has(const std::vector<T>& list, T what) {
    return std::ranges::find(list, what) != list.end();
}

template <typename T>
void note_refusals(
    const Endpoint& endpoint, const OfferClass& members, const Factor<T>& factor,
    std::vector<T>& refused
) {
    const bool alive = std::ranges::any_of(members.members, [&](const Exchange* exchange) {
        return factor.chosen(*exchange).has_value();
    });
    for (const Exchange* const exchange : members.members) {
        const std::vector<T>& listed = exchange->offer.*factor.list;
        const std::optional<T> chosen = factor.chosen(*exchange);
        const bool no =
            says_no(*exchange) && (alive || (factor.alone && nothing_in_common(*exchange)));
        const bool ignored = chosen && !has(listed, *chosen);
        if (no || ignored || (alive && hung_up_for_it(endpoint, *exchange))) {
            refused.insert(refused.end(), listed.begin(), listed.end());
        }
    }
}

template <typename T>
Standing<T>
standing_of(const Endpoint& endpoint, ProtocolVersion version, const Factor<T>& factor) {
    Standing<T> standing;
    const auto accepts = [&](T what) {
        return std::ranges::find(standing.accepted, what, &Chosen<T>::what) !=
               standing.accepted.end();
    };
    for (const Exchange* const exchange : telling_exchanges(endpoint, version)) {
        const std::optional<T> chosen = factor.chosen(*exchange);
        if (chosen && !accepts(*chosen)) {
            standing.accepted.push_back({.what = *chosen, .shown_by = exchange});
        }
    }
    std::vector<T> refused;
    std::vector<T> listed;
    for (const OfferClass& members : classes_of(endpoint, version, factor)) {
        if (!varies(members, factor)) {
            continue;
        }
        standing.asked = true;
        note_refusals(endpoint, members, factor, refused);
        for (const Exchange* const exchange : members.members) {
            const std::vector<T>& list = exchange->offer.*factor.list;
            listed.insert(listed.end(), list.begin(), list.end());
        }
    }
    std::ranges::sort(listed);
    const auto repeated = std::ranges::unique(listed);
    listed.erase(repeated.begin(), repeated.end());
    for (const T what : listed) {
        if (!accepts(what)) {
            (has(refused, what) ? standing.refused : standing.undecided).push_back(what);
        }
    }
    return standing;
}

} // namespace

bool says_no(const Exchange& exchange) {
    return exchange.outcome == Outcome::refused || exchange.outcome == Outcome::other_version ||
           (exchange.outcome == Outcome::accepted && !succeeded(exchange));
}

std::vector<const Exchange*> telling_exchanges(const Endpoint& endpoint, ProtocolVersion version) {
    std::vector<const Exchange*> telling;
    const auto chose = [&](const Exchange& exchange) {
        return succeeded(exchange) && exchange.selection && exchange.selection->version == version;
    };
    for (const Exchange& exchange : endpoint.exchanges) {
        const bool of_the_visit = exchange.purpose == Purpose::version ||
                                  exchange.purpose == Purpose::client ||
                                  exchange.purpose == Purpose::trait;
        const bool same_name = endpoint.inventory.empty() || version <= ProtocolVersion::ssl_3_0 ||
                               exchange.offer.sni == endpoint.inventory.front().offer.sni;
        if (of_the_visit && same_name && chose(exchange)) {
            telling.push_back(&exchange);
        }
    }
    for (const Exchange& exchange : endpoint.inventory) {
        if (chose(exchange)) {
            telling.push_back(&exchange);
        }
    }
    return telling;
}

Standing<NamedGroup> standing_of_groups(const Endpoint& endpoint, ProtocolVersion version) {
    return standing_of(endpoint, version, k_group_factor);
}

Standing<SignatureScheme> standing_of_schemes(const Endpoint& endpoint, ProtocolVersion version) {
    return standing_of(endpoint, version, k_scheme_factor);
}

} // namespace tlsdoctor::evidence
