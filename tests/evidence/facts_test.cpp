// SPDX-License-Identifier: Apache-2.0
// Sums over the exchanges of one endpoint.
#include "evidence/facts.hpp"
#include "evidence/offers.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::evidence {

namespace {

using testing::k_tls_1_2;
constexpr auto k_alert_70 = AlertDescription::protocol_version;
constexpr auto k_alert_40 = AlertDescription::handshake_failure;

Exchange answered(Outcome outcome, ProtocolVersion version = k_tls_1_2) {
    return {.offer = {.versions = {version}}, .outcome = outcome};
}

Exchange refused_by(AlertDescription alert, ProtocolVersion version = k_tls_1_2) {
    Exchange one = answered(Outcome::refused, version);
    one.alert = Alert{.level = AlertLevel::fatal, .description = alert};
    return one;
}

Exchange foreign(std::string protocol) {
    Exchange one = answered(Outcome::not_tls);
    one.protocol = std::move(protocol);
    return one;
}

const VersionAnswer& at(const std::vector<VersionAnswer>& answers, ProtocolVersion version) {
    for (const VersionAnswer& answer : answers) {
        if (answer.version == version) {
            return answer;
        }
    }
    FAIL("no answer for the version");
    return answers.front();
}

} // namespace

TEST_CASE("an endpoint without exchanges has six answers, none of them tested") {
    const Endpoint empty;
    const auto answers = version_answers(empty);
    REQUIRE(answers.size() == 6);
    CHECK(answers.front().version == ProtocolVersion::ssl_2_0);
    CHECK(answers.back().version == ProtocolVersion::tls_1_3);
    for (const VersionAnswer& answer : answers) {
        CHECK(answer.outcome == Outcome::not_tested);
        CHECK(answer.shown_by == nullptr);
        CHECK(answer.all.empty());
    }
    CHECK(accepted_versions(empty).empty());
}

TEST_CASE("the most telling of several answers stands for all, in any order") {
    constexpr Outcome k_order[] = {
        Outcome::accepted,    Outcome::other_version, Outcome::refused, Outcome::not_tls,
        Outcome::garbled,     Outcome::reset,         Outcome::closed,  Outcome::silent,
        Outcome::unreachable, Outcome::not_tested,
    };
    for (std::size_t i = 0; i < std::size(k_order); ++i) {
        for (std::size_t j = i + 1; j < std::size(k_order); ++j) {
            const Endpoint forth{.exchanges = {answered(k_order[i]), answered(k_order[j])}};
            const Endpoint back{.exchanges = {answered(k_order[j]), answered(k_order[i])}};
            CHECK(at(version_answers(forth), k_tls_1_2).outcome == k_order[i]);
            CHECK(at(version_answers(back), k_tls_1_2).outcome == k_order[i]);
            CHECK(at(version_answers(back), k_tls_1_2).shown_by == &back.exchanges[1]);
            CHECK(at(version_answers(back), k_tls_1_2).all.size() == 2);
        }
    }
}

TEST_CASE("only hellos that offer one version alone, for its sake, count for it") {
    Exchange name = answered(Outcome::accepted);
    name.purpose = Purpose::name;
    Exchange control = answered(Outcome::accepted);
    control.purpose = Purpose::control;
    Exchange both = answered(Outcome::accepted);
    both.offer.versions.push_back(ProtocolVersion::tls_1_3);
    const Endpoint endpoint{.exchanges = {name, control, both}};
    CHECK(accepted_versions(endpoint).empty());
}

TEST_CASE("a repeated hello that was accepted says yes, and one that was refused says nothing") {
    Exchange first = answered(Outcome::reset);
    Exchange yes = answered(Outcome::accepted);
    yes.purpose = Purpose::repeat;
    Exchange no = answered(Outcome::reset);
    no.purpose = Purpose::repeat;
    const Endpoint varying{.exchanges = {first, no, yes}};
    CHECK(at(version_answers(varying), k_tls_1_2).shown_by == &varying.exchanges[2]);
    CHECK(accepted_versions(varying) == std::vector{k_tls_1_2});
    const Endpoint refusing{.exchanges = {first, no, no}};
    CHECK(at(version_answers(refusing), k_tls_1_2).all.size() == 1);
    yes.offer.sni = "other.example";
    const Endpoint elsewhere{.exchanges = {first, yes}};
    CHECK(accepted_versions(elsewhere).empty());
}

TEST_CASE("accepted versions come oldest first, and another version is none") {
    const Endpoint endpoint{
        .exchanges =
            {
                answered(Outcome::accepted, ProtocolVersion::tls_1_3),
                answered(Outcome::accepted, ProtocolVersion::tls_1_0),
                answered(Outcome::other_version, ProtocolVersion::tls_1_1),
            }
    };
    const std::vector expected{ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3};
    CHECK(accepted_versions(endpoint) == expected);
}

