// SPDX-License-Identifier: Apache-2.0
// The rounds. Each `..._asks` proposes; what was asked already is taken out at the end, which is
// all the memory that a plan needs.
#include "probe/plan.hpp"

#include <algorithm>

#include "evidence/facts.hpp"
#include "evidence/pairs.hpp"
#include "probe/plan_parts.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Shape;
using evidence::Target;
using evidence::VersionAnswer;

/// A healthy server is diagnosed within this many connections; beyond it the control probe is owed.
constexpr std::size_t k_ordinary_connections = 13;

std::vector<Ask> version_asks(const Target& target, const Scope& scope) {
    const Shape first = scope.cheaply ? Shape::cheap : Shape::openssl;
    std::vector<Ask> asks{
        {.version = ProtocolVersion::ssl_2_0, .shape = Shape::ssl2, .sni = std::nullopt},
        {.version = ProtocolVersion::ssl_3_0, .shape = Shape::openssl, .sni = std::nullopt},
        // OpenSSL answers SSL 3.0 with alert 40 whatever it speaks, so the second shape would
        // always cost another round: it goes out at once.
        {.version = ProtocolVersion::ssl_3_0, .shape = Shape::browser, .sni = std::nullopt},
    };
    for (const ProtocolVersion version : k_versions) {
        if (version >= ProtocolVersion::tls_1_0) {
            asks.push_back({.version = version, .shape = first, .sni = target.sni});
        }
    }
    return asks;
}

/// The full hello goes first; a second shape only confirms what it was answered.
Shape next_shape(const VersionAnswer& answer) {
    const bool full = std::ranges::any_of(answer.all, [](const Exchange* exchange) {
        return exchange->offer.shape == Shape::openssl;
    });
    return full ? Shape::browser : Shape::openssl;
}

bool any_accepted(const std::vector<VersionAnswer>& answers) {
    return std::ranges::any_of(answers, [](const VersionAnswer& answer) {
        return answer.outcome == Outcome::accepted;
    });
}

/// Text in answer to one hello is no other protocol where another hello got an alert: some servers
/// answer SSL 2.0 alone in clear.
bool got_an_alert(const Endpoint& seen) {
    return std::ranges::any_of(seen.exchanges, [](const Exchange& exchange) {
        return exchange.outcome == Outcome::refused;
    });
}

/// The next shape for every "no" that is not settled by the hellos so far.
std::vector<Ask>
confirming_asks(const Target& target, const std::vector<VersionAnswer>& answers, bool accepted) {
    std::vector<Ask> asks;
    for (const VersionAnswer& answer : answers) {
        // A connection that did not come about at an open port is worth another try, too.
        const bool open =
            answer.outcome != Outcome::accepted && answer.outcome != Outcome::not_tested;
        if (open && !settled(answer, accepted) && answer.version >= ProtocolVersion::tls_1_0) {
            asks.push_back(
                {.version = answer.version, .shape = next_shape(answer), .sni = target.sni}
            );
        }
    }
    return asks;
}

/// Those of the confirming asks whose connection was cut off, the newest version first. They are
/// asked one at a time: a server that serves few connections at once cuts the others off, and says
/// nothing about versions by it.
std::vector<Ask>
cut_off_asks(const Target& target, const std::vector<VersionAnswer>& answers, bool accepted) {
    std::vector<Ask> asks = confirming_asks(target, answers, accepted);
    std::erase_if(asks, [&](const Ask& ask) {
        const auto at = std::ranges::find(answers, ask.version, &VersionAnswer::version);
        return at->outcome != Outcome::closed && at->outcome != Outcome::reset &&
               at->outcome != Outcome::unreachable;
    });
    std::ranges::reverse(asks);
    return asks;
}

/// Another name, or none, where the name may be what was refused.
std::vector<Ask> name_asks(const Target& target, const Endpoint& seen, bool accepted) {
    const bool name_alert = std::ranges::any_of(seen.exchanges, [](const Exchange& exchange) {
        return exchange.alert && exchange.alert->description == AlertDescription::unrecognized_name;
    });
    if (accepted && !name_alert) {
        return {};
    }
    std::optional<std::string> other;
    if (!target.sni && !target.literal) {
        other = target.host;
    } else if (!target.sni) {
        return {}; // an address without a name: there is no other name to try
    }
    std::vector<Ask> asks;
    for (const ProtocolVersion version : {ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3}) {
        asks.push_back(
            {.purpose = Purpose::name, .version = version, .shape = Shape::openssl, .sni = other}
        );
    }
    return asks;
}

