// SPDX-License-Identifier: Apache-2.0
// The user's own client or expectation, held against what the server accepts. These rules fire only
// when the user named one (`--client`, `--error`, `--expect`): a healthy server is healthy for all
// others.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Outcome;

std::vector<ProtocolVersion> expected_versions(const Question& question) {
    std::vector<ProtocolVersion> versions;
    for (const Expectation& expectation : question.expect) {
        if (expectation.accepted) {
            versions.push_back(expectation.version);
        }
    }
    std::ranges::sort(versions);
    return versions;
}

/// The range of the client that the user asks about: named, or implied by what must be accepted.
std::optional<VersionRange> asked_range(const Question& question) {
    const std::vector<ProtocolVersion> expected = expected_versions(question);
    if (question.client) {
        return question.client;
    }
    if (!expected.empty()) {
        return VersionRange{.lowest = expected.front(), .highest = expected.back()};
    }
    return std::nullopt;
}

/// The user's error is alert 70, and no client is named: the client is one that finds no version
/// here.
bool error_says_version(const Case& visit) {
    return !visit.question.client && visit.question.expect.empty() &&
           visit.question.error_alert == AlertDescription::protocol_version;
}

/// A version that the client speaks and that was not asked for may be one that the server accepts.
bool untested_within(const Case& visit, const VersionRange& range) {
    return std::ranges::any_of(visit.answers, [&](const evidence::VersionAnswer& answer) {
        return answer.version >= range.lowest && answer.version <= range.highest &&
               answer.outcome == Outcome::not_tested;
    });
}

Proof client_is_too_old(const Case& visit) {
    const auto range = asked_range(visit.question);
    if (visit.accepted.empty() || (!range && !error_says_version(visit))) {
        return std::nullopt;
    }
    const ProtocolVersion lowest = visit.accepted.front();
    if (range && range->highest >= lowest) {
        return std::nullopt;
    }
    const VersionRange asked = range.value_or(
        VersionRange{.lowest = ProtocolVersion::tls_1_0, .highest = ProtocolVersion::tls_1_1}
    );
    const ProtocolVersion below = asked.highest;
    if (below >= lowest || untested_within(visit, asked) || !denies(visit, below)) {
        return std::nullopt;
    }
    return std::vector<Citation>{cite(answer_to(visit, below)), cite(answer_to(visit, lowest))};
}

Proof client_insists_on_tls_1_3(const Case& visit) {
    constexpr auto k_only = ProtocolVersion::tls_1_3;
    const auto range = asked_range(visit.question);
    if (visit.accepted.empty() || accepts(visit, k_only) || !denies(visit, k_only)) {
        return std::nullopt;
    }
    const bool insists = range ? range->lowest == k_only : error_says_version(visit);
    if (!insists || visit.accepted.back() < ProtocolVersion::tls_1_2) {
        return std::nullopt; // below TLS 1.2 it is the server that must act
    }
    return std::vector<Citation>{
        cite(answer_to(visit, k_only)), cite(answer_to(visit, visit.accepted.back()))
    };
}

Proof expectation_is_not_met(const Case& visit) {
    std::vector<Citation> citations;
    for (const Expectation& expectation : visit.question.expect) {
        const auto& answer = answer_to(visit, expectation.version);
        const bool wrong = expectation.accepted ? denies(visit, expectation.version)
                                                : answer.outcome == Outcome::accepted;
        if (wrong) {
            citations.push_back(cite(answer));
        }
    }
    return citations.empty() ? std::nullopt : Proof(std::move(citations));
}

Confidence as_the_client_is_known(const Case& visit) {
    return error_says_version(visit) ? Confidence::likely : Confidence::proven;
}

Confidence as_possible(const Case& visit) {
    return error_says_version(visit) ? Confidence::possible : Confidence::proven;
}

std::string the_client(const Case& visit) {
    return visit.question.client_name.empty() ? "The client" : harmless(visit.question.client_name);
}

std::string too_old(const Case& visit) {
    const auto range = asked_range(visit.question);
    return range
               ? fmt::format(
                     "{} speaks at most {}; the server demands at least {}.", the_client(visit),
                     name_of(range->highest), name_of(visit.accepted.front())
                 )
               : fmt::format(
                     "The server accepts {}; a client that gets alert 70 (protocol_version) there "
                     "speaks older versions only.",
                     list_of(visit.accepted)
                 );
}

std::string only_tls_1_3(const Case& visit) {
    return fmt::format(
        "{} insists on TLS 1.3; the server stops at {}.", the_client(visit),
        name_of(visit.accepted.back())
    );
}

std::string not_as_expected(const Case& visit) {
    std::string text;
    for (const Expectation& expectation : visit.question.expect) {
        const bool accepted = accepts(visit, expectation.version);
        if (accepted == expectation.accepted ||
            (!accepted && !denies(visit, expectation.version))) {
            continue;
        }
        text += fmt::format(
            "{}{} is {}, expected to be {}", text.empty() ? "" : "; ", name_of(expectation.version),
            accepted ? "accepted" : "refused", expectation.accepted ? "accepted" : "refused"
        );
    }
    return text + ".";
}

constexpr Condition k_too_old[] = {{"the client's newest version is refused", client_is_too_old}};
constexpr Condition k_only_13[] = {{"TLS 1.3 alone is refused", client_insists_on_tls_1_3}};
constexpr Condition k_expectation[] = {{"an expected answer differs", expectation_is_not_met}};

constexpr Rule k_rules[] = {
    {.cause = "server_requires_newer_version",
     .all_of = k_too_old,
     .confidence = as_the_client_is_known,
     .summary = too_old,
     .refuted_by = "a hello of this client that is accepted"},
    {.cause = "client_only_tls13",
     .all_of = k_only_13,
     .confidence = as_possible,
     .summary = only_tls_1_3,
     .refuted_by = "a hello of this client that offers TLS 1.2 too"},
    {.cause = "expectation_failed",
     .all_of = k_expectation,
     .confidence = proven,
     .summary = not_as_expected,
     .refuted_by = "another answer to the same hellos"},
};

} // namespace

std::span<const Rule> client_rules() {
    return k_rules;
}

} // namespace tlsdoctor::diagnose
