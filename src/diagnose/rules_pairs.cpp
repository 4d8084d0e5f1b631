// SPDX-License-Identifier: Apache-2.0
// What a minimal pair means: two hellos that differ in one factor, one accepted and one refused.
// The factor is the culprit; which cause that is depends on what the server would have needed.
// Where both hellos held what was then chosen, nothing was lacking: something cannot bear what was
// added.
#include <algorithm>

#include <fmt/core.h>

#include "diagnose/culprit.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Factor;
using evidence::Outcome;
using evidence::Pair;

/// Refused first: that is what the user sees; and the repetitions of both.
std::vector<Citation> citations_for(const Case& visit, const Pair& pair) {
    const Factor factor = pair.factors.front();
    std::vector<Citation> citations{cite(*pair.refused, factor), cite(*pair.accepted, factor)};
    for (const Exchange& exchange : visit.endpoint.exchanges) {
        const bool again =
            (same_question(exchange.offer, pair.refused->offer) && &exchange != pair.refused) ||
            (same_question(exchange.offer, pair.accepted->offer) && &exchange != pair.accepted);
        if (again && !exchange.offer.versions.empty()) {
            citations.push_back(cite(exchange, factor));
        }
    }
    return citations;
}

template <Telling telling>
Proof shown_by_pair(const Case& visit) {
    const Pair* const pair = pair_for(visit, telling);
    return pair == nullptr ? std::nullopt : Proof(citations_for(visit, *pair));
}

template <Telling telling>
Confidence if_repeated(const Case& visit) {
    return pair_for(visit, telling)->repeated && !visit.banned ? Confidence::proven
                                                               : Confidence::likely;
}

Side box_unless_alert(const Pair& pair) {
    return pair.refused->outcome == Outcome::refused ? Side::unclear : Side::middlebox;
}

template <Telling telling>
Side box_or_server(const Case& visit) {
    return box_unless_alert(*pair_for(visit, telling));
}

Side by_server(const Case&) {
    return Side::server;
}

Status only_a_warning(const Case&) {
    return Status::warn;
}

std::string of_versions(const Case& visit) {
    const Pair& pair = *pair_for(visit, by_versions);
    return fmt::format(
        "A hello that merely offers {} too is {}; the same hello with {} is accepted.",
        name_of(std::ranges::max(pair.refused->offer.versions)), ends(pair),
        list_of(pair.accepted->offer.versions)
    );
}

std::string of_suites(const Case& visit) {
    const Pair& pair = *pair_for(visit, by_suites);
    return fmt::format(
        "The server shares no cipher suite with common clients: it takes {}. {}",
        name_of(pair.accepted->selection->cipher_suite), whom(visit, pair)
    );
}

std::string of_groups(const Case& visit) {
    const Pair& pair = *pair_for(visit, by_groups);
    const auto& selection = pair.accepted->selection;
    const auto group = selection ? selection->group : std::nullopt;
    return fmt::format(
        "The server takes no key exchange group that common clients offer{}. {}",
        group ? fmt::format(": it takes {}", name_of(*group)) : "", whom(visit, pair)
    );
}

std::string of_signatures(const Case& visit) {
    const Pair& pair = *pair_for(visit, by_signatures);
    if (fails_to_sign(pair)) {
        return fmt::format(
            "The server chooses {} and then has no signature for it: alert 40 (handshake_failure), "
            "encrypted, after its ServerHello; {} works.",
            name_of(
                pair.refused->selection ? pair.refused->selection->version
                                        : ProtocolVersion::tls_1_3
            ),
            list_of(pair.accepted->offer.versions)
        );
    }
    const auto& flight = pair.accepted->flight;
    return fmt::format(
        "The server has no signature algorithm that common clients accept{}. {}",
        flight && flight->signature_scheme
            ? fmt::format(": it signs with {}", name_of(*flight->signature_scheme))
            : "",
        whom(visit, pair)
    );
}

std::string of_missing_ems(const Case& visit) {
    return fmt::format(
        "The server demands the extended master secret: a TLS 1.2 hello without it is {}.",
        ends(*pair_for(visit, by_missing_ems))
    );
}

std::string of_alpn(const Case& visit) {
    const Pair& pair = *pair_for(visit, by_alpn);
    return fmt::format(
        "The server has none of the application protocols {}: a hello with them is {}, without "
        "ALPN it is accepted.",
        value_of(pair.refused->offer, Factor::alpn).substr(5), ends(pair)
    );
}

std::string of_path(const Case&) {
    return "Large packets are lost on the path: the same hello gets no answer as usual, and is "
           "answered with TCP segments of 536 bytes.";
}

std::string of_size(const Case& visit) {
    const Pair& pair = *pair_for(visit, by_size);
    const std::uint16_t good = pair.accepted->offer.size;
    const std::uint16_t bad = pair.refused->offer.size;
    return fmt::format(
        "A ClientHello of {} bytes or {} is {}, one of {} bytes is accepted. {}", bad,
        bad > good ? "more" : "less", ends(pair), good, whom(visit, pair)
    );
}

