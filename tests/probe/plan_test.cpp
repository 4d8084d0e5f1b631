// SPDX-License-Identifier: Apache-2.0
// The plan against recorded servers: the exact questions, round by round. A server is a function
// from a question to its answer, so a whole visit takes no network.
#include "probe/plan.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "evidence/facts.hpp"
#include "probe/hello.hpp"

namespace tlsdoctor::probe {
namespace {

using evidence::Alert;
using evidence::Endpoint;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Reach;
using evidence::Shape;
using evidence::Target;
using enum ProtocolVersion;

using Lines = std::vector<std::string>;

/// What a server does with a question.
using AskServer = Exchange (*)(const Ask&);

Exchange answered(Outcome outcome) {
    return {.outcome = outcome, .reach = Reach::open};
}

Exchange alert(int number) {
    Exchange exchange = answered(Outcome::refused);
    exchange.alert =
        Alert{.level = AlertLevel::fatal, .description = static_cast<AlertDescription>(number)};
    return exchange;
}

Exchange http() {
    Exchange exchange = answered(Outcome::not_tls);
    exchange.protocol = "http";
    return exchange;
}

Exchange unreachable() {
    return {.outcome = Outcome::unreachable, .reach = Reach::refused};
}

Exchange accepted() {
    return answered(Outcome::accepted);
}

Target named() {
    return {.host = "a.example", .sni = "a.example"};
}

Target nameless() {
    return {.host = "a.example"};
}

Target literal() {
    return {.host = "192.0.2.7", .literal = true};
}

/// `name TLS 1.2 openssl a.example`, with `version` left out.
std::string line_of(const Ask& ask) {
    std::string line;
    if (ask.purpose != Purpose::version) {
        line = std::string(evidence::name_of(ask.purpose)) + " ";
    }
    if (ask.version != ProtocolVersion::none) {
        line += name_of(ask.version) + " ";
    }
    line += evidence::name_of(ask.shape);
    return ask.sni ? line + " " + *ask.sni : line;
}

Exchange exchange_about(const Ask& ask, Exchange answer) {
    const Question question = make_question(ask, seeded_random(1));
    answer.purpose = question.purpose;
    answer.offer = question.offer;
    return answer;
}

/// What a visit asked, and whether it came to its end.
struct AskedLines {
    std::vector<Lines> rounds{};
    std::size_t total{};
};

/// Asks until the plan has nothing more, or 40 questions.
template <typename Answer>
AskedLines planned(const Target& target, Answer answer, const Scope& scope = {}) {
    AskedLines asked;
    Endpoint endpoint;
    while (asked.total <= 40) {
        const std::vector<Ask> round = next_round(target, endpoint, scope);
        if (round.empty()) {
            break;
        }
        Lines& lines = asked.rounds.emplace_back();
        for (const Ask& ask : round) {
            lines.push_back(line_of(ask));
            endpoint.exchanges.push_back(exchange_about(ask, answer(ask)));
        }
        asked.total += round.size();
        const bool open = std::ranges::find(endpoint.exchanges, Reach::open, &Exchange::reach) !=
                          endpoint.exchanges.end();
        endpoint.reach = open ? Reach::open : endpoint.exchanges.front().reach;
    }
    return asked;
}

/// The first round, in which every TLS hello has this name.
Lines first_round(const std::string& name, const std::string& shape = "openssl") {
    Lines lines = {"SSL 2.0 ssl2", "SSL 3.0 openssl", "SSL 3.0 browser"};
    for (const char* const version : {"TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"}) {
        lines.push_back(std::string(version) + " " + shape + (name.empty() ? "" : " " + name));
    }
    return lines;
}

const Lines k_first = first_round("a.example");
const Lines k_first_nameless = first_round("");
const Lines k_first_cheap = first_round("a.example", "cheap");

std::string text_of(const std::vector<Lines>& rounds) {
    std::string text;
    for (const Lines& round : rounds) {
        text += fmt::format("[{}]\n", fmt::join(round, "; "));
    }
    return text;
}

} // namespace

TEST_CASE("a visit asks exactly what its answers leave open") {
    struct Case {
        const char* name{};
        Target target{};
        AskServer server{};
        std::vector<Lines> rounds{};
    };
    const Case cases[] = {
        {"a healthy server is asked seven questions",
         named(),
         [](const Ask& ask) { return ask.version >= tls_1_2 ? accepted() : alert(70); },
         {k_first}},
        {"OpenSSL answers 40 to SSL 3.0",
         named(),
         [](const Ask& ask) {
             return ask.version >= tls_1_2 ? accepted() : alert(ask.version == ssl_3_0 ? 40 : 70);
         },
         {k_first}},
        {"everything is accepted", named(), [](const Ask&) { return accepted(); }, {k_first}},
        {"a lower version in answer is a settled no",
         named(),
         [](const Ask& ask) {
             return ask.version == tls_1_0  ? accepted()
                    : ask.version > tls_1_0 ? answered(Outcome::other_version)
                                            : alert(70);
         },
         {k_first}},
        {"80 to TLS 1.0 and 1.1 is asked again in the other shape",
         named(),
         [](const Ask& ask) {
             const bool old = ask.version == tls_1_0 || ask.version == tls_1_1;
             return ask.version >= tls_1_2 ? accepted() : alert(old ? 80 : 70);
         },
         {k_first, {"TLS 1.0 browser a.example", "TLS 1.1 browser a.example"}}},
        {"the other shape may be accepted",
         named(),
         [](const Ask& ask) {
             return ask.version == tls_1_3 && ask.shape == Shape::openssl ? alert(40) : accepted();
         },
         {k_first, {"TLS 1.3 browser a.example"}}},
        {"close for old versions is asked again, and then what worked",
         named(),
         [](const Ask& ask) {
             return ask.version >= tls_1_2 ? accepted() : answered(Outcome::closed);
         },
         {k_first,
          {"TLS 1.1 browser a.example"},
          {"TLS 1.0 browser a.example"},
          {"control TLS 1.2 openssl a.example"}}},
        {"a server that serves one connection at a time is asked one at a time",
         named(),
         [](const Ask& ask) {
             return ask.shape == Shape::browser && ask.version >= tls_1_2 ? accepted()
                    : ask.version == tls_1_0                              ? alert(70)
                                             : answered(Outcome::reset);
         },
         {k_first,
          {"TLS 1.3 browser a.example"},
          {"TLS 1.2 browser a.example"},
          {"TLS 1.1 browser a.example"},
          {"control TLS 1.3 browser a.example"}}},
        {"one silence owes a control, even where it settles",
         named(),
         [](const Ask& ask) {
             return ask.version == ssl_2_0   ? answered(Outcome::silent)
                    : ask.version >= tls_1_2 ? accepted()
                                             : alert(70);
         },
         {k_first, {"control TLS 1.2 openssl a.example"}}},
        {"the control repeats the oldest that worked, in its own shape",
         named(),
         [](const Ask& ask) {
             return ask.version == ssl_3_0 && ask.shape == Shape::browser
                        ? accepted()
                        : answered(Outcome::reset);
         },
         {k_first,
          {"TLS 1.3 browser a.example"},
          {"TLS 1.2 browser a.example"},
          {"TLS 1.1 browser a.example"},
          {"TLS 1.0 browser a.example"},
          {"control SSL 3.0 browser"}}},
        {"where no version is accepted with the name, it is left out",
         named(),
         [](const Ask&) { return alert(40); },
         {k_first,
          {"TLS 1.0 browser a.example", "TLS 1.1 browser a.example", "TLS 1.2 browser a.example",
           "TLS 1.3 browser a.example", "name TLS 1.2 openssl", "name TLS 1.3 openssl"}}},
        {"a name that is refused in one version alone is left out too",
         named(),
         [](const Ask& ask) {
             return ask.version == tls_1_3   ? alert(112)
                    : ask.version == tls_1_2 ? accepted()
                                             : alert(70);
         },
         {k_first, {"TLS 1.3 browser a.example", "name TLS 1.2 openssl", "name TLS 1.3 openssl"}}},
        {"an address has no other name to try",
         literal(),
         [](const Ask&) { return alert(40); },
         {k_first_nameless,
          {"TLS 1.0 browser", "TLS 1.1 browser", "TLS 1.2 browser", "TLS 1.3 browser"}}},
        {"without a name, the host is a name to try",
         nameless(),
         [](const Ask&) { return alert(112); },
         {k_first_nameless,
          {"TLS 1.0 browser", "TLS 1.1 browser", "TLS 1.2 browser", "TLS 1.3 browser",
           "name TLS 1.2 openssl a.example", "name TLS 1.3 openssl a.example"}}},
        {"what works without a name needs no name",
         nameless(),
         [](const Ask& ask) { return ask.version >= tls_1_2 ? accepted() : alert(70); },
         {k_first_nameless}},
        {"where all is silent, somebody listens for a banner",
         named(),
         [](const Ask&) { return answered(Outcome::silent); },
         {k_first,
          {"TLS 1.0 browser a.example", "TLS 1.1 browser a.example", "TLS 1.2 browser a.example",
           "TLS 1.3 browser a.example", "name TLS 1.2 openssl", "name TLS 1.3 openssl",
           "banner nothing"}}},
        {"one alert among silences is a voice: no banner is waited for",
         literal(),
         [](const Ask& ask) {
             return ask.version == ssl_2_0 ? alert(70) : answered(Outcome::silent);
         },
         {k_first_nameless,
          {"TLS 1.0 browser", "TLS 1.1 browser", "TLS 1.2 browser", "TLS 1.3 browser"}}},
        {"another protocol is not asked further",
         named(),
         [](const Ask&) { return http(); },
         {k_first}},
        {"text in answer to SSL 2.0 alone is no other protocol",
         literal(),
         [](const Ask& ask) { return ask.version == ssl_2_0 ? http() : alert(40); },
         {k_first_nameless,
          {"TLS 1.0 browser", "TLS 1.1 browser", "TLS 1.2 browser", "TLS 1.3 browser"}}},
        {"a connection that did not come about at an open port is tried again",
         named(),
         [](const Ask& ask) {
             return ask.version == tls_1_3 && ask.shape == Shape::openssl ? unreachable()
                    : ask.version >= tls_1_2                              ? accepted()
                                                                          : alert(70);
         },
         {k_first, {"TLS 1.3 browser a.example"}, {"control TLS 1.2 openssl a.example"}}},
        {"a closed port is not asked further",
         named(),
         [](const Ask&) { return unreachable(); },
         {k_first}},
        {"what was not tested is not asked again",
         literal(),
         [](const Ask&) { return answered(Outcome::not_tested); },
         {k_first_nameless}},
        {"a name that only works without a name needs a control when it took long",
         named(),
         [](const Ask& ask) { return ask.purpose == Purpose::name ? accepted() : alert(40); },
         {k_first,
          {"TLS 1.0 browser a.example", "TLS 1.1 browser a.example", "TLS 1.2 browser a.example",
           "TLS 1.3 browser a.example", "name TLS 1.2 openssl", "name TLS 1.3 openssl"},
          {"name TLS 1.2 openssl a.example", "name TLS 1.3 openssl a.example"},
          {"control TLS 1.2 openssl"}}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(text_of(planned(c.target, c.server).rounds) == text_of(c.rounds));
    }
}

TEST_CASE("a cheap plan asks the full hello where the cheap one settles nothing") {
    struct Case {
        const char* name{};
        AskServer server{};
        std::vector<Lines> rounds{};
    };
    const Case cases[] = {
        {"a healthy server is asked seven questions",
         [](const Ask& ask) {
             return ask.version >= tls_1_2 ? accepted() : alert(ask.version == ssl_3_0 ? 40 : 70);
         },
         {k_first_cheap}},
        {"without static RSA the full hello follows",
         [](const Ask& ask) {
             return ask.version < tls_1_2                                 ? alert(70)
                    : ask.version == tls_1_2 && ask.shape == Shape::cheap ? alert(40)
                                                                          : accepted();
         },
         {k_first_cheap, {"TLS 1.2 openssl a.example"}}},
        {"and the second shape where that is refused too",
         [](const Ask& ask) { return ask.version == tls_1_3 ? accepted() : alert(40); },
         {k_first_cheap,
          {"TLS 1.0 openssl a.example", "TLS 1.1 openssl a.example", "TLS 1.2 openssl a.example"},
          {"TLS 1.0 browser a.example", "TLS 1.1 browser a.example", "TLS 1.2 browser a.example"}}},
        {"an alert to all suites of TLS 1.3 is one of two voices",
         [](const Ask& ask) {
             return ask.version == tls_1_2 ? accepted() : alert(ask.version == tls_1_3 ? 40 : 70);
         },
         {k_first_cheap, {"TLS 1.3 openssl a.example"}}},
        {"who chokes on a missing key share is asked with one, and held to it",
         [](const Ask& ask) {
             return ask.version < tls_1_3       ? (ask.version == tls_1_2 ? accepted() : alert(70))
                    : ask.shape == Shape::cheap ? answered(Outcome::reset)
                                                : accepted();
         },
         {k_first_cheap, {"TLS 1.3 openssl a.example"}, {"control TLS 1.2 cheap a.example"}}},
        {"other names are tried only when no full hello is due",
         [](const Ask& ask) { return ask.purpose == Purpose::name ? accepted() : alert(70); },
         {k_first_cheap,
          {"TLS 1.0 openssl a.example", "TLS 1.1 openssl a.example", "TLS 1.2 openssl a.example",
           "TLS 1.3 openssl a.example"},
          {"name TLS 1.2 openssl", "name TLS 1.3 openssl"},
          {"name TLS 1.2 openssl a.example", "name TLS 1.3 openssl a.example"},
          {"control TLS 1.2 openssl"}}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(text_of(planned(named(), c.server, {.cheaply = true}).rounds) == text_of(c.rounds));
    }
}

TEST_CASE("a server that works is diagnosed within twelve connections") {
    struct Case {
        const char* name{};
        AskServer server{};
    };
    // How the failures of each stack look: docs/field-notes.md.
    const Case cases[] = {
        {"OpenSSL 3 with its defaults",
         [](const Ask& ask) {
             return ask.version >= tls_1_2 ? accepted() : alert(ask.version == ssl_3_0 ? 40 : 70);
         }},
        {"OpenSSL 3 with TLS 1.0 enabled and security level 1",
         [](const Ask& ask) {
             return ask.version >= tls_1_2 ? accepted() : alert(ask.version >= tls_1_0 ? 80 : 40);
         }},
        {"GnuTLS with TLS 1.3 alone: 40 to everything else",
         [](const Ask& ask) {
             return ask.version == tls_1_3 ? accepted() : alert(40);
         }},
        {"Dovecot with TLS 1.2 and later: FIN to everything else",
         [](const Ask& ask) {
             return ask.version >= tls_1_2 ? accepted() : answered(Outcome::closed);
         }},
        {"FIN to everything but TLS 1.3",
         [](const Ask& ask) {
             return ask.version == tls_1_3 ? accepted() : answered(Outcome::closed);
         }},
        {"RST to everything but TLS 1.0",
         [](const Ask& ask) {
             return ask.version == tls_1_0 ? accepted() : answered(Outcome::reset);
         }},
        {"NSS keeps SSL 2.0 waiting",
         [](const Ask& ask) {
             return ask.version >= tls_1_2   ? accepted()
                    : ask.version == ssl_2_0 ? answered(Outcome::silent)
                                             : alert(70);
         }},
        {"rustls answers 50 to SSL 3.0",
         [](const Ask& ask) {
             return ask.version >= tls_1_2 ? accepted() : alert(ask.version == ssl_3_0 ? 50 : 70);
         }},
        {"TLS 1.0 alone: TLS 1.0 to every later hello",
         [](const Ask& ask) {
             return ask.version == tls_1_0  ? accepted()
                    : ask.version > tls_1_0 ? answered(Outcome::other_version)
                                            : answered(Outcome::closed);
         }},
        {"an old server with SSL 2.0 to TLS 1.0",
         [](const Ask& ask) {
             return ask.version <= tls_1_0 ? accepted() : alert(40);
         }},
        {"Java: 70 with a FIN to SSL 2.0",
         [](const Ask& ask) {
             return ask.version >= tls_1_2   ? accepted()
                    : ask.version == ssl_2_0 ? answered(Outcome::closed)
                                             : alert(70);
         }},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const AskedLines asked = planned(named(), c.server);
        CHECK(asked.total >= 7);
        CHECK_MESSAGE(asked.total <= 12, text_of(asked.rounds));
    }
}

TEST_CASE("whatever the answers, a plan ends within forty questions and asks nothing twice") {
    constexpr std::uint64_t seed = 20'261'123;
    constexpr int alerts[] = {40, 50, 70, 71, 80, 86, 112};
    constexpr Outcome outcomes[] = {
        Outcome::not_tested, Outcome::accepted,    Outcome::other_version, Outcome::refused,
        Outcome::closed,     Outcome::reset,       Outcome::silent,        Outcome::garbled,
        Outcome::not_tls,    Outcome::unreachable,
    };
    std::mt19937_64 engine(seed);
    const Target targets[] = {named(), nameless(), literal()};
    for (std::size_t run = 0; run < 3'000; ++run) {
        // Few outcomes in one run: with all of them in each, some would never be met alone.
        const std::size_t variety = 1 + engine() % std::size(outcomes);
        const auto answer = [&](const Ask&) {
            const Outcome outcome = outcomes[(run + engine() % variety) % std::size(outcomes)];
            Exchange exchange = outcome == Outcome::refused
                                    ? alert(alerts[engine() % std::size(alerts)])
                                    : answered(outcome);
            exchange.protocol = outcome == Outcome::not_tls ? "unknown" : "";
            return exchange;
        };
        const Scope scope{.cheaply = engine() % 2 == 0};
        const AskedLines asked = planned(targets[run % std::size(targets)], answer, scope);
        INFO("seed " << seed << ", run " << run << "\n" << text_of(asked.rounds));
        CHECK(asked.total <= 40);
        Lines all;
        for (const Lines& round : asked.rounds) {
            all.insert(all.end(), round.begin(), round.end());
        }
        std::ranges::sort(all);
        CHECK(std::ranges::adjacent_find(all) == all.end());
    }
}

TEST_CASE("a plan depends on what was answered, not on the order of the answers") {
    const AskServer server = [](const Ask& ask) {
        return ask.version >= tls_1_2 ? accepted() : answered(Outcome::closed);
    };
    const Target target = named();
    Endpoint endpoint{.reach = Reach::open};
    for (const Ask& ask : next_round(target, {})) {
        endpoint.exchanges.push_back(exchange_about(ask, server(ask)));
    }
    Endpoint reversed = endpoint;
    std::ranges::reverse(reversed.exchanges);
    CHECK(next_round(target, reversed) == next_round(target, endpoint));
}

} // namespace tlsdoctor::probe
