// SPDX-License-Identifier: Apache-2.0
// Which versions are accepted, and what follows for clients. A version counts as refused only where
// the "no" is settled; how it was said (70, 40, 80, close, reset) does not matter, because real
// servers say it in all of these ways.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "diagnose/refusal.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Outcome;
using evidence::VersionAnswer;

template <ProtocolVersion version>
Proof is_accepted(const Case& visit) {
    if (!accepts(visit, version)) {
        return std::nullopt;
    }
    return std::vector<Citation>{cite(answer_to(visit, version))};
}

template <ProtocolVersion version>
Proof is_denied(const Case& visit) {
    if (!denies(visit, version)) {
        return std::nullopt;
    }
    return std::vector<Citation>{cite(answer_to(visit, version))};
}

Proof nothing_below_tls_1_3(const Case& visit) {
    const bool alone = visit.accepted == std::vector{ProtocolVersion::tls_1_3};
    const bool tested = std::ranges::none_of(
        std::array{ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1},
        [&](ProtocolVersion version) {
            return answer_to(visit, version).outcome == Outcome::not_tested;
        }
    );
    return alone && tested ? Proof(std::vector<Citation>{}) : std::nullopt;
}

/// The accepted legacy versions, newest first: the newest says most about what the server is.
Proof some_legacy(const Case& visit) {
    std::vector<Citation> citations;
    for (const ProtocolVersion version : visit.accepted) {
        if (version < ProtocolVersion::tls_1_2) {
            citations.insert(citations.begin(), cite(answer_to(visit, version)));
        }
    }
    return citations.empty() ? std::nullopt : Proof(std::move(citations));
}

Proof something_modern(const Case& visit) {
    const bool modern =
        accepts(visit, ProtocolVersion::tls_1_2) || accepts(visit, ProtocolVersion::tls_1_3);
    return modern ? Proof(std::vector<Citation>{}) : std::nullopt;
}

/// "Healthy" is a statement about all versions: none may be left untested.
Proof all_tested(const Case& visit) {
    const bool all = std::ranges::none_of(visit.answers, [](const VersionAnswer& answer) {
        return answer.outcome == Outcome::not_tested;
    });
    return all ? Proof(std::vector<Citation>{}) : std::nullopt;
}

Proof tls_1_2_lacks_a_suite(const Case& visit) {
    return shares_no_suite_in(visit, ProtocolVersion::tls_1_2);
}

Proof tls_1_2_is_refused_as_a_version(const Case& visit) {
    return tls_1_2_lacks_a_suite(visit) ? std::nullopt : Proof(std::vector<Citation>{});
}

/// A clear word settles a version; silence and resets can come from something on the path.
template <ProtocolVersion version>
Confidence as_said(const Case& visit) {
    const Outcome outcome = answer_to(visit, version).outcome;
    // A close is settled by two hellos, and the acceptance beside it by the control probe: a
    // repeated pair that differs in the version alone. A whole handshake that was cut off speaks
    // against it.
    const auto& handshake = visit.endpoint.handshake;
    const bool steady = !visit.doubtful && (!handshake || handshake->completed);
    const bool clear = outcome == Outcome::refused || outcome == Outcome::other_version ||
                       (outcome == Outcome::closed && steady);
    return clear && !visit.banned ? Confidence::proven : Confidence::likely;
}

std::string answer_in_words(const Case& visit, ProtocolVersion version) {
    const VersionAnswer& answer = answer_to(visit, version);
    switch (answer.outcome) {
    case Outcome::refused:
        return fmt::format(
            "get alert {} ({})", static_cast<unsigned>(answer.shown_by->alert->description),
            name_of(answer.shown_by->alert->description)
        );
    case Outcome::closed:
        return "are cut off without a word";
    case Outcome::reset:
        return "get a connection reset";
    case Outcome::silent:
        return "get no answer";
    default:
        return "fail";
    }
}

std::string only_tls13(const Case& visit) {
    return fmt::format(
        "The server accepts TLS 1.3 only; older clients {}.",
        answer_in_words(visit, ProtocolVersion::tls_1_2)
    );
}

std::string only_legacy(const Case& visit) {
    return fmt::format(
        "The server speaks nothing newer than {}; clients of today {}.",
        name_of(visit.accepted.back()),
        answer_to(visit, ProtocolVersion::tls_1_2).outcome == Outcome::other_version
            ? "refuse so old a version"
            : answer_in_words(visit, ProtocolVersion::tls_1_2)
    );
}

