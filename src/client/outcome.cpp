// SPDX-License-Identifier: Apache-2.0
// Answers, objections and forecasts put together.
#include "client/outcome.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "client/fingerprint.hpp"
#include "client/foretell.hpp"
#include "client/replay.hpp"

namespace tlsdoctor::client {

namespace {

using evidence::ClientBasis;
using evidence::ClientOutcome;
using evidence::ClientResult;
using evidence::Endpoint;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Refuser;
using evidence::Replay;

/// The answer that decides: of several attempts the one that went well, else the last; null where
/// none was made.
const Exchange* deciding_answer(const Endpoint& endpoint, std::string_view id) {
    const Exchange* last = nullptr;
    for (const Replay& replay : endpoint.replays) {
        const bool own = std::ranges::find(replay.clients, id) != replay.clients.end();
        if (own && replay.exchange.selection) {
            return &replay.exchange;
        }
        const bool better = last == nullptr || replay.exchange.outcome != Outcome::not_tested;
        last = own && better ? &replay.exchange : last;
    }
    return last;
}

void take(ClientOutcome& outcome, const Hindrance& why, Refuser refuser) {
    outcome.outcome = ClientResult::fails;
    outcome.refused_by = refuser;
    outcome.cause = why.cause;
    outcome.reason = why.reason;
    outcome.change = why.change;
    outcome.alert = why.alert;
}

void take(ClientOutcome& outcome, const evidence::Selection& choice) {
    outcome.version = choice.version;
    if (choice.version > ProtocolVersion::ssl_2_0) {
        outcome.cipher_suite = choice.cipher_suite;
    }
    outcome.group = choice.group;
}

/// The server chose something: does it stand by it, and does the client accept it?
void judge_choice(const Judge& client, const Exchange& answer, ClientOutcome& outcome) {
    take(outcome, *answer.selection);
    const auto& after = answer.alert_after;
    if (after && after->level == AlertLevel::fatal) {
        take(
            outcome,
            {.cause = "no_common_cipher",
             .reason = fmt::format(
                 "the server sent a ServerHello and then alert {} ({})",
                 static_cast<unsigned>(after->description), name_of(after->description)
             ),
             .alert = after->description},
            Refuser::server
        );
        return;
    }
    if (const auto objection = refusal_of(client, answer)) {
        take(outcome, *objection, Refuser::client);
        return;
    }
    if (std::string doubt = doubt_about(client, answer); !doubt.empty()) {
        outcome.outcome = ClientResult::unsure;
        outcome.reason = std::move(doubt);
        return;
    }
    outcome.outcome = ClientResult::connects;
    outcome.reason = "the server answers its hello, and it accepts what came";
}

/// The outcome of a hello that was sent.
void judge_answer(
    const Judge& client, const Exchange& answer, const SeenServer& facts, ClientOutcome& outcome
) {
    outcome.based_on = ClientBasis::replay;
    outcome.exchange = answer.id;
    switch (answer.outcome) {
    case Outcome::accepted:
    case Outcome::other_version:
        judge_choice(client, answer, outcome);
        return;
    case Outcome::refused:
    case Outcome::closed:
    case Outcome::reset:
    case Outcome::silent:
        take(outcome, why_refused(client, answer, facts), Refuser::server);
        return;
    case Outcome::garbled:
    case Outcome::not_tls:
        outcome.outcome = ClientResult::unsure;
        outcome.reason = "the answer to its hello cannot be read: " + describe_answer(answer);
        return;
    case Outcome::unreachable:
    case Outcome::not_tested:
        outcome.outcome = ClientResult::not_tested;
        outcome.reason = answer.outcome == Outcome::unreachable
                             ? "no connection came about for its hello"
                             : "the run ended before its hello was answered";
        return;
    }
}

void take(ClientOutcome& outcome, const Forecast& told) {
    outcome.based_on = ClientBasis::negotiation;
    outcome.outcome = told.result;
    if (told.choice) {
        take(outcome, *told.choice);
    }
    if (told.result == ClientResult::fails) {
        take(outcome, told.objection, told.refuser);
    } else {
        outcome.reason = told.result == ClientResult::connects
                             ? fmt::format("both speak {}", name_of(told.choice->version))
                             : told.objection.reason;
    }
}

ClientOutcome named(const Profile& profile) {
    return {
        .id = std::string{profile.id},
        .name = std::string{profile.name},
        .telling = profile.telling,
    };
}

/// Everything that decides about a client except the server.
ClientOutcome outcome_with(
    const Profile& profile, const Endpoint& endpoint, const SeenServer& facts, bool asked
) {
    ClientOutcome outcome = named(profile);
    const Judge client = judge_for(profile);
    if (const Exchange* const answer = deciding_answer(endpoint, profile.id)) {
        judge_answer(client, *answer, facts, outcome);
    } else if (asked) {
        outcome.outcome = ClientResult::not_tested;
        outcome.based_on = ClientBasis::replay;
        outcome.reason = "the run ended before its hello was sent";
    } else {
        take(outcome, foretell(client, facts));
    }
    return outcome;
}

} // namespace

Judge judge_for(const Profile& profile) {
    return {.profile = profile, .fields = hello_of(profile)};
}

ClientOutcome outcome_for(const Profile& profile, const Endpoint& endpoint) {
    return outcome_with(profile, endpoint, facts_of(endpoint), false);
}

ClientOutcome outcome_for(ByteView recorded, std::string_view label, const Endpoint& endpoint) {
    ClientOutcome outcome{.id = std::string(label), .name = std::string(label), .telling = true};
    Judge client;
    if (const auto fields = read_hello(recorded)) {
        client.fields = *fields;
        const std::vector<ProtocolVersion> offered = offered_versions(*fields);
        client.profile.highest = offered.empty() ? fields->legacy_version : offered.front();
    }
    for (const Profile& profile : profiles()) {
        if (profile.hello_class == hello_class(client.fields)) {
            client.profile = profile;
            outcome.name += fmt::format(" (like {})", profile.name);
            break;
        }
    }
    const SeenServer facts = facts_of(endpoint);
    if (const Exchange* const answer = deciding_answer(endpoint, label)) {
        judge_answer(client, *answer, facts, outcome);
    } else {
        take(outcome, foretell(client, facts));
    }
    return outcome;
}

std::vector<ClientOutcome> outcomes_at(const Endpoint& endpoint, bool asked) {
    std::vector<ClientOutcome> all;
    const SeenServer facts = facts_of(endpoint);
    for (const Profile& profile : profiles()) {
        all.push_back(outcome_with(profile, endpoint, facts, asked));
    }
    return all;
}

evidence::WhatIf
effects_of(const Change& change, const Endpoint& endpoint, std::span<const ClientOutcome> now) {
    evidence::WhatIf effects{.change = change.text};
    const SeenServer before = facts_of(endpoint);
    const SeenServer after = changed(before, change);
    for (const ClientOutcome& today : now) {
        const Profile* const profile = find_profile(today.id);
        if (profile == nullptr) {
            continue;
        }
        const Judge client = judge_for(*profile);
        const bool touched = change.suites || change.tls13_suites || change.groups;
        const bool same_version =
            !after.accepted.empty() && !before.accepted.empty() &&
            common_version(client, before.accepted) == common_version(client, after.accepted);
        ClientOutcome then = today;
        if (touched || !same_version) {
            then = named(*profile);
            take(then, foretell(client, after));
        }
        const bool works = today.outcome == ClientResult::connects;
        effects.connect_now += works ? 1U : 0U;
        effects.connect_then += then.outcome == ClientResult::connects ? 1U : 0U;
        if (then.outcome == ClientResult::unsure) {
            effects.unsure.push_back(std::move(then));
        } else if (works && then.outcome == ClientResult::fails) {
            effects.lost.push_back(std::move(then));
        } else if (today.outcome == ClientResult::fails && then.outcome == ClientResult::connects) {
            effects.gained.push_back(std::move(then));
        }
    }
    return effects;
}

} // namespace tlsdoctor::client
