// SPDX-License-Identifier: Apache-2.0
#include "doctor/door.hpp"

#include <string>

#include <doctest/doctest.h>

namespace tlsdoctor::doctor {
namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Outcome;

Exchange in_clear(std::string_view protocol, std::string_view text) {
    Exchange exchange{.outcome = Outcome::not_tls, .protocol = std::string(protocol)};
    exchange.offer.versions = {ProtocolVersion::tls_1_3};
    exchange.received.assign(text.begin(), text.end());
    return exchange;
}

Exchange after_dialogue(std::string_view result) {
    Exchange exchange;
    exchange.dialogue = {.protocol = "smtp", .result = std::string(result), .said = "x"};
    return exchange;
}

TEST_CASE("a proxy is connected to in the server's place, and told the server") {
    const evidence::Target target{
        .host = "a.example", .port = 25, .sni = "sni.example", .starttls = "smtp"
    };
    const Endpoint endpoint{.address = "a.example", .port = 2525};
    Options options;
    options.proxy = net::Proxy{.host = "p.example", .port = 3128};
    const Door door = door_to(target, options, endpoint, "192.0.2.1");
    CHECK(door.server == net::Address{.text = "192.0.2.1", .port = 3128});
    CHECK(door.route.host == "a.example");
    CHECK(door.route.port == 2525);
    CHECK(door.route.starttls == net::find_starttls("smtp"));
    CHECK(door.route.name == "sni.example");
    CHECK(speaks_first(door));
}

TEST_CASE("without proxy and dialogue nothing is said before TLS") {
    const Endpoint endpoint{.address = "192.0.2.1", .port = 443};
    const Door door = door_to({.host = "a.example"}, {}, endpoint, "192.0.2.1");
    CHECK(door.server == net::Address{.text = "192.0.2.1", .port = 443});
    CHECK_FALSE(speaks_first(door));
}

TEST_CASE("one question that came to TLS is enough") {
    Endpoint endpoint;
    for (const auto* const result : {"not_offered", "refused", "closed", "silent", "garbled"}) {
        endpoint.exchanges.push_back(after_dialogue(result));
        CHECK_FALSE(came_to_tls(endpoint));
    }
    endpoint.exchanges.push_back({.proxy_error = "refused"});
    CHECK_FALSE(came_to_tls(endpoint));
    endpoint.exchanges.push_back(after_dialogue("started"));
    CHECK(came_to_tls(endpoint));
}

TEST_CASE("a greeting counts where its protocol can become TLS and no TLS was met") {
    const auto met = [](const Exchange& exchange) {
        const Endpoint endpoint{.exchanges = {exchange}};
        return greeting_in(endpoint) != nullptr;
    };
    CHECK(met(in_clear("smtp", "220 mail")));
    CHECK(met(in_clear("postgresql", "E")));
    CHECK_FALSE(met(in_clear("ssh", "SSH-2.0-x")));
    CHECK_FALSE(met(in_clear("http", "HTTP/1.1 400")));
    CHECK_FALSE(met(in_clear("imap", "* BYE TLS initialization failed.")));
    Exchange accepted{.outcome = Outcome::accepted};
    accepted.offer.versions = {ProtocolVersion::tls_1_2};
    const Endpoint both{.exchanges = {in_clear("smtp", "220 mail"), accepted}};
    CHECK(greeting_in(both) == nullptr);
}

TEST_CASE("an answer in HTTP and silence are those of a proxy of plain HTTP") {
    CHECK(may_be_a_proxy({.exchanges = {in_clear("http", "HTTP/1.1 400")}}));
    CHECK(may_be_a_proxy({.exchanges = {{.outcome = Outcome::silent}, {.outcome = Outcome::silent}}}
    ));
    CHECK_FALSE(
        may_be_a_proxy({.exchanges = {{.outcome = Outcome::silent}, {.outcome = Outcome::closed}}})
    );
    CHECK_FALSE(may_be_a_proxy({.exchanges = {in_clear("ssh", "SSH-2.0")}}));
}

TEST_CASE("a proxy without an address leaves the target's own state unknown") {
    Options options;
    evidence::Visit visit{.endpoints = {{.address = "a.example", .port = 443}}};
    const net::DnsError error{.text = "no such name: p.example"};
    note_dns_failure(visit, options, error);
    CHECK(visit.dns_error == error.text);
    visit.dns_error.clear();
    options.proxy = net::Proxy{.host = "p.example", .port = 1};
    note_dns_failure(visit, options, error);
    CHECK(visit.dns_error.empty());
    REQUIRE(visit.endpoints.front().exchanges.size() == 1);
    CHECK(
        visit.endpoints.front().exchanges.front().proxy_error.find("p.example") != std::string::npos
    );
}

} // namespace
} // namespace tlsdoctor::doctor
