// SPDX-License-Identifier: Apache-2.0
// Picks out of an endpoint's exchanges those whose like was measured, and spells their answers as
// data/stacks.tsv does.
#include "diagnose/stack_answers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "evidence/facts.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Shape;

constexpr std::string_view k_none = "-";

/// The version's name in the table.
std::string_view probe_for(ProtocolVersion version) {
    constexpr std::array<std::string_view, k_versions.size()> k_probes = {"ssl2",  "ssl3",
                                                                          "tls10", "tls11",
                                                                          "tls12", "tls13"};
    const auto* const at = std::ranges::find(k_versions, version);
    return at != k_versions.end() ? k_probes.at(static_cast<std::size_t>(at - k_versions.begin()))
                                  : k_none;
}

bool is_alert(const Exchange& exchange, AlertDescription description) {
    return exchange.alert && exchange.alert->description == description;
}

/// Returns the refusal in the table's spelling, empty for all that is none.
std::string refusal_word(const Exchange& exchange) {
    if (exchange.outcome == Outcome::refused && exchange.alert) {
        return fmt::format(
            "A{}/{:04x}", std::to_underlying(exchange.alert->description),
            std::to_underlying(exchange.alert->record_version)
        );
    }
    if (exchange.outcome == Outcome::closed) {
        return "FIN";
    }
    return exchange.outcome == Outcome::reset ? "RST" : "";
}

/// Alerts 40 and 112 say what is configured, not who says it: no suite in common, no such name.
bool is_about_the_setup(const Exchange& exchange, ProtocolVersion version, ProtocolVersion newest) {
    if (is_alert(exchange, AlertDescription::unrecognized_name)) {
        return true;
    }
    const bool above = newest != ProtocolVersion::none && version > newest;
    return !above && version >= ProtocolVersion::tls_1_0 &&
           is_alert(exchange, AlertDescription::handshake_failure) &&
           exchange.alert->record_version == std::min(version, ProtocolVersion::tls_1_2);
}

/// The first hello of this shape that offered this version alone.
const Exchange* hello_of(const Endpoint& endpoint, ProtocolVersion version, Shape shape) {
    const auto at = std::ranges::find_if(endpoint.exchanges, [&](const Exchange& exchange) {
        return exchange.purpose == Purpose::version && offers_only(exchange.offer, version) &&
               exchange.offer.shape == shape;
    });
    return at != endpoint.exchanges.end() ? &*at : nullptr;
}

/// The hello for this version whose answers were measured: it names no ALPN protocol, which a
/// server could refuse. A cheap one gets the same where it is refused for its version.
const Exchange* plain_hello(const Endpoint& endpoint, ProtocolVersion version) {
    const Exchange* found = nullptr;
    for (const Shape shape : {Shape::openssl, Shape::ssl2, Shape::cheap}) {
        found = found == nullptr ? hello_of(endpoint, version, shape) : found;
    }
    return found;
}

/// Tells which of the further probes of the table this exchange is; `name` is the one that the
/// version probes sent.
std::string_view trait_of(const Exchange& exchange, const std::optional<std::string>& name) {
    const evidence::Offer& offer = exchange.offer;
    const bool tls12 = offers_only(offer, ProtocolVersion::tls_1_2);
    const bool tls13 = offers_only(offer, ProtocolVersion::tls_1_3);
    const bool other_name = offer.sni && offer.sni != name;
    if (exchange.purpose == Purpose::name && other_name && (tls12 || tls13)) {
        return tls12 ? "wrong12" : "wrong13";
    }
    const bool asked = exchange.purpose == Purpose::trait || exchange.purpose == Purpose::factor;
    if (!asked || !tls12 || other_name) {
        return {};
    }
    if (offer.fallback_scsv) {
        return "scsv12";
    }
    const bool unsigned_hello =
        offer.shape == Shape::composed && offer.signature_algorithms.empty();
    return unsigned_hello ? "nosig12" : std::string_view{};
}

bool accepts(const std::vector<ProtocolVersion>& accepted, ProtocolVersion version) {
    return std::ranges::find(accepted, version) != accepted.end();
}

/// A version that another hello got accepted was refused for its hello's sake, which was not
/// measured.
void observe_versions(
    std::vector<Observation>& seen, const Endpoint& endpoint,
    const std::vector<ProtocolVersion>& accepted
) {
    const auto newest = accepted.empty() ? ProtocolVersion::none : accepted.back();
    for (const ProtocolVersion version : k_versions) {
        const Exchange* const hello = plain_hello(endpoint, version);
        if (hello == nullptr || accepts(accepted, version) ||
            is_about_the_setup(*hello, version, newest) || evidence::is_for_the_hello(*hello)) {
            continue;
        }
        if (std::string word = refusal_word(*hello); !word.empty()) {
            seen.push_back({probe_for(version), probe_for(newest), std::move(word), hello});
        }
    }
}

/// Only where the plain hello of that version is accepted is the difference what was asked.
void observe_traits(
    std::vector<Observation>& seen, const Endpoint& endpoint,
    const std::vector<ProtocolVersion>& accepted
) {
    const Exchange* const named = plain_hello(endpoint, ProtocolVersion::tls_1_2);
    const std::optional<std::string> name = named != nullptr ? named->offer.sni : std::nullopt;
    for (const Exchange& exchange : endpoint.exchanges) {
        const std::string_view probe = trait_of(exchange, name);
        const bool known = std::ranges::find(seen, probe, &Observation::probe) != seen.end();
        if (probe.empty() || known || !accepts(accepted, exchange.offer.versions.front()) ||
            is_alert(exchange, AlertDescription::handshake_failure) ||
            is_alert(exchange, AlertDescription::unrecognized_name)) {
            continue;
        }
        std::string word = exchange.outcome == Outcome::accepted ? "ok" : refusal_word(exchange);
        if (!word.empty()) {
            seen.push_back({probe, probe_for(accepted.back()), std::move(word), &exchange});
        }
    }
}

void observe_newest(
    std::vector<Observation>& seen, const Endpoint& endpoint,
    const std::vector<ProtocolVersion>& accepted
) {
    if (accepted.empty()) {
        return;
    }
    const auto answers = evidence::version_answers(endpoint);
    const auto at = std::ranges::find(answers, accepted.back(), &evidence::VersionAnswer::version);
    seen.push_back({k_accepts, k_none, std::string{probe_for(accepted.back())}, at->shown_by});
}

} // namespace

bool is_wordless(const Observation& observation) {
    return observation.answer == "FIN" || observation.answer == "RST";
}

std::vector<Observation> observed(const Endpoint& endpoint) {
    const std::vector<ProtocolVersion> accepted = evidence::accepted_versions(endpoint);
    std::vector<Observation> seen;
    observe_versions(seen, endpoint, accepted);
    observe_traits(seen, endpoint, accepted);
    observe_newest(seen, endpoint, accepted);
    return seen;
}

} // namespace tlsdoctor::diagnose
