// SPDX-License-Identifier: Apache-2.0
// Compares the user's error and client with the evidence.
#include "diagnose/notes.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/case.hpp"
#include "evidence/facts.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::ClientBasis;
using evidence::ClientOutcome;
using evidence::ClientResult;
using evidence::Endpoint;
using evidence::Exchange;
using evidence::Visit;

bool says(const Exchange& exchange, AlertDescription alert) {
    return (exchange.alert && exchange.alert->description == alert) ||
           (exchange.alert_after && exchange.alert_after->description == alert);
}

bool is_cited(const Finding& verdict, const Exchange& exchange) {
    return std::ranges::find(verdict.evidence, exchange.id, &Citation::exchange) !=
           verdict.evidence.end();
}

/// The exchange that got this alert: one that shows the verdict before any other.
const Exchange* exchange_with(const Visit& visit, AlertDescription alert, const Finding& verdict) {
    const Exchange* first = nullptr;
    for (const Endpoint& endpoint : visit.endpoints) {
        for (const Exchange& exchange : endpoint.exchanges) {
            const auto& versions = exchange.offer.versions;
            const bool by_client = versions.empty() || versions.front() >= ProtocolVersion::tls_1_0;
            if (!says(exchange, alert) || !by_client) { // no client sends SSL 2.0 or 3.0 alone
                continue;
            }
            if (is_cited(verdict, exchange)) {
                return &exchange;
            }
            first = first == nullptr ? &exchange : first;
        }
    }
    return first;
}

/// `Java 8u161 connects: TLS 1.2, TLS_...`, or who ends it, why, and what would help.
std::string note_about(const ClientOutcome& client) {
    const std::string name = harmless(client.name);
    std::string text;
    switch (client.outcome) {
    case ClientResult::connects:
        text = fmt::format(
            "{} connects with {}{}{}", name, client.version ? name_of(*client.version) : "TLS",
            client.cipher_suite ? ", " + name_of(*client.cipher_suite) : "",
            client.group ? ", " + name_of(*client.group) : ""
        );
        break;
    case ClientResult::fails:
        text = fmt::format("{} fails: {}", name, client.reason);
        break;
    case ClientResult::unsure:
        text = fmt::format("Whether {} connects is not known: {}", name, client.reason);
        break;
    case ClientResult::not_tested:
        return fmt::format("{} was not tested: {}.", name, client.reason);
    }
    text += client.based_on == ClientBasis::replay ? "." : " (calculated, not tried).";
    return client.change.empty() ? text : text + " What would help: " + client.change + ".";
}

} // namespace

std::string error_note(const Visit& visit, const Question& question, const Finding& verdict) {
    if (question.error_text.empty()) {
        return "";
    }
    if (!question.error_alert) {
        return "Your error names no TLS alert, so it could not be compared with the answers.";
    }
    const std::string alert = fmt::format(
        "alert {} ({})", static_cast<unsigned>(*question.error_alert),
        name_of(*question.error_alert)
    );
    const Exchange* const same = exchange_with(visit, *question.error_alert, verdict);
    if (same == nullptr) {
        return fmt::format(
            "Your error is {}; none of the hellos sent here got it, so your client offers "
            "something else, or meets another server.",
            alert
        );
    }
    return fmt::format(
        "Your error is {}, {} [{}].", alert,
        is_cited(verdict, *same)
            ? "and matches this verdict: the hello that shows it got the same"
            : "which the " + cite(*same).text.substr(0, cite(*same).text.find(" -> ")) + " got too",
        same->id
    );
}

std::string client_note(const Visit& visit, const Question& question) {
    if (question.client_outcome && question.client_outcome->based_on != ClientBasis::versions) {
        return note_about(*question.client_outcome);
    }
    if (!question.client) {
        return "";
    }
    const std::string client = harmless(question.client_name);
    for (const Endpoint& endpoint : visit.endpoints) {
        const std::vector<ProtocolVersion> accepted = accepted_versions(endpoint);
        if (accepted.empty()) {
            continue;
        }
        if (question.client->lowest == ProtocolVersion::none &&
            question.client->highest > accepted.back()) {
            return fmt::format(
                "Whether {} goes down to {} is not recorded.", client, name_of(accepted.back())
            );
        }
        const auto common =
            std::ranges::find_if(accepted.rbegin(), accepted.rend(), [&](auto version) {
                return version >= question.client->lowest && version <= question.client->highest;
            });
        if (common != accepted.rend()) {
            return fmt::format(
                "{} connects, as far as versions decide: both speak {}.", client, name_of(*common)
            );
        }
        return fmt::format(
            "{} fails: it speaks {}{}, the server accepts {}.", client,
            question.client->lowest == ProtocolVersion::none
                ? "at most "
                : name_of(question.client->lowest) + " to ",
            name_of(question.client->highest), list_of(accepted)
        );
    }
    return fmt::format("{} fails like every client: no version was accepted.", client);
}

} // namespace tlsdoctor::diagnose
