// SPDX-License-Identifier: Apache-2.0
// From hellos to suites.
#include "evidence/suite_answers.hpp"

#include <algorithm>
#include <utility>

#include "evidence/facts.hpp"

namespace tlsdoctor::evidence {

namespace {

/// Only TLCP's suites have no version of TLS; 0x0000 "MUST NOT be negotiated" [RFC 5246 A.5].
bool is_possible(const CipherSuiteInfo& info, ProtocolVersion version) {
    if (info.first_version == ProtocolVersion::none || std::to_underlying(info.id) == 0) {
        return false;
    }
    const bool of_tls_1_3 = info.first_version >= ProtocolVersion::tls_1_3;
    if (version >= ProtocolVersion::tls_1_3 || of_tls_1_3) {
        return of_tls_1_3 == (version >= ProtocolVersion::tls_1_3);
    }
    // Older libraries go on with EXPORT and DES in TLS 1.2, and had ECDHE in SSL 3.0.
    return info.first_version <= std::max(version, ProtocolVersion::tls_1_0);
}

/// What a server says where it has none of the suites. Every other alert may mean the hello as a
/// whole (wolfSSL 5.5.4: decode_error for a long list) or the one suite that was chosen (OpenSSL:
/// internal_error for a prime that is too short).
bool is_about_suites(AlertDescription alert) {
    return alert == AlertDescription::handshake_failure ||
           alert == AlertDescription::insufficient_security;
}

/// Other words for it: some servers say `internal_error` or `illegal_parameter` to any suite that
/// they lack, and never the usual.
bool has_own_word(const std::vector<SuiteHello>& hellos, AlertDescription word) {
    std::size_t alone = 0;
    for (const SuiteHello& hello : hellos) {
        if (!hello.exchange->alert || hello.exchange->outcome != Outcome::refused) {
            continue;
        }
        const AlertDescription alert = hello.exchange->alert->description;
        if (is_about_suites(alert)) {
            return false;
        }
        const bool is_one = hello.exchange->offer.cipher_suites.size() == 1;
        alone += alert == word && is_one ? 1U : 0U;
    }
    return alone >= 2;
}

bool is_offered(const Exchange& exchange, CipherSuite suite) {
    const auto& offered = exchange.offer.cipher_suites;
    return std::ranges::find(offered, suite) != offered.end();
}

bool varies_suites(const Exchange& exchange) {
    if (exchange.offer.cipher_suites.empty() || exchange.offer.shape == Shape::ssl2) {
        return false;
    }
    if (exchange.purpose == Purpose::version) {
        // The browser's hello differs in more than its suites: only its "yes" counts.
        return exchange.offer.shape == Shape::openssl || succeeded(exchange);
    }
    return exchange.purpose == Purpose::suites;
}

std::vector<const Exchange*> hellos_of(const Endpoint& endpoint, ProtocolVersion version) {
    std::vector<const Exchange*> all;
    for (const auto* const list : {&endpoint.exchanges, &endpoint.inventory}) {
        for (const Exchange& exchange : *list) {
            const bool cut = exchange.outcome == Outcome::not_tested && exchange.error.empty();
            if (!cut && varies_suites(exchange) && offers_only(exchange.offer, version)) {
                all.push_back(&exchange);
            }
        }
    }
    return all;
}

std::size_t at_of(const SuiteAnswers& answers, CipherSuite suite) {
    const auto at = std::ranges::lower_bound(answers.suites, suite, {}, &SuiteAnswer::suite);
    const bool found = at != answers.suites.end() && at->suite == suite;
    return found ? static_cast<std::size_t>(at - answers.suites.begin()) : answers.suites.size();
}

void settle(SuiteAnswers& answers, CipherSuite suite, Acceptance state, const Exchange& by) {
    const std::size_t at = at_of(answers, suite);
    if (at == answers.suites.size() || answers.suites[at].state == Acceptance::accepted) {
        return;
    }
    SuiteAnswer& answer = answers.suites[at];
    const bool known = answer.state == Acceptance::refused && state == Acceptance::undecided;
    if (!known) {
        answer = {.suite = suite, .state = state, .shown_by = &by};
    }
}

/// What a hello says of those suites in it that were not chosen.
Acceptance state_by(const SuiteHello& hello) {
    const bool alone = hello.exchange->offer.cipher_suites.size() == 1;
    switch (hello.says) {
    case Says::none:
        return Acceptance::refused;
    case Says::objection:
        return alone ? Acceptance::refused : Acceptance::undecided;
    case Says::wordless:
    case Says::nothing:
        return Acceptance::undecided;
    default:
        return Acceptance::untested;
    }
}

/// A suite is refused without a word where that happened often enough, and where the server still
/// answered afterwards.
void settle_wordless(SuiteAnswers& answers, std::size_t last_chosen) {
    const std::span<const SuiteHello> hellos(answers.hellos);
    const std::size_t times = times_to_ask(hellos);
    for (SuiteAnswer& answer : answers.suites) {
        if (answer.state == Acceptance::undecided &&
            times_wordless(answers, hellos.first(last_chosen), answer.suite) >= times) {
            answer.state = Acceptance::refused;
        }
    }
}

} // namespace

Acceptance SuiteAnswers::state_of(CipherSuite suite) const {
    const std::size_t at = at_of(*this, suite);
    return at == suites.size() ? Acceptance::untested : suites[at].state;
}

std::vector<CipherSuite> SuiteAnswers::accepted() const {
    std::vector<CipherSuite> list;
    for (const SuiteAnswer& answer : suites) {
        if (answer.state == Acceptance::accepted) {
            list.push_back(answer.suite);
        }
    }
    return list;
}

std::vector<CipherSuite> possible_suites(ProtocolVersion version) {
    std::vector<CipherSuite> list;
    for (const CipherSuiteInfo& info : cipher_suites()) {
        if (is_possible(info, version)) {
            list.push_back(info.id);
        }
    }
    return list;
}

std::size_t times_to_ask(std::span<const SuiteHello> hellos) {
    const bool has_words = std::ranges::any_of(hellos, [](const SuiteHello& hello) {
        return hello.says == Says::none || hello.says == Says::objection;
    });
    return has_words ? 3 : 2;
}

std::size_t
times_wordless(const SuiteAnswers& answers, std::span<const SuiteHello> hellos, CipherSuite suite) {
    return static_cast<std::size_t>(std::ranges::count_if(hellos, [&](const SuiteHello& hello) {
        // Where another suite in it is accepted, it was the connection that failed.
        const auto& offered = hello.exchange->offer.cipher_suites;
        return hello.says == Says::wordless && is_offered(*hello.exchange, suite) &&
               std::ranges::none_of(offered, [&](CipherSuite one) {
                   return answers.state_of(one) == Acceptance::accepted;
               });
    }));
}

SuiteHello hello_with_suites(const Exchange& exchange) {
    SuiteHello hello{.exchange = &exchange};
    switch (exchange.outcome) {
    case Outcome::accepted:
        if (exchange.selection && is_offered(exchange, exchange.selection->cipher_suite)) {
            hello.suite = exchange.selection->cipher_suite;
            hello.says = succeeded(exchange) ? Says::chosen : Says::chosen_lost;
        }
        break;
    case Outcome::refused:
        if (exchange.alert) {
            hello.says =
                is_about_suites(exchange.alert->description) ? Says::none : Says::objection;
        }
        break;
    case Outcome::other_version:
        hello.says = Says::none;
        break;
    case Outcome::closed:
    case Outcome::reset:
        hello.says = Says::wordless;
        break;
    default:
        break;
    }
    return hello;
}

bool same_suites(std::span<const CipherSuite> one, std::span<const CipherSuite> other) {
    return one.size() == other.size() && std::ranges::is_permutation(one, other);
}

SuiteAnswers suite_answers(const Endpoint& endpoint, ProtocolVersion version) {
    SuiteAnswers answers{.version = version};
    for (const CipherSuite suite : possible_suites(version)) {
        answers.suites.push_back({.suite = suite});
    }
    std::size_t last_chosen = 0;
    std::vector<SuiteHello>& hellos = answers.hellos;
    for (const Exchange* const exchange : hellos_of(endpoint, version)) {
        hellos.push_back(hello_with_suites(*exchange));
        if (hellos.back().says == Says::chosen) {
            last_chosen = hellos.size() - 1;
        }
    }
    for (std::size_t i = 0; i < hellos.size(); ++i) {
        SuiteHello& hello = hellos[i];
        if (hello.says == Says::objection &&
            has_own_word(hellos, hello.exchange->alert->description)) {
            hello.says = Says::none;
        }
        if (hello.suite) {
            const auto state =
                hello.says == Says::chosen ? Acceptance::accepted : Acceptance::refused;
            settle(answers, *hello.suite, state, *hello.exchange);
        }
        const Acceptance state = state_by(hello);
        if (state == Acceptance::untested) {
            continue;
        }
        for (const CipherSuite suite : hello.exchange->offer.cipher_suites) {
            settle(answers, suite, state, *hello.exchange);
        }
    }
    settle_wordless(answers, last_chosen);
    return answers;
}

} // namespace tlsdoctor::evidence
