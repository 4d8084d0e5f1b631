// SPDX-License-Identifier: Apache-2.0
// Nothing was accepted, or what was accepted once is not any more: what the manner of refusing
// says. These rules come last in rank; every more specific one outranks them.
#include <algorithm>

#include <fmt/core.h>

#include "diagnose/proof.hpp"
#include "diagnose/refusal.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;

bool any_answer(const Case& visit, Outcome outcome) {
    return std::ranges::any_of(k_tls_newest_first, [&](ProtocolVersion version) {
        return answer_to(visit, version).outcome == outcome;
    });
}

/// One of the versions that a wordless refusal was met with, TLS 1.2 first; alerts and bytes would
/// have been words.
template <Outcome outcome>
Proof is_the_answer(const Case& visit) {
    for (const Outcome other :
         {Outcome::refused, Outcome::garbled, Outcome::not_tls, Outcome::other_version,
          Outcome::unreachable}) {
        if (any_answer(visit, other)) {
            return std::nullopt;
        }
    }
    const auto* const main = std::ranges::find_if(k_tls_newest_first, [&](ProtocolVersion version) {
        return denies(visit, version);
    });
    if (main == k_tls_newest_first.end() || answer_to(visit, *main).outcome != outcome) {
        return std::nullopt;
    }
    return cite_versions(visit, k_tls_newest_first);
}

Proof answers_break_off(const Case& visit) {
    if (any_answer(visit, Outcome::refused) || !any_answer(visit, Outcome::garbled)) {
        return std::nullopt;
    }
    std::vector<Citation> citations;
    for (const ProtocolVersion version : k_tls_newest_first) {
        const evidence::VersionAnswer& answer = answer_to(visit, version);
        const bool ended_by_peer =
            answer.outcome == Outcome::garbled && answer.shown_by->ending != evidence::Ending::ours;
        if (ended_by_peer) {
            citations.push_back(cite(answer));
        }
    }
    return citations.empty() ? std::nullopt : Proof(std::move(citations));
}

Proof alerts_are_the_answer(const Case& visit) {
    if (!any_answer(visit, Outcome::refused) || !denies_all(visit)) {
        return std::nullopt;
    }
    return cite_versions(visit, k_tls_newest_first);
}

/// What the control probe repeats.
const Exchange* accepted_before(const Case& visit, const Exchange& control) {
    const auto same = [&](const Exchange& exchange) {
        return exchange.outcome == Outcome::accepted && exchange.offer.sni == control.offer.sni &&
               exchange.offer.versions == control.offer.versions;
    };
    const auto at = std::ranges::find_if(visit.endpoint.exchanges, same);
    return at == visit.endpoint.exchanges.end() ? nullptr : &*at;
}

Proof control_fails(const Case& visit) {
    if (!visit.banned) {
        return std::nullopt;
    }
    std::vector<Citation> citations;
    for (const Exchange& exchange : visit.endpoint.exchanges) {
        if (is_failed_control(exchange)) {
            const Exchange* const before = accepted_before(visit, exchange);
            citations = before == nullptr ? std::vector<Citation>{cite(exchange)}
                                          : std::vector<Citation>{cite(*before), cite(exchange)};
        }
    }
    return citations;
}

std::string without_a_name(const Case& visit) {
    return visit.target.literal && !visit.target.sni
               ? " No server name was sent, because the target is an address: try --sni NAME."
               : "";
}

std::string_view in_one_word(Outcome outcome) {
    return outcome == Outcome::closed  ? "is closed"
           : outcome == Outcome::reset ? "is reset"
                                       : "gets no answer";
}

/// What happens to every hello, or where that differs, to each.
std::string wordless(const Case& visit, std::string_view to_every_hello) {
    const Outcome first = answer_to(visit, k_tls_newest_first.front()).outcome;
    std::string each;
    bool same = true;
    for (const ProtocolVersion version : k_tls_newest_first) {
        const Outcome outcome = answer_to(visit, version).outcome;
        same = same && outcome == first;
        each += fmt::format(
            "{}{} {}", each.empty() ? "" : ", ", name_of(version), in_one_word(outcome)
        );
    }
    return fmt::format(
        "The port is open, but {}.{}",
        same ? std::string(to_every_hello) : "no hello gets a word: " + each, without_a_name(visit)
    );
}

std::string closed(const Case& visit) {
    return wordless(visit, "every hello is answered by closing the connection");
}

std::string reset(const Case& visit) {
    return wordless(visit, "every hello is answered by a reset of the connection");
}

std::string silent(const Case& visit) {
    return wordless(visit, "no hello gets an answer");
}