std::string legacy_enabled(const Case& visit) {
    std::vector<ProtocolVersion> legacy = visit.accepted;
    std::erase_if(legacy, [](ProtocolVersion version) {
        return version >= ProtocolVersion::tls_1_2;
    });
    return fmt::format("The server still accepts {}, deprecated by RFC 8996.", list_of(legacy));
}

std::string tops_out_at_tls_1_2(const Case&) {
    return "The server's newest version is TLS 1.2; clients that insist on TLS 1.3 fail.";
}

std::string all_is_well(const Case&) {
    return "The server accepts TLS 1.2 and TLS 1.3.";
}

std::string tls_1_2_without_a_suite(const Case& visit) {
    return fmt::format(
        "TLS 1.2 is on, but the server accepts none of {} cipher suites there: alert {} ({}); only "
        "clients with TLS 1.3 connect.",
        answer_to(visit, ProtocolVersion::tls_1_2).shown_by->offer.cipher_suites.size(),
        static_cast<unsigned>(*alert_to(visit, ProtocolVersion::tls_1_2)),
        name_of(*alert_to(visit, ProtocolVersion::tls_1_2))
    );
}

constexpr Condition k_only_tls13[] = {
    {"TLS 1.2 is refused", is_denied<ProtocolVersion::tls_1_2>},
    {"TLS 1.3 is accepted", is_accepted<ProtocolVersion::tls_1_3>},
    {"nothing else is accepted", nothing_below_tls_1_3},
    {"it is the version and not its suites that is refused", tls_1_2_is_refused_as_a_version},
};
constexpr Condition k_tls_1_2_no_suite[] = {
    {"TLS 1.2 is answered as one answers a hello without a common suite", tls_1_2_lacks_a_suite},
    {"TLS 1.3 is accepted", is_accepted<ProtocolVersion::tls_1_3>},
};
constexpr Condition k_only_legacy[] = {
    {"TLS 1.2 is refused", is_denied<ProtocolVersion::tls_1_2>},
    {"TLS 1.3 is refused", is_denied<ProtocolVersion::tls_1_3>},
    {"an older version is accepted", some_legacy},
};
constexpr Condition k_no_tls13[] = {
    {"TLS 1.3 is refused", is_denied<ProtocolVersion::tls_1_3>},
    {"TLS 1.2 is accepted", is_accepted<ProtocolVersion::tls_1_2>},
};
constexpr Condition k_legacy_enabled[] = {
    {"an old version is accepted", some_legacy},
    {"a current one too", something_modern},
};
constexpr Condition k_healthy[] = {
    {"TLS 1.2 is accepted", is_accepted<ProtocolVersion::tls_1_2>},
    {"TLS 1.3 is accepted", is_accepted<ProtocolVersion::tls_1_3>},
    {"every version was tested", all_tested},
};

constexpr Rule k_version_rules[] = {
    {.cause = "server_only_tls13",
     .all_of = k_only_tls13,
     .confidence = as_said<ProtocolVersion::tls_1_2>,
     .summary = only_tls13,
     .refuted_by = "a ServerHello that selects TLS 1.2"},
    {.cause = "no_common_cipher",
     .all_of = k_tls_1_2_no_suite,
     .confidence = likely,
     .summary = tls_1_2_without_a_suite,
     .refuted_by = "a configuration in which TLS 1.2 is switched off"},
    {.cause = "server_only_legacy",
     .all_of = k_only_legacy,
     .confidence = as_said<ProtocolVersion::tls_1_2>,
     .summary = only_legacy,
     .refuted_by = "a ServerHello that selects TLS 1.2 or TLS 1.3"},
    {.cause = "legacy_versions_enabled",
     .all_of = k_legacy_enabled,
     .confidence = proven,
     .summary = legacy_enabled,
     .refuted_by = "a refusal of these versions",
     .overrides = k_healthy_word},
    {.cause = "no_tls13",
     .all_of = k_no_tls13,
     .confidence = as_said<ProtocolVersion::tls_1_3>,
     .summary = tops_out_at_tls_1_2,
     .refuted_by = "a ServerHello that selects TLS 1.3"},
    {.cause = "healthy",
     .all_of = k_healthy,
     .confidence = proven,
     .summary = all_is_well,
     .refuted_by = "a client with TLS 1.2 or TLS 1.3 that fails against this server"},
};

} // namespace

std::span<const Rule> version_rules() {
    return k_version_rules;
}

} // namespace tlsdoctor::diagnose
