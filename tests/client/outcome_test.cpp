// SPDX-License-Identifier: Apache-2.0
// How known clients fare, from answers that are written down here.
#include "client/outcome.hpp"

#include <algorithm>
#include <array>

#include <doctest/doctest.h>

namespace tlsdoctor::client {

namespace {

using evidence::Alert;
using evidence::ClientBasis;
using evidence::ClientOutcome;
using evidence::ClientResult;
using evidence::Endpoint;
using evidence::Exchange;
using evidence::Flight;
using evidence::Outcome;
using evidence::Refuser;
using evidence::Selection;

constexpr CipherSuite k_aes_13 = CipherSuite::TLS_AES_128_GCM_SHA256;
constexpr CipherSuite k_ecdhe_gcm{0xc02f};
constexpr CipherSuite k_ecdhe_cbc{0xc013};
constexpr CipherSuite k_rsa_cbc{0x002f};
constexpr CipherSuite k_dhe_gcm{0x009e};

Exchange chosen(ProtocolVersion version, CipherSuite suite, const Flight& flight) {
    return {
        .purpose = evidence::Purpose::version,
        .offer =
            {.versions = {version},
             .sni = "a.example",
             .renegotiation = evidence::Renegotiation::scsv},
        .outcome = Outcome::accepted,
        .reach = evidence::Reach::open,
        .selection = Selection{.version = version, .cipher_suite = suite},
        .flight = flight,
    };
}

Flight healthy_flight() {
    return {.stage = "ServerHelloDone", .renegotiation_info = true, .certificate_key = "RSA 2048"};
}

Exchange refused(ProtocolVersion version, int alert) {
    return {
        .purpose = evidence::Purpose::version,
        .offer = {.versions = {version}, .sni = "a.example"},
        .outcome = Outcome::refused,
        .reach = evidence::Reach::open,
        .alert = Alert{.level = AlertLevel::fatal, .description = AlertDescription(alert)},
    };
}

/// A server of TLS 1.2 and 1.3 that answered the client's hello so.
Endpoint answering(std::string_view client, Exchange answer) {
    Endpoint endpoint{
        .reach = evidence::Reach::open,
        .exchanges =
            {chosen(ProtocolVersion::tls_1_2, k_ecdhe_gcm, healthy_flight()),
             chosen(ProtocolVersion::tls_1_3, k_aes_13, healthy_flight())},
    };
    answer.id = "e9";
    answer.purpose = evidence::Purpose::replay;
    endpoint.replays.push_back({.clients = {std::string(client)}, .exchange = std::move(answer)});
    return endpoint;
}

ClientOutcome outcome_of(std::string_view id, const Endpoint& endpoint) {
    const Profile* const profile = find_profile(id);
    REQUIRE(profile != nullptr);
    return outcome_for(*profile, endpoint);
}

Flight with_key(std::string key) {
    Flight flight = healthy_flight();
    flight.certificate_key = std::move(key);
    return flight;
}

Flight without_renegotiation_info() {
    Flight flight = healthy_flight();
    flight.renegotiation_info = false;
    return flight;
}

Flight with_prime(std::uint16_t bits) {
    Flight flight = healthy_flight();
    flight.dh_bits = bits;
    return flight;
}

} // namespace

TEST_CASE("an answer is a connection only where the client accepts what came") {
    constexpr auto k_1_1 = ProtocolVersion::tls_1_1;
    constexpr auto k_1_2 = ProtocolVersion::tls_1_2;
    struct Case {
        std::string name;
        std::string_view client;
        Exchange answer;
        ClientResult result;
        std::string_view cause;
    };
    constexpr auto connects = ClientResult::connects;
    constexpr auto fails = ClientResult::fails;
    const std::array cases = {
        Case{
            "a healthy server", "cap-curl-debian12", chosen(k_1_2, k_ecdhe_gcm, healthy_flight()),
            connects, ""
        },
        Case{
            "TLS 1.1 with ECDHE, OpenSSL 3", "cap-curl-debian12",
            chosen(k_1_1, k_ecdhe_cbc, healthy_flight()), fails, "sigalg_mismatch"
        },
        Case{
            "TLS 1.1 with static RSA, OpenSSL 3", "cap-curl-debian12",
            chosen(k_1_1, k_rsa_cbc, healthy_flight()), connects, ""
        },
        Case{
            "no RFC 5746, OpenSSL 3", "cap-curl-debian12",
            chosen(k_1_2, k_ecdhe_gcm, without_renegotiation_info()), fails, "legacy_renegotiation"
        },
        Case{
            "no RFC 5746, GnuTLS", "cap-gnutls-cli-3.7.9",
            chosen(k_1_2, k_ecdhe_gcm, without_renegotiation_info()), connects, ""
        },
        Case{
            "a prime of 1024 bits, OpenSSL 3", "cap-curl-debian12",
            chosen(k_1_2, k_dhe_gcm, with_prime(1024)), fails, "weak_dh"
        },
        Case{
            "a prime of 1024 bits, Java 17", "cap-java17-httpsurlconnection",
            chosen(k_1_2, k_dhe_gcm, with_prime(1024)), connects, ""
        },
        Case{
            "RSA 1024, OpenSSL 3", "cap-curl-debian12",
            chosen(k_1_2, k_ecdhe_gcm, with_key("RSA 1024")), fails, "insufficient_security"
        },
        Case{
            "RSA 1024, Java 17", "cap-java17-httpsurlconnection",
            chosen(k_1_2, k_ecdhe_gcm, with_key("RSA 1024")), connects, ""
        },
        Case{
            "P-521, Chromium", "cap-chromium-156",
            chosen(k_1_2, CipherSuite{0xc02b}, with_key("EC P-521")), fails,
            "cert_key_type_mismatch"
        },
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const ClientOutcome outcome = outcome_of(c.client, answering(c.client, c.answer));
        CAPTURE(outcome.reason);
        CHECK(outcome.outcome == c.result);
        CHECK(outcome.cause == c.cause);
        CHECK(outcome.based_on == ClientBasis::replay);
        CHECK(outcome.exchange == "e9");
        CHECK(outcome.refused_by == (c.result == fails ? Refuser::client : Refuser::nobody));
        CHECK(outcome.change.empty() == (c.result == connects));
        CHECK(outcome.version == c.answer.selection->version);
    }
}

TEST_CASE("why a server refused is told from what is known of both sides") {
    struct Case {
        std::string name;
        std::string_view client;
        int alert;
        std::string_view cause;
    };
    const std::array cases = {
        Case{"too old", "ts-java-6u45", 70, "server_requires_newer_version"},
        Case{"too old, whatever the alert", "ts-java-6u45", 40, "server_requires_newer_version"},
        Case{"ALPN", "cap-curl-debian12", 120, "alpn_mismatch"},
        Case{"the name", "cap-curl-debian12", 112, "sni_unknown"},
        Case{"no name", "ts-ie-8-xp", 112, "server_requires_newer_version"},
        Case{"weak", "cap-curl-debian12", 71, "insufficient_security"},
        Case{"suites, as far as one can tell", "cap-curl-debian12", 40, "no_common_cipher"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Exchange answer = refused(ProtocolVersion::tls_1_2, c.alert);
        const ClientOutcome outcome = outcome_of(c.client, answering(c.client, answer));
        CHECK(outcome.outcome == ClientResult::fails);
        CHECK(outcome.refused_by == Refuser::server);
        CHECK(outcome.cause == c.cause);
        CHECK(outcome.alert == AlertDescription(c.alert));
        CHECK_FALSE(outcome.reason.empty());
        CHECK_FALSE(outcome.change.empty());
    }
}

TEST_CASE("a refusal that says nothing about the client blames nothing of it") {
    struct Case {
        std::string name;
        int alert;
        bool accepts_others;
        std::string_view reason;
    };
    constexpr std::string_view k_like_others =
        "the server refuses its hello, as it does every other, with alert ";
    constexpr std::string_view k_alone = "the server refuses its hello with alert ";
    const std::array cases = {
        Case{"every hello, 40", 40, false, k_like_others},
        Case{"every hello, 42", 42, false, k_like_others},
        Case{"every hello, 47", 47, false, k_like_others},
        Case{"every hello, 50", 50, false, k_like_others},
        Case{"every hello, 70", 70, false, k_like_others},
        Case{"every hello, 80", 80, false, k_like_others},
        Case{"every hello, 86", 86, false, k_like_others},
        Case{"every hello, 116", 116, false, k_like_others},
        Case{"every hello, 120", 120, false, k_like_others},
        Case{"this one alone, 50", 50, true, k_alone},
        Case{"this one alone, 70, a version in common", 70, true, k_alone},
        Case{"this one alone, 80", 80, true, k_alone},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Endpoint endpoint =
            answering("cap-curl-debian12", refused(ProtocolVersion::tls_1_2, c.alert));
        if (!c.accepts_others) {
            endpoint.exchanges = {refused(ProtocolVersion::tls_1_2, c.alert)};
        }
        const ClientOutcome outcome = outcome_of("cap-curl-debian12", endpoint);
        CHECK(outcome.outcome == ClientResult::fails);
        CHECK(outcome.refused_by == Refuser::server);
        CHECK(outcome.cause.empty());
        CHECK(outcome.change.empty());
        CHECK(outcome.reason.starts_with(c.reason));
        CHECK(outcome.alert == AlertDescription(c.alert));
    }
}

TEST_CASE("a number that is no version is none that the server speaks") {
    Endpoint endpoint = answering(
        "cap-curl-debian12", chosen(ProtocolVersion{0x0309}, k_ecdhe_gcm, healthy_flight())
    );
    endpoint.exchanges.clear();
    const ClientOutcome outcome = outcome_of("cap-curl-debian12", endpoint);
    CHECK(outcome.outcome == ClientResult::fails);
    CHECK(outcome.refused_by == Refuser::client);
    CHECK(outcome.cause.empty());
    CHECK(outcome.reason == "the server answers with 0x0309, which is no version");
}

TEST_CASE("a client that was not reached was not tested, and never fails for it") {
    Exchange answer{.outcome = Outcome::not_tested};
    CHECK(
        outcome_of("cap-curl-debian12", answering("cap-curl-debian12", answer)).outcome ==
        ClientResult::not_tested
    );
    const auto all = outcomes_at(answering("cap-curl-debian12", answer), true);
    CHECK(all.size() == profiles().size());
    CHECK(std::ranges::all_of(all, [](const ClientOutcome& client) {
        return client.outcome == ClientResult::not_tested;
    }));
}

TEST_CASE("of several attempts the one that went well decides") {
    Endpoint endpoint = answering("ts-java-6u45", refused(ProtocolVersion::tls_1_0, 40));
    endpoint.replays.push_back(
        {.clients = {"ts-java-6u45"},
         .attempt = 1,
         .exchange = chosen(ProtocolVersion::tls_1_0, k_rsa_cbc, healthy_flight())}
    );
    CHECK(outcome_of("ts-java-6u45", endpoint).outcome == ClientResult::connects);
}

TEST_CASE("without its hello a client's fate is foretold, and unsure where little is known") {
    Endpoint endpoint = answering("nobody", {.outcome = Outcome::not_tested});
    endpoint.replays.clear();
    const ClientOutcome curl = outcome_of("cap-curl-debian12", endpoint);
    CHECK(curl.outcome == ClientResult::connects);
    CHECK(curl.based_on == ClientBasis::negotiation);
    CHECK(curl.version == ProtocolVersion::tls_1_3);
    const ClientOutcome java = outcome_of("ts-java-6u45", endpoint);
    CHECK(java.outcome == ClientResult::fails);
    CHECK(java.cause == "server_requires_newer_version");
    CHECK(java.reason == "it speaks at most TLS 1.0, the server at least TLS 1.2");
    Endpoint cbc = endpoint;
    cbc.exchanges = {chosen(ProtocolVersion::tls_1_2, CipherSuite{0xc09c}, healthy_flight())};
    CHECK(outcome_of("ts-java-8u161", cbc).outcome == ClientResult::unsure);
    CHECK(outcomes_at(Endpoint{}, false).front().outcome == ClientResult::unsure);
}

TEST_CASE("a change loses and gains clients") {
    Endpoint endpoint = answering("nobody", {.outcome = Outcome::not_tested});
    endpoint.replays.clear();
    const auto now = outcomes_at(endpoint, false);
    const auto names_in = [](const std::vector<ClientOutcome>& clients, std::string_view id) {
        return std::ranges::find(clients, id, &ClientOutcome::id) != clients.end();
    };
    const auto only_1_3 = effects_of(
        {.text = "tls1.3", .versions = std::vector{ProtocolVersion::tls_1_3}}, endpoint, now
    );
    CHECK(only_1_3.change == "tls1.3");
    CHECK(names_in(only_1_3.lost, "ts-java-8u161"));
    CHECK_FALSE(names_in(only_1_3.lost, "cap-curl-debian12"));
    CHECK(only_1_3.gained.empty());
    CHECK(only_1_3.connect_then < only_1_3.connect_now);

    const auto cbc_only = effects_of(
        {.text = "ssl_ciphers", .off = {ProtocolVersion::tls_1_3}, .suites = std::vector{k_rsa_cbc}
        },
        endpoint, now
    );
    const Judge java = judge_for(*find_profile("cap-java17-httpsurlconnection"));
    REQUIRE(
        std::ranges::find(java.fields.cipher_suites, k_rsa_cbc) == java.fields.cipher_suites.end()
    );
    CHECK(names_in(cbc_only.lost, "cap-java17-httpsurlconnection"));
    CHECK_FALSE(names_in(cbc_only.lost, "cap-curl-debian12"));
    const auto without_1_3 =
        effects_of({.text = "tls1.2", .off = {ProtocolVersion::tls_1_3}}, endpoint, now);
    for (const ClientOutcome& lost : without_1_3.lost) {
        CAPTURE(lost.name);
        CHECK(lost.reason.find(" 0 suites") == std::string::npos);
        CHECK(lost.cause == "client_only_tls13");
    }
    const auto same = effects_of({.text = "nothing"}, endpoint, now);
    CHECK(same.lost.empty());
    CHECK(same.gained.empty());
    CHECK(same.connect_now == same.connect_then);
}

} // namespace tlsdoctor::client