std::string of_large_hello(const Case& visit) {
    if (const Pair* const cut = pair_for(visit, by_cut)) {
        return fmt::format(
            "A ClientHello that comes in two TCP segments is {}, whatever its size: the "
            "post-quantum key share of today's browsers makes theirs so long.",
            ends(*cut)
        );
    }
    const Pair& pair = *pair_for(visit, by_large_hello);
    if (is_by(pair, Factor::post_quantum)) {
        return fmt::format(
            "A ClientHello with {} is {}; one of the same size without it is accepted. {}",
            value_of(pair.refused->offer, Factor::post_quantum), ends(pair), whom(visit, pair)
        );
    }
    return fmt::format(
        "A ClientHello of {} bytes is {}, with post-quantum keys or without, one of {} bytes is "
        "accepted. {}",
        pair.refused->offer.size, ends(pair), pair.accepted->offer.size, whom(visit, pair)
    );
}

std::string of_record_version(const Case& visit) {
    const Pair& pair = *pair_for(visit, by_record_version);
    return fmt::format(
        "A hello in a record of version {:04x} is {}, the same in {:04x} is accepted: something "
        "takes the record's number for the TLS version.",
        static_cast<unsigned>(pair.refused->offer.record_version), ends(pair),
        static_cast<unsigned>(pair.accepted->offer.record_version)
    );
}

std::string of_extension(const Case& visit) {
    const Pair& pair = *pair_for(visit, by_extension);
    const Factor factor = pair.factors.front();
    return fmt::format(
        "A hello with {} is {}, the same with {} is accepted: what is not known must be ignored "
        "and is not. {}",
        value_of(pair.refused->offer, factor), ends(pair), value_of(pair.accepted->offer, factor),
        whom(visit, pair)
    );
}

template <Telling telling>
constexpr Condition k_pair[] = {
    {"two hellos differ in one factor, one is accepted and one is not", shown_by_pair<telling>},
};

// A whole handshake by OpenSSL fails for the same reason, which `unknown` then would only repeat.
constexpr std::string_view k_good[] = {"healthy", "unknown"};
constexpr std::string_view k_good_or_none[] = {
    "healthy", "unknown", "no_tls13", "server_only_legacy"
};
constexpr std::string_view k_lost[] = {
    "healthy",
    "unknown",
    "no_tls13",
    "server_only_legacy",
    "server_only_tls13",
    "clienthello_size_intolerance",
    "large_clienthello_pq",
    "version_intolerance",
    "silent_after_hello",
    "refuses_every_hello",
    "no_common_cipher",
};

constexpr std::string_view k_otherwise = "the refused hello, accepted when it is sent again";

constexpr Rule k_pairs_rules[] = {
    {.cause = "mtu_blackhole",
     .all_of = k_pair<by_path>,
     .confidence = if_repeated<by_path>,
     .summary = of_path,
     .refuted_by = "the same hello, answered in segments of 1,448 bytes",
     .overrides = k_lost},
    {.cause = "version_intolerance",
     .all_of = k_pair<by_versions>,
     .confidence = if_repeated<by_versions>,
     .summary = of_versions,
     .refuted_by = k_otherwise,
     .overrides = k_good_or_none,
     .side = box_or_server<by_versions>},
    {.cause = "no_common_cipher",
     .all_of = k_pair<by_suites>,
     .confidence = if_repeated<by_suites>,
     .summary = of_suites,
     .refuted_by = k_otherwise,
     .overrides = k_good},
    {.cause = "no_common_group",
     .all_of = k_pair<by_groups>,
     .confidence = if_repeated<by_groups>,
     .summary = of_groups,
     .refuted_by = k_otherwise,
     .overrides = k_good,
     .side = by_server},
    {.cause = "sigalg_mismatch",
     .all_of = k_pair<by_signatures>,
     .confidence = if_repeated<by_signatures>,
     .summary = of_signatures,
     .refuted_by = k_otherwise,
     .overrides = k_good,
     .side = by_server},
    {.cause = "ems_required_fips",
     .all_of = k_pair<by_missing_ems>,
     .confidence = if_repeated<by_missing_ems>,
     .summary = of_missing_ems,
     .refuted_by = k_otherwise,
     .overrides = k_good,
     .status = only_a_warning},
    {.cause = "alpn_mismatch",
     .all_of = k_pair<by_alpn>,
     .confidence = if_repeated<by_alpn>,
     .summary = of_alpn,
     .refuted_by = k_otherwise,
     .overrides = k_good},
    {.cause = "large_clienthello_pq",
     .all_of = k_pair<by_large_hello>,
     .confidence = if_repeated<by_large_hello>,
     .summary = of_large_hello,
     .refuted_by = k_otherwise,
     .overrides = k_good,
     .side = box_or_server<by_large_hello>},
    {.cause = "clienthello_size_intolerance",
     .all_of = k_pair<by_size>,
     .confidence = if_repeated<by_size>,
     .summary = of_size,
     .refuted_by = k_otherwise,
     .overrides = k_good,
     .side = box_or_server<by_size>},
    {.cause = "record_version_intolerance",
     .all_of = k_pair<by_record_version>,
     .confidence = if_repeated<by_record_version>,
     .summary = of_record_version,
     .refuted_by = k_otherwise,
     .overrides = k_good,
     .side = box_or_server<by_record_version>},
    {.cause = "extension_intolerance",
     .all_of = k_pair<by_extension>,
     .confidence = if_repeated<by_extension>,
     .summary = of_extension,
     .refuted_by = k_otherwise,
     .overrides = k_good,
     .side = box_or_server<by_extension>},
};

} // namespace

std::span<const Rule> pair_rules() {
    return k_pairs_rules;
}

} // namespace tlsdoctor::diagnose
