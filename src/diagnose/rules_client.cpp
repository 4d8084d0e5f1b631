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
    const auto& outcome = question.client_outcome;
    if (outcome && outcome->based_on == evidence::ClientBasis::replay) {
        return std::nullopt; // its own hello says more than its range
    }
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

/// The user pointed at it with http://, or shows the complaint of a port that was spoken to in
/// clear; and it speaks TLS.
Proof client_speaks_plain(const Case& visit) {
    const bool plain =
        visit.target.scheme == "http" || visit.target.scheme == "ws" || visit.question.spoke_plain;
    if (!plain || visit.accepted.empty()) {
        return std::nullopt;
    }
    std::vector<Citation> citations{cite(answer_to(visit, visit.accepted.back()))};
    for (const evidence::Exchange& exchange : visit.endpoint.exchanges) {
        if (exchange.purpose == evidence::Purpose::plain) {
            citations.push_back(cite(exchange));
        }
    }
    return citations;
}

/// A hello gets through only behind a PROXY header [the PROXY protocol, 2].
Proof proxy_header_is_expected(const Case& visit) {
    for (const evidence::Pair& pair : visit.pairs) {
        if (pair.factors.front() == evidence::Factor::proxy_header &&
            pair.accepted->offer.proxy_header) {
            const auto factor = pair.factors.front();
            return std::vector<Citation>{cite(*pair.refused, factor), cite(*pair.accepted, factor)};
        }
    }
    return std::nullopt;
}

Confidence by_repeated_header(const Case& visit) {
    const bool repeated = std::ranges::any_of(visit.pairs, [](const evidence::Pair& pair) {
        return pair.factors.front() == evidence::Factor::proxy_header && pair.repeated;
    });
    return repeated ? Confidence::proven : Confidence::likely;
}

std::string speaks_plain(const Case& visit) {
    return fmt::format(
        "Port {} speaks TLS, and the client speaks clear text to it: https:// is the scheme.",
        visit.endpoint.port
    );
}

std::string lacks_proxy_header(const Case&) {
    return "The server waits for a PROXY protocol header before the hello: it is set up to stand "
           "behind a proxy that sends one, and answers nobody else.";
}

Proof error_is_alert_86(const Case& visit) {
    const bool is = visit.question.error_alert == AlertDescription::inappropriate_fallback;
    return is ? Proof(std::vector<Citation>{}) : std::nullopt;
}

Proof honours_the_signal(const Case& visit) {
    const auto answer = fallback_answer(visit.endpoint);
    if (!answer || !answer->honoured) {
        return std::nullopt;
    }
    Citation citation = cite(*answer->shown_by);
    citation.text = "with TLS_FALLBACK_SCSV, " + citation.text;
    return std::vector{std::move(citation)};
}

std::string fell_back(const Case& visit) {
    return fmt::format(
        "The client came back with an older version after a first failure, and the server, which "
        "speaks {}, refuses that with alert 86 (inappropriate_fallback): look for the first "
        "failure.",
        name_of(visit.accepted.empty() ? ProtocolVersion::tls_1_3 : visit.accepted.back())
    );
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

constexpr Condition k_plain[] = {
    {"the user speaks clear text and the port speaks TLS", client_speaks_plain},
};
constexpr Condition k_proxy_header[] = {
    {"a hello is accepted only behind a PROXY header", proxy_header_is_expected},
};

constexpr std::string_view k_refusal_causes[] = {
    "closed_after_hello", "reset_after_hello",      "silent_after_hello",
    "not_tls_plain_http", "not_tls_other_protocol",
};
constexpr Condition k_fallback[] = {
    {"the user's error is alert 86", error_is_alert_86},
    {"the server honours the signal", honours_the_signal},
};

constexpr Rule k_client_rules[] = {
    {.cause = "client_speaks_plain_to_tls",
     .all_of = k_plain,
     .confidence = proven,
     .summary = speaks_plain,
     .refuted_by = "an answer in clear from this port",
     .overrides = k_healthy_word},
    {.cause = "client_speaks_plain_to_tls",
     .all_of = k_proxy_header,
     .confidence = by_repeated_header,
     .summary = lacks_proxy_header,
     .refuted_by = "a hello without the header that is accepted",
     .overrides = k_refusal_causes},
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
    {.cause = "fallback_scsv",
     .all_of = k_fallback,
     .confidence = proven,
     .summary = fell_back,
     .refuted_by = "a client whose first hello, without the signal, gets the same alert",
     .overrides = k_healthy_word},
};

} // namespace

std::span<const Rule> client_rules() {
    return k_client_rules;
}

} // namespace tlsdoctor::diagnose
