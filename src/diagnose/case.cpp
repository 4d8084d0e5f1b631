// SPDX-License-Identifier: Apache-2.0
// Small questions about one endpoint's answers.
#include "diagnose/case.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/assume.hpp"
#include "base/text.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;
using evidence::VersionAnswer;

/// The last control probe decides: after a while the first one's failure may be over.
bool control_failed(const evidence::Endpoint& endpoint) {
    const auto last = std::find_if(
        endpoint.exchanges.rbegin(), endpoint.exchanges.rend(),
        [](const Exchange& exchange) {
            return exchange.purpose == Purpose::control && exchange.outcome != Outcome::not_tested;
        }
    );
    return last != endpoint.exchanges.rend() && is_failed_control(*last);
}

bool control_held(const evidence::Endpoint& endpoint) {
    return std::ranges::any_of(endpoint.exchanges, [](const Exchange& exchange) {
        return exchange.purpose == Purpose::control && exchange.outcome == Outcome::accepted;
    });
}

/// Made after all else, so who completes it is not banned.
bool handshake_completed(const evidence::Endpoint& endpoint) {
    return endpoint.handshake && endpoint.handshake->completed;
}

bool is_wordless(Outcome outcome) {
    return outcome == Outcome::closed || outcome == Outcome::reset || outcome == Outcome::silent;
}

/// `TLS 1.2`, `TLS 1.3/1.2`.
std::string versions_text(const std::vector<ProtocolVersion>& versions) {
    std::string text = name_of(versions.front());
    for (std::size_t i = 1; i < versions.size(); ++i) {
        text += "/" + name_of(versions[i]).substr(4);
    }
    return text;
}

std::string hello_text(const Exchange& exchange) {
    if (exchange.offer.versions.empty()) {
        return exchange.purpose == Purpose::plain ? "HTTP request in clear"
                                                  : "connection without a byte";
    }
    std::string text = versions_text(exchange.offer.versions) + " hello";
    if (exchange.purpose == Purpose::name) {
        text += exchange.offer.sni ? " with SNI " + harmless(*exchange.offer.sni) : " without SNI";
    } else if (exchange.purpose == Purpose::control) {
        text += ", repeated,";
    }
    return text;
}

} // namespace

Case open_case(
    const evidence::Target& target, const evidence::Endpoint& endpoint, const Question& question
) {
    Case visit{
        .target = target,
        .endpoint = endpoint,
        .question = question,
        .answers = version_answers(endpoint),
        .accepted = accepted_versions(endpoint),
        .pairs = minimal_pairs(endpoint),
        .banned = control_failed(endpoint) && !handshake_completed(endpoint),
    };
    visit.doubtful =
        control_failed(endpoint) || (!visit.accepted.empty() && !control_held(endpoint));
    return visit;
}

const VersionAnswer& answer_to(const Case& visit, ProtocolVersion version) {
    const auto at = std::ranges::find(visit.answers, version, &VersionAnswer::version);
    assume(at != visit.answers.end(), "a version that is never asked for");
    return *at;
}

bool accepts(const Case& visit, ProtocolVersion version) {
    return answer_to(visit, version).outcome == Outcome::accepted;
}

bool is_failed_control(const Exchange& exchange) {
    return exchange.purpose == Purpose::control && exchange.outcome != Outcome::accepted &&
           exchange.outcome != Outcome::not_tested;
}

bool denies(const Case& visit, ProtocolVersion version) {
    const VersionAnswer& answer = answer_to(visit, version);
    const bool doubtful = visit.doubtful && is_wordless(answer.outcome);
    return is_no(answer.outcome) && !doubtful && settled(answer, !visit.accepted.empty());
}

std::optional<AlertDescription> alert_to(const Case& visit, ProtocolVersion version) {
    const VersionAnswer& answer = answer_to(visit, version);
    if (answer.outcome != Outcome::refused || !answer.shown_by->alert) {
        return std::nullopt;
    }
    return answer.shown_by->alert->description;
}

Citation cite(const Exchange& exchange) {
    return {
        .exchange = exchange.id,
        .text = fmt::format("{} -> {}", hello_text(exchange), describe_answer(exchange)),
    };
}

Citation cite(const Exchange& exchange, evidence::Factor factor) {
    if (factor == evidence::Factor::versions) {
        return cite(exchange); // every citation begins with them
    }
    return {
        .exchange = exchange.id,
        .text = fmt::format(
            "{}, {} -> {}", hello_text(exchange), value_of(exchange.offer, factor),
            describe_answer(exchange)
        ),
    };
}

Citation cite(const VersionAnswer& answer) {
    return cite(*answer.shown_by);
}

std::vector<Citation> cite_versions(const Case& visit, std::span<const ProtocolVersion> versions) {
    std::vector<Citation> citations;
    for (const ProtocolVersion version : versions) {
        const VersionAnswer& answer = answer_to(visit, version);
        if (answer.shown_by != nullptr) {
            citations.push_back(cite(answer));
        }
    }
    return citations;
}

std::string list_of(std::span<const ProtocolVersion> versions) {
    std::string text;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        const bool last = i + 1 == versions.size();
        text += i == 0 ? "" : (last ? " and " : ", ");
        text += name_of(versions[i]);
    }
    return text;
}

std::string name_of(const evidence::Target& target) {
    const bool ipv6 = target.host.find(':') != std::string::npos;
    return ipv6 ? fmt::format("[{}]:{}", target.host, target.port)
                : fmt::format("{}:{}", target.host, target.port);
}

} // namespace tlsdoctor::diagnose