TEST_CASE("a refused cheap hello speaks of its version only where it says so") {
    struct Row {
        const char* name;
        Exchange exchange;
        bool for_the_hello;
    };
    constexpr auto k_tls_1_3 = ProtocolVersion::tls_1_3;
    const Row table[] = {
        {"70", refused_by(k_alert_70), false},
        {"40", refused_by(k_alert_40), true},
        {"40 to all suites of TLS 1.3", refused_by(k_alert_40, k_tls_1_3), false},
        {"another version", answered(Outcome::other_version), false},
        {"a close", answered(Outcome::closed), true},
        {"a reset of TLS 1.3", answered(Outcome::reset, k_tls_1_3), true},
        {"silence", answered(Outcome::silent), true},
        {"accepted", answered(Outcome::accepted), false},
        {"not reached", answered(Outcome::unreachable), false},
    };
    for (const Row& row : table) {
        CAPTURE(row.name);
        Exchange cheap = row.exchange;
        CHECK_FALSE(is_for_the_hello(cheap));
        cheap.offer.shape = Shape::cheap;
        CHECK(is_for_the_hello(cheap) == row.for_the_hello);
    }
}

TEST_CASE("a cheap hello settles nothing by what may be meant for it, and hides no full one") {
    Exchange cheap = refused_by(k_alert_40);
    cheap.offer.shape = Shape::cheap;
    const Endpoint once{.exchanges = {cheap, refused_by(k_alert_70)}};
    const VersionAnswer both = at(version_answers(once), k_tls_1_2);
    CHECK_FALSE(settled(both, false));
    CHECK(settled(both, true));
    CHECK(both.shown_by == &once.exchanges[1]);
    const Endpoint quiet{.exchanges = {cheap, answered(Outcome::closed)}};
    CHECK(at(version_answers(quiet), k_tls_1_2).outcome == Outcome::closed);
    cheap.alert->description = k_alert_70;
    const Endpoint twice{.exchanges = {cheap, refused_by(k_alert_40)}};
    CHECK(settled(at(version_answers(twice), k_tls_1_2), false));
}

TEST_CASE("a no is settled by two hellos, or by what needs no second") {
    struct Row {
        const char* name;
        std::vector<Exchange> exchanges;
        ProtocolVersion version;
        bool alone;  ///< where nothing else was accepted
        bool beside; ///< where another version was
    };
    constexpr auto k_ssl_2_0 = ProtocolVersion::ssl_2_0;
    const Row table[] = {
        {"nothing", {}, k_tls_1_2, false, false},
        {"accepted", {answered(Outcome::accepted)}, k_tls_1_2, false, false},
        {"another version", {answered(Outcome::other_version)}, k_tls_1_2, true, true},
        {"one 70", {refused_by(k_alert_70)}, k_tls_1_2, false, true},
        {"one 40", {refused_by(k_alert_40)}, k_tls_1_2, false, false},
        {"two 40", {refused_by(k_alert_40), refused_by(k_alert_40)}, k_tls_1_2, true, true},
        {"one close", {answered(Outcome::closed)}, k_tls_1_2, false, false},
        {"two closes", {answered(Outcome::closed), answered(Outcome::closed)}, k_tls_1_2, true, true
        },
        {"a close and a silence",
         {answered(Outcome::closed), answered(Outcome::silent)},
         k_tls_1_2,
         true,
         true},
        {"a close and no connection",
         {answered(Outcome::closed), answered(Outcome::unreachable)},
         k_tls_1_2,
         false,
         false},
        {"a close and nothing",
         {answered(Outcome::closed), answered(Outcome::not_tested)},
         k_tls_1_2,
         false,
         false},
        {"SSL 2.0 once", {answered(Outcome::closed, k_ssl_2_0)}, k_ssl_2_0, true, true},
        {"SSL 2.0 unreachable", {answered(Outcome::unreachable, k_ssl_2_0)}, k_ssl_2_0, false, false
        },
    };
    for (const Row& row : table) {
        CAPTURE(row.name);
        const Endpoint endpoint{.exchanges = row.exchanges};
        const auto answers = version_answers(endpoint);
        CHECK(settled(at(answers, row.version), false) == row.alone);
        CHECK(settled(at(answers, row.version), true) == row.beside);
    }
}

