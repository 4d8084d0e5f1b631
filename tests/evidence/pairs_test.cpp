// SPDX-License-Identifier: Apache-2.0
// Which exchanges make a pair, which of them are left out, and what a pair explains.
#include "evidence/pairs.hpp"

#include <doctest/doctest.h>

#include "evidence/offers.hpp"

namespace tlsdoctor::evidence {

namespace {

using testing::k_tls_1_2;
using testing::k_tls_1_3;
using testing::newer;
using testing::older;

/// A hello of TLS 1.2 that differs from `older` in these ways.
struct With {
    bool grease{};
    bool ems{};
    std::uint16_t size{200};
    Purpose purpose = Purpose::factor;
};

Exchange exchange(Outcome outcome, const With& with = {}) {
    Exchange one{.purpose = with.purpose, .offer = older(), .outcome = outcome};
    one.offer.grease = with.grease;
    one.offer.extended_master_secret = with.ems;
    one.offer.size = with.size;
    if (outcome == Outcome::accepted) {
        one.selection = Selection{.version = k_tls_1_2, .cipher_suite = CipherSuite{0xc02f}};
    }
    if (outcome == Outcome::refused) {
        one.alert =
            Alert{.level = AlertLevel::fatal, .description = AlertDescription::handshake_failure};
    }
    return one;
}

/// An exchange that chose a version and then took it back.
Exchange taken_back(const With& with) {
    Exchange one = exchange(Outcome::accepted, with);
    one.alert_after =
        Alert{.level = AlertLevel::fatal, .description = AlertDescription::handshake_failure};
    return one;
}

/// Differs from `older` in its versions alone.
Exchange refused_for_tls_1_3_alone() {
    Exchange one = exchange(Outcome::refused);
    take(one.offer, newer(), Factor::versions);
    one.offer.versions = {k_tls_1_3};
    std::erase_if(one.offer.cipher_suites, [](CipherSuite suite) {
        return find(suite)->first_version < k_tls_1_3;
    });
    return one;
}

Exchange accepted_as_tls_1_3() {
    Exchange one = exchange(Outcome::accepted);
    one.offer = newer();
    one.selection->version = k_tls_1_3;
    return one;
}

Endpoint endpoint(std::vector<Exchange> exchanges) {
    Endpoint made{.reach = Reach::open, .exchanges = std::move(exchanges)};
    for (std::size_t i = 0; i < made.exchanges.size(); ++i) {
        made.exchanges[i].id = "e" + std::to_string(i + 1);
    }
    return made;
}

/// `grease: e1/e2` for each pair, accepted first, an asterisk where it was repeated.
std::string text_of(const std::vector<Pair>& pairs) {
    std::string text;
    for (const Pair& pair : pairs) {
        text += text.empty() ? "" : "; ";
        for (const Factor factor : pair.factors) {
            text += std::string(name_of(factor)) + " ";
        }
        text += pair.accepted->id + "/" + pair.refused->id + (pair.repeated ? "*" : "");
    }
    return text;
}

std::string ids_of(const std::vector<const Exchange*>& exchanges) {
    std::string text;
    for (const Exchange* const one : exchanges) {
        text += (text.empty() ? "" : " ") + one->id;
    }
    return text;
}

constexpr auto accepted = Outcome::accepted;
constexpr auto refused = Outcome::refused;
constexpr auto reset = Outcome::reset;

} // namespace

TEST_CASE("a minimal pair differs in one factor at equal size, or in size alone") {
    struct Case {
        std::string name{};
        std::vector<Exchange> exchanges{};
        std::string pairs{};
    };
    const Case cases[] = {
        {"nothing was asked", {}, ""},
        {"all went well", {exchange(accepted), exchange(accepted, {.grease = true})}, ""},
        {"nothing went well", {exchange(refused), exchange(refused, {.grease = true})}, ""},
        {"one factor", {exchange(accepted), exchange(refused, {.grease = true})}, "grease e1/e2"},
        {"the refused one may come first",
         {exchange(refused, {.grease = true}), exchange(accepted)},
         "grease e2/e1"},
        {"the factor is lacking, not added",
         {exchange(refused), exchange(accepted, {.ems = true})},
         "extended_master_secret e2/e1"},
        {"one factor and another size",
         {exchange(accepted), exchange(refused, {.grease = true, .size = 204})},
         ""},
        {"size alone", {exchange(accepted), exchange(refused, {.size = 204})}, "size e1/e2"},
        {"two factors", {exchange(accepted), exchange(refused, {.grease = true, .ems = true})}, ""},
        {"taken back after the ServerHello",
         {exchange(accepted), taken_back({.grease = true})},
         "grease e1/e2"},
        {"each asked once more",
         {exchange(accepted), exchange(refused, {.grease = true}), exchange(accepted),
          exchange(refused, {.grease = true})},
         "grease e1/e2*"},
        {"one of them asked once more",
         {exchange(accepted), exchange(refused, {.grease = true}), exchange(accepted)},
         "grease e1/e2"},
        {"two culprits, the repeated one first",
         {exchange(accepted), exchange(refused, {.ems = true}), exchange(refused, {.grease = true}),
          exchange(refused, {.grease = true}), exchange(accepted)},
         "grease e1/e3*; extended_master_secret e1/e2"},
        {"of one threshold, the pair with the smallest gap first",
         {exchange(accepted, {.size = 300}), exchange(accepted, {.size = 590}),
          exchange(refused, {.size = 900}), exchange(refused, {.size = 606})},
         "size e2/e4; size e2/e3"},
        {"a hello for TLS 1.3 alone is not held against TLS 1.2",
         {exchange(accepted), accepted_as_tls_1_3(), refused_for_tls_1_3_alone()},
         ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Endpoint seen = endpoint(c.exchanges);
        CHECK(text_of(minimal_pairs(seen)) == c.pairs);
    }
}

TEST_CASE("a hole of sizes is shown by its nearer edge") {
    const Endpoint seen = endpoint({
        exchange(accepted, {.size = 200}),
        exchange(refused, {.size = 260}),
        exchange(refused, {.size = 500}),
        exchange(accepted, {.size = 520}),
    });
    const std::vector<Pair> pairs = minimal_pairs(seen);
    REQUIRE_FALSE(pairs.empty());
    CHECK(text_of({pairs.front()}) == "size e4/e3");
    CHECK(explains(pairs.front(), seen.exchanges[1]));
    CHECK_FALSE(explains(pairs.front(), exchange(refused, {.size = 501})));
}

TEST_CASE("only what asks for an explanation is compared") {
    struct Case {
        std::string name{};
        void (*change)(Exchange& refused);
        bool counts{};
    };
    const Case cases[] = {
        {"a version", [](Exchange& e) { e.purpose = Purpose::version; }, true},
        {"a name", [](Exchange& e) { e.purpose = Purpose::name; }, true},
        {"a client", [](Exchange& e) { e.purpose = Purpose::client; }, true},
        {"a factor", [](Exchange&) {}, true},
        {"a trait", [](Exchange& e) { e.purpose = Purpose::trait; }, false},
        {"a control", [](Exchange& e) { e.purpose = Purpose::control; }, false},
        {"a repetition", [](Exchange& e) { e.purpose = Purpose::repeat; }, false},
        {"a banner", [](Exchange& e) { e.purpose = Purpose::banner; }, false},
        {"a plain request", [](Exchange& e) { e.purpose = Purpose::plain; }, false},
        {"no version", [](Exchange& e) { e.offer.versions.clear(); }, false},
        {"SSL 3.0", [](Exchange& e) { e.offer.versions = {ProtocolVersion::ssl_3_0}; }, false},
        {"the hello of SSL 2.0", [](Exchange& e) { e.offer.shape = Shape::ssl2; }, false},
        {"another version than went well", [](Exchange& e) { e.offer.versions = {k_tls_1_3}; },
         false},
        {"not tested", [](Exchange& e) { e.outcome = Outcome::not_tested; }, false},
        {"unreachable", [](Exchange& e) { e.outcome = Outcome::unreachable; }, false},
        {"closed", [](Exchange& e) { e.outcome = Outcome::closed; }, true},
        {"silent", [](Exchange& e) { e.outcome = Outcome::silent; }, true},
        {"garbled", [](Exchange& e) { e.outcome = Outcome::garbled; }, true},
        {"another protocol", [](Exchange& e) { e.outcome = Outcome::not_tls; }, true},
        {"another version", [](Exchange& e) { e.outcome = Outcome::other_version; }, true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Exchange no = exchange(refused, {.grease = true});
        c.change(no);
        // Something goes well behind it, so that a failure without a word counts, too.
        const Endpoint seen = endpoint({exchange(accepted), no, exchange(accepted)});
        CHECK(unexplained_failures(seen).empty() != c.counts);
        CHECK(minimal_pairs(seen).empty() != c.counts);
        CHECK(nearest_pair(seen).has_value() == c.counts);
    }
}

TEST_CASE("who answers the same hello now so and now otherwise is no witness") {
    const Endpoint refused_twice_accepted_once = endpoint({
        exchange(accepted),
        exchange(refused, {.grease = true}),
        exchange(accepted, {.grease = true}),
        exchange(refused, {.grease = true}),
    });
    CHECK(minimal_pairs(refused_twice_accepted_once).empty());
    CHECK(unexplained_failures(refused_twice_accepted_once).empty());
    const Endpoint accepted_and_refused = endpoint({
        exchange(accepted),
        exchange(refused),
        exchange(refused, {.grease = true}),
    });
    CHECK(minimal_pairs(accepted_and_refused).empty());
    CHECK_FALSE(nearest_pair(accepted_and_refused).has_value());
}

TEST_CASE("a failure without a word waits until something goes well after it") {
    for (const Outcome wordless : {Outcome::closed, reset, Outcome::silent}) {
        CAPTURE(name_of(wordless));
        const Exchange no = exchange(wordless, {.grease = true, .purpose = Purpose::version});
        Endpoint seen = endpoint({exchange(accepted), no});
        CHECK(awaits_control(seen));
        CHECK(minimal_pairs(seen).empty());
        CHECK(unexplained_failures(seen).empty());
        Exchange control = exchange(accepted);
        control.purpose = Purpose::control;
        control.id = "e3";
        seen.exchanges.push_back(control);
        CHECK_FALSE(awaits_control(seen));
        CHECK(text_of(minimal_pairs(seen)) == "grease e1/e2");
        CHECK(ids_of(unexplained_failures(seen)) == "e2");
    }
}

TEST_CASE("an alert is a word, and the hellos of a search wait for its end") {
    const With version{.grease = true, .purpose = Purpose::version};
    CHECK_FALSE(awaits_control(endpoint({exchange(accepted), exchange(refused, version)})));
    CHECK_FALSE(awaits_control(endpoint({exchange(accepted), exchange(reset, {.grease = true})})));
    CHECK_FALSE(awaits_control(endpoint({exchange(reset, version), exchange(accepted)})));
    CHECK_FALSE(awaits_control(endpoint({exchange(reset, version)})));
    CHECK_FALSE(awaits_control({}));
}

TEST_CASE("a pair explains what has its refused half's value, and size what lies beyond it") {
    const Endpoint seen = endpoint({
        exchange(accepted),
        exchange(refused, {.grease = true}),
        exchange(refused, {.size = 600}),
    });
    const std::vector<Pair> pairs = minimal_pairs(seen);
    REQUIRE(text_of(pairs) == "grease e1/e2; size e1/e3");
    CHECK(explains(pairs[0], exchange(refused, {.grease = true, .ems = true, .size = 900})));
    CHECK_FALSE(explains(pairs[0], exchange(refused, {.ems = true})));
    CHECK(explains(pairs[1], exchange(refused, {.size = 600})));
    CHECK(explains(pairs[1], exchange(refused, {.ems = true, .size = 1'700})));
    CHECK_FALSE(explains(pairs[1], exchange(refused, {.size = 599})));
    Pair wide = pairs[0];
    wide.factors.push_back(Factor::alpn);
    CHECK_FALSE(explains(wide, seen.exchanges[1]));
    Pair small = pairs[1];
    std::swap(small.accepted, small.refused);
    CHECK(explains(small, exchange(refused, {.size = 199})));
    CHECK_FALSE(explains(small, exchange(refused, {.size = 201})));
}

TEST_CASE("what a repeated pair explains is not searched for again") {
    std::vector<Exchange> exchanges{
        exchange(accepted),
        exchange(refused, {.grease = true}),
        exchange(refused, {.grease = true, .ems = true, .size = 300}),
        exchange(refused, {.ems = true}),
    };
    const Endpoint once = endpoint(exchanges);
    CHECK(ids_of(unexplained_failures(once)) == "e2 e3 e4");
    exchanges.push_back(exchange(accepted));
    exchanges.push_back(exchange(refused, {.grease = true}));
    const Endpoint twice = endpoint(exchanges);
    CHECK(ids_of(unexplained_failures(twice)) == "e4");
    REQUIRE(nearest_pair(twice).has_value());
    CHECK(text_of({*nearest_pair(twice)}) == "extended_master_secret e1/e4");
}

TEST_CASE("the nearest pair has the fewest factors, then equal size, then the smaller gap") {
    struct Case {
        std::string name{};
        std::vector<Exchange> exchanges{};
        std::string nearest{};
    };
    Exchange bare = exchange(refused);
    bare.offer = newer();
    const Case cases[] = {
        {"fewer factors",
         {exchange(accepted), exchange(refused, {.grease = true, .ems = true}),
          exchange(accepted, {.ems = true})},
         "grease e3/e2"},
        {"one factor at equal size before another size",
         {exchange(accepted, {.size = 210}), exchange(accepted, {.ems = true, .size = 300}),
          exchange(refused, {.size = 300})},
         "extended_master_secret e2/e3"},
        {"the smaller gap of two",
         {exchange(accepted, {.size = 100}), exchange(accepted, {.size = 290}),
          exchange(refused, {.size = 300})},
         "size e2/e3"},
        {"a far one is better than none",
         {exchange(accepted), bare},
         "proxy_header record_version versions cipher_suites groups signature_algorithms "
         "server_name alpn "
         "extended_master_secret renegotiation extensions compression fallback_scsv grease "
         "post_quantum segmentation e1/e2"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Endpoint seen = endpoint(c.exchanges);
        REQUIRE(nearest_pair(seen).has_value());
        CHECK(text_of({*nearest_pair(seen)}) == c.nearest);
    }
}

TEST_CASE("answers to the very same hello are counted, whatever its shape") {
    Exchange other_shape = exchange(accepted);
    other_shape.offer.shape = Shape::browser;
    Exchange control = exchange(accepted);
    control.purpose = Purpose::control;
    const Endpoint seen = endpoint({
        exchange(accepted),
        other_shape,
        control,
        exchange(accepted, {.size = 201}),
        taken_back({}),
        exchange(refused),
        exchange(Outcome::not_tested),
    });
    CHECK(times_answered(seen, older(), true) == 2);
    CHECK(times_answered(seen, older(), false) == 2);
    CHECK(times_answered(seen, newer(), true) == 0);
}

} // namespace tlsdoctor::evidence