std::string truncated(const Case&) {
    return "The server begins to answer in TLS and the answer breaks off.";
}

std::string refuses_all(const Case& visit) {
    const auto* const version =
        std::ranges::find_if(k_tls_newest_first, [&](ProtocolVersion candidate) {
            return alert_to(visit, candidate).has_value();
        });
    const AlertDescription alert = *alert_to(visit, *version);
    const bool same = std::ranges::all_of(k_tls_newest_first, [&](ProtocolVersion candidate) {
        return alert_to(visit, candidate) == alert;
    });
    return fmt::format(
        "The server refuses every hello from TLS 1.0 to TLS 1.3{} alert {} ({}).{}",
        same ? ", always with" : fmt::format("; {} gets", name_of(*version)),
        static_cast<unsigned>(alert), name_of(alert), without_a_name(visit)
    );
}

std::string no_suite(const Case& visit) {
    const auto* const version =
        std::ranges::find_if(k_tls_newest_first, [&](ProtocolVersion candidate) {
            return shares_no_suite_in(visit, candidate).has_value();
        });
    return fmt::format(
        "The server accepts none of {} cipher suites in {}: alert {} ({}). Its suites do not fit "
        "its "
        "certificate, or it has none.{}",
        answer_to(visit, *version).shown_by->offer.cipher_suites.size(), name_of(*version),
        static_cast<unsigned>(*alert_to(visit, *version)), name_of(*alert_to(visit, *version)),
        without_a_name(visit)
    );
}

std::string banned(const Case&) {
    return "A hello that was accepted at first fails now: this host was probably banned for "
           "asking, "
           "so what was refused without a word proves nothing.";
}

constexpr Condition k_closed[] = {
    {"nothing is accepted", nothing_accepted},
    {"every version and another name was tried", all_answered},
    {"the answer is a FIN", is_the_answer<Outcome::closed>},
};
constexpr Condition k_reset[] = {
    {"nothing is accepted", nothing_accepted},
    {"every version and another name was tried", all_answered},
    {"the answer is a RST", is_the_answer<Outcome::reset>},
};
constexpr Condition k_silent[] = {
    {"nothing is accepted", nothing_accepted},
    {"every version and another name was tried", all_answered},
    {"there is no answer", is_the_answer<Outcome::silent>},
};
constexpr Condition k_truncated[] = {
    {"nothing is accepted", nothing_accepted},
    {"every version and another name was tried", all_answered},
    {"answers begin and break off", answers_break_off},
};
constexpr Condition k_refuses[] = {
    {"nothing is accepted", nothing_accepted},
    {"every version and another name was tried", all_answered},
    {"the answers are alerts", alerts_are_the_answer},
};
constexpr Condition k_no_suite[] = {
    {"nothing is accepted", nothing_accepted},
    {"every version and another name was tried", all_answered},
    {"one version is answered as one answers a hello without a common suite", shares_no_suite_at_all
    },
};
constexpr Condition k_banned[] = {{"the control probe fails", control_fails}};

constexpr std::string_view k_every_hello[] = {"refuses_every_hello"};

constexpr Rule k_refusal_rules[] = {
    {.cause = "scanner_banned",
     .all_of = k_banned,
     .confidence = likely,
     .summary = banned,
     .refuted_by = "the same hello, accepted again later"},
    {.cause = "no_common_cipher",
     .all_of = k_no_suite,
     .confidence = likely,
     .summary = no_suite,
     .refuted_by =
         "a hello with other suites that gets the same alert from a server whose suites and "
         "certificate are known to fit",
     .overrides = k_every_hello},
    {.cause = "refuses_every_hello",
     .all_of = k_refuses,
     .confidence = likely,
     .summary = refuses_all,
     .refuted_by = "any hello that this server accepts"},
    {.cause = "truncated_by_peer",
     .all_of = k_truncated,
     .confidence = likely,
     .summary = truncated,
     .refuted_by = "a whole ServerHello from this server"},
    {.cause = "closed_after_hello",
     .all_of = k_closed,
     .confidence = likely,
     .summary = closed,
     .refuted_by = "any hello that gets an answer"},
    {.cause = "reset_after_hello",
     .all_of = k_reset,
     .confidence = likely,
     .summary = reset,
     .refuted_by = "any hello that gets an answer"},
    {.cause = "silent_after_hello",
     .all_of = k_silent,
     .confidence = likely,
     .summary = silent,
     .refuted_by = "any answer, for instance with a longer --timeout"},
};

} // namespace

std::span<const Rule> refusal_rules() {
    return k_refusal_rules;
}

} // namespace tlsdoctor::diagnose
