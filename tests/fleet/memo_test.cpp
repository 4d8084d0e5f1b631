// SPDX-License-Identifier: Apache-2.0
// Lines out of the memo held to those that the ordinary code writes: over every mix of answers that
// a seed leads to, and targets of every kind.
#include "fleet/memo.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "doctor/doctor.hpp"
#include "fleet/gist.hpp"
#include "fleet/settled.hpp"

namespace tlsdoctor::fleet {
namespace {

using evidence::Ending;
using evidence::Outcome;
using evidence::Reach;
using evidence::Target;
using Kind = Step::Kind;

/// A target and where it is.
struct Place {
    Target target{};
    std::string address{};
};

std::vector<Place> places() {
    const auto named = [](std::string host, std::uint16_t port, std::string scheme = "") {
        return Target{
            .input = host, .scheme = std::move(scheme), .host = host, .port = port, .sni = host
        };
    };
    Target nameless = named("plain.example.org", 443);
    nameless.sni.reset();
    nameless.options = "--no-sni";
    Target other = named("one.example.net", 8443);
    other.sni = "other.example.net";
    other.input = "one.example.net:8443";
    const Target v4{
        .input = "192.0.2.77:40443", .host = "192.0.2.77", .port = 40'443, .literal = true
    };
    const Target v6{.input = "2001:db8::9", .host = "2001:db8::9", .port = 993, .literal = true};
    Target named_v4 = v4;
    named_v4.sni = "behind.example.com";
    return {
        {named("a.example", 443), "192.0.2.1"},
        {named("much-longer-name.sub.domain.example.co", 443), "198.51.100.200"},
        {named("host.example", 25, "smtps"), "2001:db8:1::2"},
        {named("host.example", 40'001, "https"), "192.0.2.9"},
        {nameless, "192.0.2.3"},
        {other, "203.0.113.77"},
        {v4, "192.0.2.77"},
        {v6, "2001:db8::9"},
        {named_v4, "192.0.2.77"},
    };
}

probe::Brief brief(Outcome outcome, Ending ending = Ending::ours, Reach reach = Reach::open) {
    return {
        .outcome = std::to_underlying(outcome),
        .reach = std::to_underlying(reach),
        .ending = std::to_underlying(ending),
    };
}

void set(probe::Brief& made, probe::BriefFlags flag, bool really = true) {
    made.flags = static_cast<std::uint16_t>(made.flags | (really ? flag : 0));
}

probe::Brief alert(std::uint8_t number, std::uint16_t record, Ending ending) {
    probe::Brief made = brief(Outcome::refused, ending);
    made.flags = probe::k_brief_alert;
    made.alert_level = 2;
    made.alert = number;
    made.alert_version = record;
    return made;
}

probe::Brief chosen(Outcome outcome, std::uint16_t version, std::mt19937_64& engine) {
    constexpr std::uint16_t k_suites[] = {0x1301, 0x002f, 0xc02f, 0x009e, 0x0005, 0xfefe};
    probe::Brief made = brief(outcome);
    made.flags = probe::k_brief_selection;
    made.version = version;
    made.suite = k_suites[engine() % std::size(k_suites)];
    if (version >= 0x0304) {
        set(made, engine() % 2 == 0 ? probe::k_brief_retry : probe::k_brief_flight);
        set(made, probe::k_brief_group);
        made.group = 0x1d;
    } else if (version > 0x0002) {
        set(made, probe::k_brief_flight);
        set(made, probe::k_brief_renegotiation, engine() % 2 == 0);
        set(made, probe::k_brief_requested, engine() % 4 == 0);
        made.dh_bits = engine() % 4 == 0 ? 512 : 0;
    }
    made.stage = (made.flags & probe::k_brief_flight) != 0 ? 1 : 0;
    return made;
}

/// An answer of a server of this temper; tempers make answers of one visit resemble each other.
probe::Brief answer_of(const probe::Ask& ask, std::size_t temper, std::mt19937_64& engine) {
    constexpr std::uint8_t k_alerts[] = {40, 70, 80, 47, 50, 71, 86, 112};
    const auto ending = static_cast<Ending>(engine() % 3);
    const auto version = std::to_underlying(ask.version);
    const bool fits = ask.purpose != evidence::Purpose::banner;
    switch (engine() % 4 == 0 ? engine() % 8 : temper) {
    case 0:
    case 1:
        if (fits && version >= 0x0303) {
            return chosen(Outcome::accepted, version, engine);
        }
        return alert(70, 0x0301, ending);
    case 2:
        return fits ? chosen(Outcome::accepted, version, engine) : brief(Outcome::silent);
    case 3:
        return brief(Outcome::closed, Ending::fin);
    case 4:
        return brief(Outcome::reset, Ending::reset);
    case 5:
        return fits ? alert(k_alerts[engine() % std::size(k_alerts)], 0x0303, ending)
                    : brief(Outcome::silent);
    case 6:
        return fits ? chosen(Outcome::other_version, 0x0302, engine) : brief(Outcome::silent);
    default: {
        probe::Brief made = brief(Outcome::silent);
        set(made, probe::k_brief_lost, engine() % 8 == 0);
        return made;
    }
    }
}

probe::Brief no_connection(std::mt19937_64& engine) {
    probe::Brief made = brief(Outcome::unreachable, Ending::ours, Reach::refused);
    made.flags = probe::k_brief_text;
    made.code = 111;
    if (engine() % 2 == 0) {
        made.reach = std::to_underlying(Reach::filtered);
        made.code = 0;
    }
    return made;
}

/// Copies what was answered to another target.
History transferred(const History& history, const Place& to) {
    History copy{.target = to.target, .address = to.address};
    for (const Round& round : history.rounds) {
        Round& added = copy.rounds.emplace_back(Round{.step = round.step});
        for (const Answer& answer : round.answers) {
            added.answers.push_back({.brief = answer.brief, .ms = answer.ms});
        }
    }
    return copy;
}

Judged slow_line(const History& history, const LaneSettings& settings) {
    evidence::Visit visit = visit_of(history);
    visit.started = "2026-11-29T12:00:00Z";
    visit.elapsed_ms = 123;
    return judged(doctor::review(std::move(visit), settings.visit), settings);
}

Judged quick_line(const Step& step, const Place& place) {
    const Target& target = place.target;
    const std::string port = std::to_string(target.port);
    SlotTexts texts{};
    at(texts, Slot::host) = target.host;
    at(texts, Slot::sni) = target.sni ? std::string_view(*target.sni) : std::string_view{};
    at(texts, Slot::input) = target.input;
    at(texts, Slot::address) = place.address;
    at(texts, Slot::started) = "2026-11-29T12:00:00Z";
    at(texts, Slot::elapsed) = "123";
    at(texts, Slot::port) = port;
    return {.line = step.line->filled(texts), .text = step.text->filled(texts), .gist = step.gist};
}

void check_equal(const Judged& quick, const Judged& slow) {
    CHECK(quick.line == slow.line);
    CHECK(quick.text == slow.text);
    CHECK(quick.gist->cause == slow.gist->cause);
    CHECK(quick.gist->status == slow.gist->status);
    CHECK(quick.gist->accepted == slow.gist->accepted);
    CHECK(quick.gist->stack == slow.gist->stack);
    CHECK(quick.gist->exit_code == slow.gist->exit_code);
    CHECK(quick.gist->reached == slow.gist->reached);
}

std::string key_for(const Place& place) {
    std::string key;
    put_key(place.target, place.address, key);
    return key;
}

} // namespace

TEST_CASE("a line out of a template is the line that the ordinary code writes") {
    constexpr std::uint64_t k_seed = 20'261'129;
    INFO("seed " << k_seed);
    std::mt19937_64 engine(k_seed);
    const LaneSettings settings = test::settings_for_versions();
    const std::vector<Place> all = places();
    std::map<Kind, std::size_t> ends;
    std::set<std::string> causes;
    for (std::size_t run = 0; run < 600; ++run) {
        const Place& place = all[run % all.size()];
        const std::size_t temper = engine() % 8;
        REQUIRE(is_plain(place.target, place.address));
        History history{.target = place.target, .address = place.address};
        auto step = std::make_shared<const Step>(next_step(history, settings));
        while (step->kind == Kind::ask || step->kind == Kind::tunnel) {
            REQUIRE(history.rounds.size() < 40);
            Round& round = history.rounds.emplace_back(Round{.step = step});
            const bool nobody = history.rounds.size() == 1 && engine() % 10 == 0;
            for (const probe::Ask& ask : step->asks) {
                if (!nobody) {
                    round.answers.push_back({.brief = answer_of(ask, temper, engine), .ms = 1});
                }
            }
            if (nobody) {
                round.answers.push_back({.brief = no_connection(engine), .ms = 1});
            } else if (step->kind == Kind::tunnel) {
                round.answers.push_back({.brief = brief(Outcome::silent), .ms = 1});
            }
            step = std::make_shared<const Step>(next_step(history, settings));
        }
        ++ends[step->kind];
        if (step->kind != Kind::line) {
            continue;
        }
        causes.insert(step->gist->cause);
        check_equal(quick_line(*step, place), slow_line(history, settings));
        for (const Place& other : all) {
            if (key_for(other) == key_for(place)) {
                CAPTURE(other.target.host);
                check_equal(
                    quick_line(*step, other), slow_line(transferred(history, other), settings)
                );
            }
        }
    }
    CHECK(ends[Kind::line] > 500);
    CHECK(ends[Kind::judge] == 0);
    CHECK(causes.size() > 10);
}

TEST_CASE("what could matter to a rule is in the key, or makes a target no plain one") {
    const Place usual = places().front();
    const auto key_with = [&](auto change) {
        Place changed = usual;
        change(changed);
        return key_for(changed);
    };
    const std::string key = key_for(usual);
    CHECK(key_with([](Place& one) {
              one.target.host = one.target.input = "b.example";
              one.target.sni = "b.example";
          }) == key);
    CHECK(key_with([](Place& one) { one.target.port = 444; }) != key);
    CHECK(key_with([](Place& one) { one.target.sni.reset(); }) != key);
    CHECK(key_with([](Place& one) { one.target.sni = "c.example"; }) != key);
    CHECK(key_with([](Place& one) { one.target.scheme = "https"; }) != key);
    CHECK(key_with([](Place& one) { one.target.options = "-4"; }) != key);
    CHECK(key_with([](Place& one) { one.target.literal = true; }) != key);
    CHECK(key_with([](Place& one) { one.target.listens = true; }) != key);
    CHECK(key_with([](Place& one) { one.address = "2001:db8::1"; }) != key);
    for (const char* const name :
         {"localhost", "xn--bcher-kva.example", "a_b.example", "-a.example", "A.example",
          "a..example", "a.example.", "a.b7.8", "a b.example", "a\"b.example"}) {
        CAPTURE(name);
        Target odd = usual.target;
        odd.host = name;
        CHECK_FALSE(is_plain(odd, usual.address));
        odd.host = usual.target.host;
        odd.sni = name;
        CHECK_FALSE(is_plain(odd, usual.address));
    }
    Target odd = usual.target;
    odd.input = "a.example, please";
    CHECK_FALSE(is_plain(odd, usual.address));
}

TEST_CASE("a memo that is full begins anew") {
    Memo memo;
    const auto step = std::make_shared<const Step>();
    memo.keep("first", step);
    CHECK(memo.find("first") == step);
    for (int i = 0; i < 200'000; ++i) {
        memo.keep(std::to_string(i), step);
    }
    CHECK(memo.find("199999") == step);
    CHECK(memo.find("first") == nullptr);
}

TEST_CASE("texts that differ elsewhere than in a slot make no template") {
    SlotTexts one{};
    SlotTexts two{};
    at(one, Slot::host) = "alpha";
    at(two, Slot::host) = "beta-two";
    const auto made = LineTemplate::of("<alpha> is alpha", one, "<beta-two> is beta-two", two);
    REQUIRE(made.has_value());
    SlotTexts three{};
    at(three, Slot::host) = "c";
    CHECK(made->filled(three) == "<c> is c");
    CHECK_FALSE(LineTemplate::of("alpha (5)", one, "beta-two (8)", two).has_value());
    CHECK_FALSE(LineTemplate::of("alpha", one, "beta-two beta-two", two).has_value());
}

} // namespace tlsdoctor::fleet
