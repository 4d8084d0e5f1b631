// SPDX-License-Identifier: Apache-2.0
// Selecting and summing exchanges; what they mean is for the rules of `diagnose`.
#include "evidence/facts.hpp"

#include <algorithm>

namespace tlsdoctor::evidence {

namespace {

/// The more an answer says, the earlier it stands: the sum over several hellos is the most telling
/// one.
constexpr Outcome k_most_telling_first[] = {
    Outcome::accepted,    Outcome::other_version, Outcome::refused, Outcome::not_tls,
    Outcome::garbled,     Outcome::reset,         Outcome::closed,  Outcome::silent,
    Outcome::unreachable, Outcome::not_tested,
};

std::size_t order_of(Outcome outcome) {
    const auto* const at = std::ranges::find(k_most_telling_first, outcome);
    return static_cast<std::size_t>(at - std::begin(k_most_telling_first));
}

/// What a cheap hello is refused with says least of all that was said: the full hello follows it.
std::size_t order_of(const Exchange& exchange) {
    const bool weak = is_for_the_hello(exchange);
    return 2 * order_of(weak ? Outcome::silent : exchange.outcome) + (weak ? 1 : 0);
}

/// A hello of the search, or a repeated one, that was accepted says "yes" to its version as well as
/// any other; one that was refused may have been refused for what it was meant to try. Those with
/// another name, behind a PROXY header or in segments that no client makes say nothing.
bool says_yes(const Exchange& exchange, const std::optional<std::string>& name) {
    const bool of_the_search = exchange.purpose == Purpose::factor ||
                               exchange.purpose == Purpose::client ||
                               exchange.purpose == Purpose::repeat;
    const bool at_the_same_door = exchange.offer.sni == name && !exchange.offer.proxy_header &&
                                  exchange.offer.segmentation != Segmentation::small_segments;
    return of_the_search && succeeded(exchange) && at_the_same_door;
}

/// The name that the hellos for the versions carry.
std::optional<std::string> name_asked_for(const Endpoint& endpoint) {
    for (const Exchange& exchange : endpoint.exchanges) {
        if (exchange.purpose == Purpose::version && exchange.offer.sni) {
            return exchange.offer.sni;
        }
    }
    return std::nullopt;
}

VersionAnswer answer_for(
    const Endpoint& endpoint, ProtocolVersion version, const std::optional<std::string>& name
) {
    VersionAnswer answer{.version = version};
    for (const Exchange& exchange : endpoint.exchanges) {
        const bool counts = exchange.purpose == Purpose::version || says_yes(exchange, name);
        if (!counts || !offers_only(exchange.offer, version)) {
            continue;
        }
        answer.all.push_back(&exchange);
        const bool first = answer.shown_by == nullptr;
        if (first || order_of(exchange) < order_of(*answer.shown_by)) {
            answer.outcome = exchange.outcome;
            answer.shown_by = &exchange;
        }
    }
    return answer;
}

} // namespace

bool is_no(Outcome outcome) {
    switch (outcome) {
    case Outcome::other_version:
    case Outcome::refused:
    case Outcome::closed:
    case Outcome::reset:
    case Outcome::silent:
    case Outcome::garbled:
    case Outcome::not_tls:
        return true;
    case Outcome::not_tested:
    case Outcome::accepted:
    case Outcome::unreachable:
        break;
    }
    return false;
}

bool succeeded(const Exchange& exchange) {
    const bool taken_back =
        exchange.alert_after && exchange.alert_after->level == AlertLevel::fatal;
    return exchange.outcome == Outcome::accepted && !taken_back;
}

std::vector<VersionAnswer> version_answers(const Endpoint& endpoint) {
    const std::optional<std::string> name = name_asked_for(endpoint);
    std::vector<VersionAnswer> answers;
    for (const ProtocolVersion version : k_versions) {
        answers.push_back(answer_for(endpoint, version, name));
    }
    return answers;
}

std::vector<ProtocolVersion> accepted_versions(const Endpoint& endpoint) {
    std::vector<ProtocolVersion> accepted;
    for (const VersionAnswer& answer : version_answers(endpoint)) {
        if (answer.outcome == Outcome::accepted) {
            accepted.push_back(answer.version);
        }
    }
    return accepted;
}

bool is_for_the_hello(const Exchange& exchange) {
    if (exchange.offer.shape != Shape::cheap || !is_no(exchange.outcome)) {
        return false;
    }
    const bool about_the_version =
        exchange.outcome == Outcome::other_version ||
        (exchange.alert && exchange.alert->description == AlertDescription::protocol_version) ||
        (exchange.alert && offers_only(exchange.offer, ProtocolVersion::tls_1_3));
    return !about_the_version;
}

bool settled(const VersionAnswer& answer, bool accepted_another) {
    const auto says_no = [](const Exchange* exchange) {
        return is_no(exchange->outcome) && !is_for_the_hello(*exchange);
    };
    const auto nos = std::ranges::count_if(answer.all, says_no);
    if (answer.outcome == Outcome::other_version || nos >= 2) {
        return true;
    }
    if (nos == 1 && answer.version == ProtocolVersion::ssl_2_0) {
        return true;
    }
    const bool alert_70 = answer.outcome == Outcome::refused && answer.shown_by->alert &&
                          answer.shown_by->alert->description == AlertDescription::protocol_version;
    return alert_70 && accepted_another;
}

std::string_view contradiction_in(const Exchange& exchange) {
    const auto& versions = exchange.offer.versions;
    const bool asks_for_a_version = exchange.purpose == Purpose::version ||
                                    exchange.purpose == Purpose::name ||
                                    exchange.purpose == Purpose::control;
    const bool one_known =
        versions.size() == 1 && std::ranges::find(k_versions, versions.front()) != k_versions.end();
    if (asks_for_a_version && !one_known) {
        return "one version from SSL 2.0 to TLS 1.3 must be offered";
    }
    if (exchange.outcome == Outcome::refused && !exchange.alert) {
        return "a refusal needs its alert";
    }
    return "";
}

std::optional<FallbackAnswer> fallback_answer(const Endpoint& endpoint) {
    for (const Exchange& exchange : endpoint.exchanges) {
        if (exchange.purpose != Purpose::trait || !exchange.offer.fallback_scsv) {
            continue;
        }
        const bool honoured = exchange.alert && exchange.alert->description ==
                                                    AlertDescription::inappropriate_fallback;
        if (honoured || succeeded(exchange)) {
            return FallbackAnswer{.honoured = honoured, .shown_by = &exchange};
        }
    }
    return std::nullopt;
}

ClientCertificate client_certificate(const Endpoint& endpoint) {
    const auto& handshake = endpoint.handshake;
    const bool asked = handshake && handshake->asked_for_certificate;
    if (asked && handshake->completed &&
        (!handshake->failure_after.empty() || handshake->http_demands_certificate)) {
        return ClientCertificate::required;
    }
    if (asked && !handshake->completed && !handshake->failure.empty()) {
        return ClientCertificate::required;
    }
    const bool seen = std::ranges::any_of(endpoint.exchanges, [](const Exchange& exchange) {
        return exchange.flight && exchange.flight->certificate_requested;
    });
    return asked || seen ? ClientCertificate::requested : ClientCertificate::not_requested;
}

std::vector<std::string> accepted_authorities(const Endpoint& endpoint) {
    if (endpoint.handshake && !endpoint.handshake->certificate_authorities.empty()) {
        return endpoint.handshake->certificate_authorities;
    }
    const auto names_some = [](const Exchange& exchange) {
        return exchange.flight && !exchange.flight->certificate_authorities.empty();
    };
    const auto at = std::ranges::find_if(endpoint.exchanges, names_some);
    return at == endpoint.exchanges.end() ? std::vector<std::string>{}
                                          : at->flight->certificate_authorities;
}

std::string_view name_of(ClientCertificate wish) {
    switch (wish) {
    case ClientCertificate::not_requested:
        break;
    case ClientCertificate::requested:
        return "requested";
    case ClientCertificate::required:
        return "required";
    }
    return "not_requested";
}

bool speaks_http(const Target& target, const Endpoint& endpoint) {
    if (target.starttls) {
        return false;
    }
    const std::uint16_t port = endpoint.port;
    const bool by_port = port == 443 || port == 8443 || (port >= 8000 && port <= 8099);
    const auto chose_http = [](const Exchange& exchange) {
        return exchange.flight && exchange.flight->alpn &&
               (exchange.flight->alpn->starts_with("http/") || *exchange.flight->alpn == "h2");
    };
    return target.scheme == "https" || (target.scheme.empty() && by_port) ||
           std::ranges::any_of(endpoint.exchanges, chose_http);
}

std::string_view foreign_protocol(const Endpoint& endpoint) {
    std::string_view met;
    for (const Exchange& exchange : endpoint.exchanges) {
        const auto& versions = exchange.offer.versions;
        const bool by_tls = versions.empty() || versions.front() >= ProtocolVersion::tls_1_0;
        // What was met before an upgrade, or in answer to text, is not what is met instead of TLS.
        const bool aside = exchange.purpose == Purpose::trait || exchange.purpose == Purpose::plain;
        if (exchange.outcome != Outcome::not_tls || !by_tls || aside) {
            continue;
        }
        if (met.empty() || met == "unknown") {
            met = exchange.protocol;
        }
    }
    return met;
}

} // namespace tlsdoctor::evidence
