// SPDX-License-Identifier: Apache-2.0
// The hello of the user's own client (`--client`) was sent as that client sends it. Why it fails
// was worked out from the answer and from what the client is known to accept (client/outcome.hpp);
// a row here turns each cause into a finding that cites the answer.
#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::ClientOutcome;
using evidence::ClientResult;
using evidence::Exchange;
using evidence::Refuser;

/// The answer to the client's hello, where it came from this address.
const Exchange* own_answer(const Case& visit, const ClientOutcome& client) {
    for (const evidence::Replay& replay : visit.endpoint.replays) {
        if (replay.exchange.id == client.exchange) {
            return &replay.exchange;
        }
    }
    return nullptr;
}

Proof fails_because_of(const Case& visit, std::string_view cause) {
    const auto& client = visit.question.client_outcome;
    if (!client || client->outcome != ClientResult::fails || client->cause != cause) {
        return std::nullopt;
    }
    const Exchange* const answer = own_answer(visit, *client);
    if (answer == nullptr) {
        return std::nullopt;
    }
    Citation citation = cite(*answer);
    citation.text = "its own hello: " + citation.text;
    if (client->refused_by == Refuser::client) {
        citation.text += ", which the client refuses";
    }
    return std::vector{std::move(citation)};
}

/// Which of the causes, by its place in the table below.
constexpr std::string_view k_replay_causes[] = {
    "server_requires_newer_version",
    "client_only_tls13",
    "server_only_legacy",
    "no_common_cipher",
    "no_common_group",
    "cert_key_type_mismatch",
    "sigalg_mismatch",
    "weak_dh",
    "legacy_renegotiation",
    "ems_required_fips",
    "insufficient_security",
    "sni_missing",
    "sni_unknown",
    "alpn_mismatch",
    "client_cert_required",
    "large_clienthello_pq",
    "closed_after_hello",
    "reset_after_hello",
    "silent_after_hello",
};

template <std::size_t place>
Proof fails_so(const Case& visit) {
    return fails_because_of(visit, k_replay_causes[place]);
}

template <std::size_t place>
constexpr Condition k_fails_so[] = {{"the client's own hello fails for this", fails_so<place>}};

std::string own_reason(const Case& visit) {
    const ClientOutcome& client = *visit.question.client_outcome;
    return fmt::format("{} fails: {}.", harmless(client.name), client.reason);
}

/// The versions of both sides are known for certain. The reason for another refusal is concluded
/// from lists, and what a client accepts was measured with one build of it.
Confidence as_sure_as_its_cause(const Case& visit) {
    const std::string& cause = visit.question.client_outcome->cause;
    const bool versions = cause == "server_requires_newer_version" ||
                          cause == "client_only_tls13" || cause == "server_only_legacy";
    return versions ? Confidence::proven : Confidence::likely;
}

constexpr std::string_view k_unless = "a handshake of this very client that completes";

constexpr Rule row(std::string_view cause, std::span<const Condition> conditions) {
    return {
        .cause = cause,
        .all_of = conditions,
        .confidence = as_sure_as_its_cause,
        .summary = own_reason,
        .refuted_by = k_unless,
        .overrides = k_healthy_word,
    };
}

template <std::size_t... places>
constexpr auto rows(std::index_sequence<places...>) {
    return std::array{row(k_replay_causes[places], k_fails_so<places>)...};
}

constexpr auto k_named_causes = rows(std::make_index_sequence<std::size(k_replay_causes)>{});

/// Others are accepted, and nothing tells why this one is not.
Proof fails_for_no_known_reason(const Case& visit) {
    return visit.accepted.empty() ? std::nullopt : fails_because_of(visit, "");
}

constexpr Condition k_fails_somehow[] = {
    {"the client's own hello fails, and nothing says why", fails_for_no_known_reason},
};

/// TLS 1.3 is all that the server accepts, and the client speaks it.
Proof needs_no_older_version(const Case& visit) {
    const auto& client = visit.question.client_outcome;
    const bool connects = client && client->outcome == ClientResult::connects &&
                          client->based_on == evidence::ClientBasis::replay;
    if (!connects || visit.accepted != std::vector{ProtocolVersion::tls_1_3}) {
        return std::nullopt;
    }
    for (const evidence::Replay& replay : visit.endpoint.replays) {
        if (replay.exchange.selection) {
            return std::vector{cite(replay.exchange)};
        }
    }
    return std::nullopt;
}

std::string connects_with_tls_1_3(const Case& visit) {
    return fmt::format(
        "{} connects with TLS 1.3, the only version that the server accepts.",
        harmless(visit.question.client_outcome->name)
    );
}

constexpr Condition k_connects_with_1_3[] = {
    {"the client connects with TLS 1.3, and no other is accepted", needs_no_older_version},
};

constexpr std::string_view k_only_1_3_word[] = {"server_only_tls13"};

constexpr Rule k_other_outcomes[] = {
    {.cause = "unknown",
     .all_of = k_fails_somehow,
     .confidence = likely,
     .summary = own_reason,
     .refuted_by = k_unless,
     .overrides = k_healthy_word},
    {.cause = "healthy",
     .all_of = k_connects_with_1_3,
     .confidence = likely,
     .summary = connects_with_tls_1_3,
     .refuted_by = "a handshake of this very client that fails",
     .overrides = k_only_1_3_word},
};

constexpr auto k_replay_rules = [] {
    std::array<Rule, std::size(k_named_causes) + std::size(k_other_outcomes)> all{};
    std::ranges::copy(k_other_outcomes, std::ranges::copy(k_named_causes, all.begin()).out);
    return all;
}();

} // namespace

std::span<const Rule> replay_rules() {
    return k_replay_rules;
}

} // namespace tlsdoctor::diagnose