TEST_CASE("a foreign protocol with a name outweighs one without") {
    CHECK(foreign_protocol(Endpoint{}).empty());
    const Endpoint tls{.exchanges = {refused_by(k_alert_70)}};
    CHECK(foreign_protocol(tls).empty());
    const Endpoint both{.exchanges = {foreign("unknown"), foreign("http"), foreign("smtp")}};
    CHECK(foreign_protocol(both) == "http");
    const Endpoint unknown{.exchanges = {refused_by(k_alert_70), foreign("unknown")}};
    CHECK(foreign_protocol(unknown) == "unknown");
}

TEST_CASE("a port that resets hellos and answers text with text is none of another protocol") {
    Exchange plain = foreign("http");
    plain.purpose = Purpose::plain;
    plain.offer = {.shape = Shape::plain};
    const Endpoint filtered{.exchanges = {answered(Outcome::reset), plain}};
    CHECK(foreign_protocol(filtered).empty());
    const Endpoint http{.exchanges = {foreign("http"), plain}};
    CHECK(foreign_protocol(http) == "http");
}

TEST_CASE("an exchange that cannot have happened is told from one that can") {
    CHECK(contradiction_in(refused_by(k_alert_70)).empty());
    CHECK(contradiction_in({.purpose = Purpose::banner, .outcome = Outcome::closed}).empty());
    CHECK(contradiction_in(answered(Outcome::refused)) == "a refusal needs its alert");
    constexpr std::string_view k_version = "one version from SSL 2.0 to TLS 1.3 must be offered";
    CHECK(contradiction_in(Exchange{}) == k_version);
    CHECK(contradiction_in(answered(Outcome::closed, ProtocolVersion{0x0305})) == k_version);
    CHECK(contradiction_in({.purpose = Purpose::control}) == k_version);
}

TEST_CASE("the fallback signal is honoured with alert 86, ignored by an acceptance, else unknown") {
    const auto trait = [](Exchange one) {
        one.purpose = Purpose::trait;
        one.offer.fallback_scsv = true;
        return Endpoint{.exchanges = {std::move(one)}};
    };
    const Endpoint honoured = trait(refused_by(AlertDescription::inappropriate_fallback));
    REQUIRE(fallback_answer(honoured));
    CHECK(fallback_answer(honoured)->honoured);
    CHECK(fallback_answer(honoured)->shown_by == honoured.exchanges.data());
    const Endpoint ignored = trait(answered(Outcome::accepted));
    REQUIRE(fallback_answer(ignored));
    CHECK_FALSE(fallback_answer(ignored)->honoured);
    const Endpoint other = trait(refused_by(k_alert_40));
    CHECK_FALSE(fallback_answer(other));
    const Endpoint unasked{.exchanges = {answered(Outcome::accepted)}};
    CHECK_FALSE(fallback_answer(unasked));
}

TEST_CASE("a client certificate is requested where a flight says so, required where it decided") {
    Endpoint endpoint;
    CHECK(name_of(client_certificate(endpoint)) == "not_requested");
    endpoint.exchanges.push_back(answered(Outcome::accepted));
    endpoint.exchanges.back().flight =
        Flight{.certificate_requested = true, .certificate_authorities = {"CN=One"}};
    CHECK(name_of(client_certificate(endpoint)) == "requested");
    CHECK(accepted_authorities(endpoint) == std::vector<std::string>{"CN=One"});
    endpoint.handshake = Handshake{.completed = true, .asked_for_certificate = true};
    CHECK(name_of(client_certificate(endpoint)) == "requested");
    endpoint.handshake->http_demands_certificate = true;
    CHECK(name_of(client_certificate(endpoint)) == "required");
    endpoint.handshake = Handshake{.failure = "alert 40", .asked_for_certificate = true};
    CHECK(name_of(client_certificate(endpoint)) == "required");
    endpoint.handshake->certificate_authorities = {"CN=Two"};
    CHECK(accepted_authorities(endpoint) == std::vector<std::string>{"CN=Two"});
}

TEST_CASE("a service speaks HTTP by its scheme, its port or the protocol that it chose") {
    const Endpoint web{.port = 443};
    const Endpoint odd{.port = 40'000};
    CHECK(speaks_http({}, web));
    CHECK(speaks_http({.scheme = "https"}, odd));
    CHECK_FALSE(speaks_http({}, odd));
    CHECK_FALSE(speaks_http({.scheme = "ldaps"}, web));
    CHECK_FALSE(speaks_http({.starttls = "smtp"}, web));
    Endpoint chose = odd;
    chose.exchanges.push_back(answered(Outcome::accepted));
    chose.exchanges.back().flight = Flight{.alpn = "http/1.1"};
    CHECK(speaks_http({}, chose));
    chose.exchanges.back().flight->alpn = "acme-tls/1";
    CHECK_FALSE(speaks_http({}, chose));
}

} // namespace tlsdoctor::evidence
