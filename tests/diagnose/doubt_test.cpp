// SPDX-License-Identifier: Apache-2.0
// What looks like a verdict and is none: servers that are busy or flap, machines without a route,
// answers that were taken back, alerts without a hello.
#include <doctest/doctest.h>

#include "diagnose/diagnose.hpp"
#include "diagnose/making.hpp"

namespace tlsdoctor::diagnose {
namespace {

using evidence::Endpoint;
using evidence::Purpose;
using evidence::Shape;
using evidence::Visit;
using enum ProtocolVersion;

/// A server that reset every hello with its name, and then took one without.
Words reset_with_the_name() {
    return {
        .ssl2 = "RST",
        .ssl3 = "RST",
        .tls10 = "RST",
        .tls11 = "RST",
        .tls12 = "RST",
        .tls13 = "RST",
        .other12 = "S0303",
        .other13 = "S0304",
    };
}

/// The same with the name once more, at the end.
Visit with_the_name_again(
    const Words& words, std::string_view answer12, std::string_view answer13
) {
    Endpoint one = endpoint(words);
    one.exchanges.push_back(asked(tls_1_2, Shape::openssl, words.sni, answer12, Purpose::name));
    one.exchanges.push_back(asked(tls_1_3, Shape::openssl, words.sni, answer13, Purpose::name));
    one.exchanges[one.exchanges.size() - 2].id = "e98";
    one.exchanges.back().id = "e99";
    return visit({one});
}

} // namespace

TEST_CASE("a name is blamed only where the name is refused again") {
    const Words words = reset_with_the_name();
    CHECK(verdict_of(with_the_name_again(words, "RST", "RST")) == "sni_unknown");
    CHECK_FALSE(has(causes_of(with_the_name_again(words, "S0303", "S0304")), "sni_unknown"));
}

TEST_CASE("a name that something cuts off is never proven to be the server's doing") {
    Words words = reset_with_the_name();
    const Diagnosis cut = diagnose(with_the_name_again(words, "RST", "RST"), {});
    CHECK(cut.findings.front().confidence == Confidence::likely);
    CHECK(cut.findings.front().summary.find("are reset") != std::string::npos);
    words.tls12 = "A112/0303";
    words.tls13 = "A112/0303";
    const Diagnosis said = diagnose(with_the_name_again(words, "A112/0303", "A112/0303"), {});
    CHECK(said.findings.front().confidence == Confidence::proven);
}

TEST_CASE("an alert on a connection without a hello is no alert to a name") {
    Endpoint one =
        endpoint({.ssl3 = "FIN", .tls10 = "FIN", .tls11 = "FIN", .tls12 = "FIN", .tls13 = "FIN"});
    evidence::Exchange banner = answer("A112/0301");
    banner.id = "e99";
    banner.purpose = Purpose::banner;
    one.exchanges.push_back(banner);
    CHECK_FALSE(has(causes_of(visit({one})), "sni_unknown"));
}

TEST_CASE("an address that this machine has no way to is no difference between servers") {
    Endpoint unreachable{
        .address = "2001:db8::1",
        .port = 443,
        .reach = evidence::Reach::unreachable,
        .reach_error = "Network is unreachable",
    };
    CHECK(verdict_of(visit({endpoint(Words{}), unreachable})) == "healthy");
}

TEST_CASE("an acceptance that an alert takes back is not healthy") {
    Endpoint one = endpoint(Words{});
    for (evidence::Exchange& exchange : one.exchanges) {
        if (offers_only(exchange.offer, tls_1_2)) {
            exchange.alert_after = answer("A80/0303").alert;
        }
    }
    const std::vector<std::string> causes = causes_of(visit({one}));
    CHECK(causes.front() == "unknown");
    CHECK_FALSE(has(causes, "healthy"));
}

TEST_CASE("an answer that we cut off is not one that the peer broke off") {
    Endpoint one = endpoint(
        {.ssl3 = "HALF",
         .tls10 = "HALF",
         .tls11 = "HALF",
         .tls12 = "HALF",
         .tls13 = "HALF",
         .other12 = "HALF",
         .other13 = "HALF"}
    );
    for (evidence::Exchange& exchange : one.exchanges) {
        exchange.ending = evidence::Ending::fin;
    }
    CHECK(verdict_of(visit({one})) == "truncated_by_peer");
    for (evidence::Exchange& exchange : one.exchanges) {
        exchange.ending = evidence::Ending::ours;
    }
    CHECK(verdict_of(visit({one})) == "unknown");
}

TEST_CASE("answers without a word are told apart where they differ") {
    const Visit mixed = visit(
        {.ssl3 = "FIN",
         .tls10 = "FIN",
         .tls11 = "FIN",
         .tls12 = "FIN",
         .tls13 = "TIMEOUT",
         .other12 = "FIN",
         .other13 = "TIMEOUT"}
    );
    const Finding verdict = diagnose(mixed, {}).findings.front();
    CHECK(verdict.cause->name == "closed_after_hello");
    CHECK(verdict.summary.find("TLS 1.3 gets no answer") != std::string::npos);
}

TEST_CASE("a client whose lowest version nobody recorded is not said to connect below its highest"
) {
    const Question asked_for{
        .client = VersionRange{.lowest = ProtocolVersion::none, .highest = tls_1_2},
        .client_name = "Some client",
    };
    const Visit old =
        visit({.tls10 = "S0301", .tls11 = "S0301", .tls12 = "S0301", .tls13 = "A70/0301"});
    CHECK(
        diagnose(old, asked_for).client_note ==
        "Whether Some client goes down to TLS 1.0 is not recorded."
    );
    const Visit only13 = visit({.tls12 = "A70/0303"});
    CHECK(
        diagnose(only13, asked_for).client_note ==
        "Some client fails: it speaks at most TLS 1.2, the server accepts TLS 1.3."
    );
}

} // namespace tlsdoctor::diagnose
