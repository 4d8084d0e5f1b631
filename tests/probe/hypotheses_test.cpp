// SPDX-License-Identifier: Apache-2.0
// What is tried where no hello is accepted: which hypotheses fit the answers, in which order, and
// that each is tried once.
#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "probe/hello.hpp"
#include "probe/plan_parts.hpp"
#include "simulation.hpp"

namespace tlsdoctor::probe {
namespace {

using evidence::Endpoint;
using evidence::Offer;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Segmentation;
using evidence::Shape;
using evidence::Target;
using testing::Asked;
using testing::Server;
using testing::visit;

constexpr Scope k_versions_only{};

Target target(std::string scheme = "") {
    return {.scheme = std::move(scheme), .host = "a.example", .sni = "a.example"};
}

/// What a hello is meant to find out, by what it has.
std::string name_of(const Ask& ask) {
    const Offer& offer = ask.composed;
    if (ask.purpose == Purpose::name) {
        return "name " + ask.sni.value_or("none");
    }
    return ask.purpose == Purpose::plain                        ? "plain request"
           : offer.proxy_header                                 ? "PROXY header"
           : offer.segmentation == Segmentation::small_segments ? "small segments"
           : offer.grease                                       ? "today"
           : offer.groups.empty()                               ? "no extensions"
           : offer.record_version == ProtocolVersion::tls_1_2   ? "newer record"
                                                                : "?";
}

std::string names_of(const std::vector<Ask>& asks) {
    std::string text;
    for (const Ask& ask : asks) {
        text += (text.empty() ? "" : ", ") + name_of(ask);
    }
    return text;
}

/// The endpoint after the hellos for the versions.
Endpoint after_versions(const Server& server) {
    return visit(server, k_versions_only).endpoint;
}

Server refusing(Outcome how) {
    return {.fails = [](const Offer&) { return true; }, .how = how};
}

Server refusing_the_name(Outcome how) {
    return {.fails = [](const Offer& offer) { return offer.sni == "a.example"; }, .how = how};
}

} // namespace

TEST_CASE("each answer has its hypotheses, the most telling first and four at most") {
    struct Case {
        std::string name{};
        Server server{};
        std::string asks{};
        std::string scheme{};
    };
    const Case cases[] = {
        {"something is accepted", {}, "", ""},
        {"something is accepted, and the user speaks in clear", {}, "plain request", "http"},
        {"alerts", refusing(Outcome::refused), "newer record, today, no extensions", ""},
        {"silence", refusing(Outcome::silent), "small segments, PROXY header, newer record, today",
         ""},
        {"resets", refusing(Outcome::reset), "PROXY header, plain request, newer record, today", ""
        },
        {"closed", refusing(Outcome::closed), "PROXY header, newer record, today, no extensions", ""
        },
        {"another name is accepted, this one gets an alert", refusing_the_name(Outcome::refused),
         "", ""},
        {"another name is accepted, this one is reset", refusing_the_name(Outcome::reset),
         "name www.example.org", ""},
        {"another name is accepted, this one gets no answer", refusing_the_name(Outcome::silent),
         "name www.example.org", ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const std::vector<Ask> asks = hypothesis_asks(target(c.scheme), after_versions(c.server));
        CHECK(names_of(asks) == c.asks);
        CHECK(asks.size() <= k_at_once);
    }
}

TEST_CASE("nothing is tried twice, and what did not fit into one round comes in the next") {
    for (const Outcome how : {Outcome::refused, Outcome::reset, Outcome::closed, Outcome::silent}) {
        CAPTURE(evidence::name_of(how));
        const Server server = refusing(how);
        Endpoint seen = after_versions(server);
        std::vector<std::string> tried;
        while (tried.size() < 20) {
            const std::vector<Ask> asks = hypothesis_asks(target(), seen);
            if (asks.empty()) {
                break;
            }
            for (const Ask& ask : asks) {
                tried.push_back(name_of(ask));
                const Question question = make_question(ask, seeded_random(1));
                evidence::Exchange exchange = answer_of(server, question.offer);
                exchange.purpose = question.purpose;
                exchange.offer = question.offer;
                seen.exchanges.push_back(std::move(exchange));
            }
        }
        std::ranges::sort(tried);
        CHECK(std::ranges::adjacent_find(tried) == tried.end());
        CHECK(std::ranges::count(tried, "no extensions") == 1);
        CHECK(std::ranges::count(tried, "today") == 1);
    }
}

TEST_CASE("every hypothesis that is right is found in a whole visit") {
    struct Case {
        std::string name{};
        Server server{};
        std::string_view accepted{};
    };
    const Case cases[] = {
        {"a PROXY header is expected",
         {.fails = [](const Offer& o) { return !o.proxy_header; }, .how = Outcome::closed},
         "PROXY header"},
        {"segments are lost",
         {.fails = [](const Offer& o) { return o.segmentation != Segmentation::small_segments; },
          .how = Outcome::silent},
         "small segments"},
        {"the record's number is refused",
         {.fails =
              [](const Offer& o) {
                  return o.record_version != ProtocolVersion::tls_1_2;
              }},
         "newer record"},
        {"only who is of today is served",
         {.fails = [](const Offer& o) { return !o.grease; }, .how = Outcome::refused},
         "today"},
        {"extensions are refused",
         {.fails = [](const Offer& o) { return !o.groups.empty(); },
          .how = Outcome::refused,
          .versions = {ProtocolVersion::tls_1_0}},
         "no extensions"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Asked asked = visit(c.server);
        INFO(text_of(asked));
        testing::check_is_bounded(asked);
        const auto first = std::ranges::find_if(asked.endpoint.exchanges, evidence::succeeded);
        REQUIRE(first != asked.endpoint.exchanges.end());
        CHECK(name_of(Ask{.purpose = first->purpose, .composed = first->offer}) == c.accepted);
    }
}

TEST_CASE("a port of another protocol is asked for nothing but another name") {
    const Server http{.fails = [](const Offer&) { return true; }, .how = Outcome::not_tls};
    const Asked asked = visit([&](const Offer& offer, std::size_t) {
        evidence::Exchange exchange = answer_of(http, offer);
        exchange.outcome = Outcome::not_tls;
        exchange.protocol = "http";
        exchange.alert.reset();
        return exchange;
    });
    INFO(text_of(asked));
    CHECK(asked.ended);
    CHECK(spent(asked.endpoint) == 0);
    REQUIRE_FALSE(asked.rounds.empty());
    CHECK(names_of(asked.rounds.back()) == "name none");
}

} // namespace tlsdoctor::probe