/// The refused hello once more, after the same one was accepted with another name: a server that
/// had only been busy accepts it now.
std::vector<Ask> repeating_asks(const Target& target, const Endpoint& seen, bool accepted) {
    std::vector<Ask> asks;
    for (const Exchange& exchange : seen.exchanges) {
        if (accepted || exchange.purpose != Purpose::name ||
            exchange.outcome != Outcome::accepted || exchange.offer.sni == target.sni) {
            continue;
        }
        asks.push_back(
            {.purpose = Purpose::name,
             .version = exchange.offer.versions.front(),
             .shape = Shape::openssl,
             .sni = target.sni}
        );
    }
    return asks;
}

bool without_a_word(Outcome outcome) {
    return outcome == Outcome::closed || outcome == Outcome::reset || outcome == Outcome::silent;
}

/// Listens where no hello got a byte: a server-first protocol may greet late.
std::vector<Ask> banner_asks(const std::vector<VersionAnswer>& answers) {
    const bool mute = std::ranges::all_of(answers, [](const VersionAnswer& answer) {
        return without_a_word(answer.outcome);
    });
    if (!mute) {
        return {};
    }
    return {{.purpose = Purpose::banner, .shape = Shape::nothing, .sni = std::nullopt}};
}

/// Repeats the first hello that was accepted, for a version or with another name; none where none
/// was.
std::vector<Ask> control(const Endpoint& seen) {
    const auto accepted = std::ranges::find_if(seen.exchanges, [](const Exchange& exchange) {
        const bool plain =
            exchange.purpose == Purpose::version || exchange.purpose == Purpose::name;
        return plain && exchange.outcome == Outcome::accepted;
    });
    if (accepted == seen.exchanges.end()) {
        return {};
    }
    return {{
        .purpose = Purpose::control,
        .version = accepted->offer.versions.front(),
        .shape = accepted->offer.shape,
        .sni = accepted->offer.sni,
    }};
}

std::size_t controls(const Endpoint& seen) {
    return static_cast<std::size_t>(
        std::ranges::count(seen.exchanges, Purpose::control, &Exchange::purpose)
    );
}

/// The last control probe found that what was accepted is not any more.
bool is_shut_out(const Endpoint& seen) {
    const auto last =
        std::find_if(seen.exchanges.rbegin(), seen.exchanges.rend(), [](const Exchange& exchange) {
            return exchange.purpose == Purpose::control;
        });
    return last != seen.exchanges.rend() && last->outcome != Outcome::accepted;
}

/// Repeats what worked, once everything else was asked, where a later answer was close, reset or
/// silence: if it fails now, somebody has begun to filter us.
std::vector<Ask> control_asks(const Endpoint& seen) {
    const bool doubtful =
        seen.exchanges.size() > k_ordinary_connections ||
        std::ranges::any_of(seen.exchanges, [](const Exchange& exchange) {
            return without_a_word(exchange.outcome) || exchange.outcome == Outcome::unreachable;
        });
    return doubtful ? control(seen) : std::vector<Ask>{};
}

/// Shut out: after a while the control probe goes out once more, and if it is accepted, so are the
/// hellos again that were cut off meanwhile, one at a time.
std::vector<Ask> retrying_asks(const Target& target, const Endpoint& seen) {
    if (is_shut_out(seen)) {
        std::vector<Ask> asks = controls(seen) == 1 ? control(seen) : std::vector<Ask>{};
        for (Ask& ask : asks) {
            ask.after_back_off = true;
        }
        return asks;
    }
    const auto last =
        std::find_if(seen.exchanges.rbegin(), seen.exchanges.rend(), [](const Exchange& exchange) {
            return exchange.purpose == Purpose::control;
        });
    if (controls(seen) < 2) {
        return {};
    }
    for (const VersionAnswer& answer : version_answers(seen)) {
        const bool again =
            answer.version >= ProtocolVersion::tls_1_0 && without_a_word(answer.outcome);
        const bool asked = std::any_of(last.base(), seen.exchanges.end(), [&](const auto& one) {
            return one.purpose == Purpose::version && offers_only(one.offer, answer.version);
        });
        if (again && !asked) {
            return {{.version = answer.version, .shape = Shape::openssl, .sni = target.sni}};
        }
    }
    return {};
}

