// SPDX-License-Identifier: Apache-2.0
// Each question looks at one factor. Where both hellos held what was then chosen, nothing was
// lacking: something cannot bear what was added.
#include "diagnose/culprit.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tlsdoctor::diagnose {

using evidence::Exchange;
using evidence::Factor;
using evidence::Offer;
using evidence::Outcome;
using evidence::Pair;
using evidence::Purpose;
using evidence::Segmentation;

namespace {

/// What browsers send without a post-quantum share stays below this size.
constexpr std::uint16_t k_without_post_quantum = 700;

template <typename T>
bool holds(const std::vector<T>& list, T one) {
    return std::ranges::find(list, one) != list.end();
}

bool has_post_quantum(const Offer& offer) {
    return std::ranges::any_of(offer.groups, evidence::is_post_quantum);
}

/// The refused hello held the suite and the group that the accepted one got: it lacked nothing.
bool lacked_nothing(const Pair& pair) {
    const auto& chosen = pair.accepted->selection;
    const Offer& refused = pair.refused->offer;
    return chosen && holds(refused.cipher_suites, chosen->cipher_suite) &&
           (!chosen->group || holds(refused.groups, *chosen->group));
}

} // namespace

/// The pair that shows a cause, a repeated one first; null where there is none.
const Pair* pair_for(const Case& visit, Telling telling) {
    const auto at =
        std::ranges::find_if(visit.pairs, [&](const Pair& pair) { return telling(visit, pair); });
    return at == visit.pairs.end() ? nullptr : &*at;
}

bool is_by(const Pair& pair, Factor factor) {
    return pair.factors.front() == factor;
}

bool by_versions(const Case&, const Pair& pair) {
    const auto newest = [](const Exchange* exchange) {
        return std::ranges::max(exchange->offer.versions);
    };
    const bool newer_refused =
        newest(pair.refused) > newest(pair.accepted) && pair.refused->outcome != Outcome::accepted;
    return (is_by(pair, Factor::versions) && newer_refused) || is_by(pair, Factor::legacy_version);
}

bool by_suites(const Case&, const Pair& pair) {
    return is_by(pair, Factor::cipher_suites) && pair.accepted->selection && !lacked_nothing(pair);
}

bool by_groups(const Case&, const Pair& pair) {
    const bool only_post_quantum =
        is_by(pair, Factor::post_quantum) && has_post_quantum(pair.accepted->offer);
    const bool list = is_by(pair, Factor::groups) || is_by(pair, Factor::key_shares);
    return only_post_quantum || (list && !lacked_nothing(pair));
}

/// TLS 1.3 was chosen, and alert 40 came encrypted when the server had to sign: the suites, the
/// group and the version are settled then (Java 17, BoringSSL and rustls, measured).
bool fails_to_sign(const Pair& pair) {
    const Exchange& refused = *pair.refused;
    return is_by(pair, Factor::versions) && refused.outcome == Outcome::accepted &&
           refused.after_encrypted && refused.alert_after &&
           refused.alert_after->description == AlertDescription::handshake_failure;
}

bool by_signatures(const Case&, const Pair& pair) {
    return is_by(pair, Factor::signature_algorithms) || fails_to_sign(pair);
}

bool by_missing_ems(const Case&, const Pair& pair) {
    return is_by(pair, Factor::extended_master_secret) &&
           !pair.refused->offer.extended_master_secret;
}

bool by_alpn(const Case&, const Pair& pair) {
    return is_by(pair, Factor::alpn) && !pair.refused->offer.alpn.empty();
}

/// Segments of 536 bytes get through and larger ones do not.
bool by_path(const Case&, const Pair& pair) {
    return is_by(pair, Factor::segmentation) &&
           pair.accepted->offer.segmentation == Segmentation::small_segments;
}

bool by_size(const Case&, const Pair& pair) {
    return is_by(pair, Factor::size);
}

bool by_cut(const Case&, const Pair& pair) {
    return is_by(pair, Factor::segmentation) &&
           pair.refused->offer.segmentation == Segmentation::two_segments;
}

/// Only what a post-quantum share makes so large fails.
bool by_large_hello(const Case& visit, const Pair& pair) {
    const bool by_group =
        is_by(pair, Factor::post_quantum) && has_post_quantum(pair.refused->offer);
    const bool large = by_size(visit, pair) &&
                       pair.accepted->offer.size >= k_without_post_quantum &&
                       pair.refused->offer.size > pair.accepted->offer.size;
    return by_group || large || by_cut(visit, pair);
}

bool by_record_version(const Case&, const Pair& pair) {
    return is_by(pair, Factor::record_version);
}

/// The refused hello says more than the accepted one, and that is all.
bool by_extension(const Case& visit, const Pair& pair) {
    switch (pair.factors.front()) {
    case Factor::grease:
    case Factor::extensions:
    case Factor::compression:
    case Factor::renegotiation:
    case Factor::fallback_scsv:
        return true;
    case Factor::extended_master_secret:
        return !by_missing_ems(visit, pair);
    case Factor::cipher_suites:
    case Factor::groups:
    case Factor::key_shares:
        return lacked_nothing(pair);
    default:
        return false;
    }
}

/// How the refused hello ends, in words.
std::string ends(const Pair& pair) {
    const Exchange& refused = *pair.refused;
    const auto& alert = refused.alert ? refused.alert : refused.alert_after;
    if (alert) {
        return fmt::format(
            "refused (alert {} {})", static_cast<unsigned>(alert->description),
            name_of(alert->description)
        );
    }
    switch (refused.outcome) {
    case Outcome::closed:
        return "closed";
    case Outcome::reset:
        return "reset";
    case Outcome::silent:
        return "not answered";
    default:
        return "answered with something else than TLS";
    }
}

/// Which hellos of clients fail for it.
std::string whom(const Case& visit, const Pair& pair) {
    std::vector<std::string_view> names;
    for (const Exchange& exchange : visit.endpoint.exchanges) {
        if (exchange.purpose != Purpose::client || succeeded(exchange) ||
            !explains(pair, exchange)) {
            continue;
        }
        const std::string_view name = has_post_quantum(exchange.offer) ? "browsers of today"
                                      : exchange.offer.grease ? "browsers without post-quantum keys"
                                                              : "clients like Java 8";
        names.push_back(name);
    }
    if (names.empty()) {
        return "Clients with such a hello fail.";
    }
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        text += i == 0 ? "" : (i + 1 == names.size() ? " and " : ", ");
        text += names[i];
    }
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text + " fail.";
}

} // namespace tlsdoctor::diagnose
