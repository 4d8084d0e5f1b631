// SPDX-License-Identifier: Apache-2.0
// Before TLS is blamed: is there anything that takes a TCP connection?
#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Reach;

template <Reach reach>
Proof reach_is(const Case& visit) {
    if (visit.endpoint.reach != reach) {
        return std::nullopt;
    }
    std::vector<Citation> citations;
    for (const Exchange& exchange : visit.endpoint.exchanges) {
        if (exchange.reach == reach) {
            citations.push_back(
                {.exchange = exchange.id,
                 .text = fmt::format("TCP connection -> {}", harmless(exchange.error))}
            );
            return citations;
        }
    }
    return std::nullopt;
}

constexpr Condition k_port_closed[] = {{"the SYN was answered with RST", reach_is<Reach::refused>}};
constexpr Condition k_port_filtered[] = {{"no SYN was answered", reach_is<Reach::filtered>}};
constexpr Condition k_host_unreachable[] = {
    {"the network said that there is no way", reach_is<Reach::unreachable>}
};

std::string port_closed(const Case& visit) {
    return fmt::format(
        "Nothing listens on port {}: the connection was refused.", visit.endpoint.port
    );
}

std::string port_filtered(const Case& visit) {
    return fmt::format(
        "Port {} does not answer: {} connection attempts vanished without a reply.",
        visit.endpoint.port, visit.endpoint.exchanges.size()
    );
}

std::string host_unreachable(const Case& visit) {
    return fmt::format(
        "No route leads to {}: {}.", visit.endpoint.address, harmless(visit.endpoint.reach_error)
    );
}

constexpr Rule k_reach_rules[] = {
    {.cause = "port_closed",
     .all_of = k_port_closed,
     .confidence = proven,
     .summary = port_closed,
     .refuted_by = "a TCP connection to this address and port that succeeds"},
    {.cause = "port_filtered",
     .all_of = k_port_filtered,
     .confidence = likely,
     .summary = port_filtered,
     .refuted_by = "any answer to a SYN, for instance with a longer --connect-timeout"},
    {.cause = "host_unreachable",
     .all_of = k_host_unreachable,
     .confidence = proven,
     .summary = host_unreachable,
     .refuted_by = "a TCP connection to this address that succeeds"},
};

} // namespace

std::span<const Rule> reach_rules() {
    return k_reach_rules;
}

} // namespace tlsdoctor::diagnose