/// A page in clear for this name may be somebody's who filters names: what does no name get?
std::vector<Ask> filter_asks(const Target& target, const Endpoint& seen, const Scope& scope) {
    if (scope.versions_only || !target.sni || foreign_protocol(seen) != "http") {
        return {};
    }
    return {
        {.purpose = Purpose::name,
         .version = ProtocolVersion::tls_1_2,
         .shape = Shape::openssl,
         .sni = std::nullopt}
    };
}

bool already_asked(const Endpoint& seen, const Ask& ask) {
    return std::ranges::any_of(seen.exchanges, [&](const Exchange& exchange) {
        const auto& versions = exchange.offer.versions;
        const auto version = versions.empty() ? ProtocolVersion::none : versions.front();
        return ask == Ask{
                          .purpose = exchange.purpose,
                          .version = version,
                          .shape = exchange.offer.shape,
                          .sni = exchange.offer.sni,
                      };
    });
}

std::vector<Ask> not_yet_asked(std::vector<Ask> asks, const Endpoint& seen) {
    std::erase_if(asks, [&](const Ask& ask) { return already_asked(seen, ask); });
    return asks;
}

/// What a full visit asks once the versions are settled, as far as its budget goes.
std::vector<Ask> full_asks(const Target& target, const Endpoint& seen, const Scope& scope) {
    if (is_shut_out(seen)) {
        return {};
    }
    using Part = std::vector<Ask> (*)(const Target&, const Endpoint&);
    constexpr Part k_parts[] = {
        client_asks,
        hypothesis_asks,
        [](const Target&, const Endpoint& so_far) {
            return awaits_control(so_far) ? control(so_far) : std::vector<Ask>{};
        },
        [](const Target&, const Endpoint& so_far) { return search_asks(so_far); },
    };
    const std::size_t left = k_budget - std::min(k_budget, spent(seen));
    for (const Part part : k_parts) {
        if (scope.versions_only || left == 0) {
            break;
        }
        std::vector<Ask> asks = part(target, seen);
        if (!asks.empty()) {
            asks.resize(std::min(asks.size(), left));
            return asks;
        }
    }
    return repeated_asks(target, seen, scope.repeat);
}

} // namespace

std::vector<Ask> next_round(const Target& target, const Endpoint& seen, const Scope& scope) {
    if (seen.exchanges.empty()) {
        return version_asks(target, scope);
    }
    const std::vector<VersionAnswer> answers = version_answers(seen);
    const bool accepted = any_accepted(answers);
    const bool is_foreign = !accepted && !got_an_alert(seen) && !foreign_protocol(seen).empty();
    if (seen.reach != evidence::Reach::open) {
        return {};
    }
    if (is_foreign) {
        return not_yet_asked(filter_asks(target, seen, scope), seen);
    }
    const std::vector<Ask> alone = not_yet_asked(cut_off_asks(target, answers, accepted), seen);
    if (!alone.empty()) {
        return {alone.front()};
    }
    std::vector<Ask> asks = confirming_asks(target, answers, accepted);
    // As long as a full hello is due nothing is known that another name could explain.
    const bool full_due = std::ranges::find(asks, Shape::openssl, &Ask::shape) != asks.end();
    if (full_due) {
        return not_yet_asked(std::move(asks), seen);
    }
    for (const auto& more : {name_asks(target, seen, accepted), banner_asks(answers)}) {
        asks.insert(asks.end(), more.begin(), more.end());
    }
    asks = not_yet_asked(std::move(asks), seen);
    if (asks.empty()) {
        asks = not_yet_asked(repeating_asks(target, seen, accepted), seen);
    }
    if (asks.empty()) {
        asks = full_asks(target, seen, scope);
    }
    if (asks.empty()) {
        asks = not_yet_asked(control_asks(seen), seen);
    }
    if (asks.empty() && !scope.versions_only) {
        asks = retrying_asks(target, seen);
    }
    return asks;
}

} // namespace tlsdoctor::probe
