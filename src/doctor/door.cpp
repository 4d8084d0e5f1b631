// SPDX-License-Identifier: Apache-2.0
// Doors and what their answers say; see the header.
#include "doctor/door.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "evidence/facts.hpp"
#include "net/starttls.hpp"

namespace tlsdoctor::doctor {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Reach;

Door door_to(
    const evidence::Target& target, const Options& options, const Endpoint& endpoint,
    const std::string& address
) {
    const auto& proxy = options.proxy;
    Door door{.server = {.text = address, .port = proxy ? proxy->port : endpoint.port}};
    door.route = {
        .proxy = proxy,
        .host = endpoint.address,
        .port = endpoint.port,
        .starttls = target.starttls ? net::find_starttls(*target.starttls) : nullptr,
        .name = target.sni.value_or(target.host),
    };
    return door;
}

bool speaks_first(const Door& door) {
    return door.route.proxy || door.route.starttls != nullptr;
}

bool stopped_before_tls(const Exchange& exchange) {
    return !exchange.proxy_error.empty() ||
           (exchange.dialogue && exchange.dialogue->result != "started");
}

bool came_to_tls(const Endpoint& endpoint) {
    return !std::ranges::all_of(endpoint.exchanges, stopped_before_tls);
}

Reach reach_of(const Endpoint& endpoint) {
    for (const Reach reach : {Reach::open, Reach::refused, Reach::filtered, Reach::unreachable}) {
        if (std::ranges::find(endpoint.exchanges, reach, &Exchange::reach) !=
            endpoint.exchanges.end()) {
            return reach;
        }
    }
    return Reach::untried;
}

std::string reach_error_of(const Endpoint& endpoint) {
    const auto shows = [&](const Exchange& one) {
        return one.reach == endpoint.reach;
    };
    const auto at = std::ranges::find_if(endpoint.exchanges, shows);
    return endpoint.reach == Reach::open || at == endpoint.exchanges.end() ? "" : at->error;
}

/// Dovecot whose own TLS cannot start says so in IMAP on its TLS port.
const Exchange* greeting_in(const Endpoint& endpoint) {
    const std::string_view met = evidence::foreign_protocol(endpoint);
    if (net::find_starttls(met) == nullptr || !accepted_versions(endpoint).empty()) {
        return nullptr;
    }
    const auto at = std::ranges::find_if(endpoint.exchanges, [&](const Exchange& exchange) {
        return exchange.outcome == evidence::Outcome::not_tls && exchange.protocol == met;
    });
    const bool broken = at == endpoint.exchanges.end() ||
                        as_text(at->received).find("TLS init") != std::string_view::npos;
    return broken ? nullptr : &*at;
}

bool can_shake_hands(const Endpoint& endpoint) {
    const auto accepted = accepted_versions(endpoint);
    return !accepted.empty() && accepted.back() >= ProtocolVersion::tls_1_0;
}

std::vector<probe::Ask> asks_without_dialogue(const evidence::Target& target) {
    std::vector<probe::Ask> asks;
    for (const ProtocolVersion version : {ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3}) {
        asks.push_back(
            {.purpose = evidence::Purpose::trait,
             .version = version,
             .shape = evidence::Shape::openssl,
             .sni = target.sni}
        );
    }
    return asks;
}

bool accepts_tls_at_once(const Endpoint& endpoint) {
    return std::ranges::any_of(endpoint.exchanges, [](const Exchange& exchange) {
        return exchange.purpose == evidence::Purpose::trait && evidence::succeeded(exchange);
    });
}

bool may_be_a_proxy(const Endpoint& endpoint) {
    const auto mute = [](const Exchange& exchange) {
        return exchange.outcome == evidence::Outcome::silent ||
               exchange.purpose == evidence::Purpose::trait;
    };
    return evidence::foreign_protocol(endpoint) == "http" ||
           std::ranges::all_of(endpoint.exchanges, mute);
}

/// A proxy without an address is the proxy's failure, not the target's.
std::string authority_of(const evidence::Target& target) {
    const std::string& name = target.sni ? *target.sni : target.host;
    const std::string host = name.contains(':') ? fmt::format("[{}]", name) : name;
    return target.port == 443 ? host : fmt::format("{}:{}", host, target.port);
}

void note_dns_failure(evidence::Visit& visit, const Options& options, const net::DnsError& error) {
    if (!options.proxy) {
        visit.dns_error = error.text;
        return;
    }
    Exchange exchange{.outcome = evidence::Outcome::unreachable, .reach = Reach::unreachable};
    exchange.proxy_error = "no address for the proxy: " + error.text;
    exchange.error = "the proxy did not connect";
    exchange.purpose = evidence::Purpose::trait;
    for (Endpoint& endpoint : visit.endpoints) {
        endpoint.reach = Reach::unreachable;
        endpoint.reach_error = exchange.error;
        endpoint.exchanges.push_back(exchange);
    }
}

} // namespace tlsdoctor::doctor
