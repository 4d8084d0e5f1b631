// SPDX-License-Identifier: Apache-2.0
// Forward proxies in the way: one that does not connect, and one that is itself the target.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/proof.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Outcome;

constexpr std::string_view k_tunnel = "http-connect";

// A proxy that does not connect.

const Exchange* proxy_refusal(const Case& visit) {
    return first_that(visit, [](const Exchange& one) { return !one.proxy_error.empty(); });
}

Proof proxy_said_no(const Case& visit) {
    const Exchange* const refusal = proxy_refusal(visit);
    if (refusal == nullptr) {
        return std::nullopt;
    }
    return std::vector<Citation>{
        {.exchange = refusal->id,
         .text = "connection through the proxy -> " + harmless(refusal->proxy_error)}
    };
}

struct ProxyWord {
    std::string_view word;
    Side side;
    std::string_view means;
};

// The first that occurs decides.
constexpr ProxyWord k_proxy_words[] = {
    {" 407 ", Side::client, "wants a user name and password, or other ones"},
    {"wrong user name", Side::client, "does not take this user name and password"},
    {"acceptable way to authenticate", Side::client, "wants a user name and password"},
    {" 403 ", Side::middlebox, "does not allow this connection"},
    {"not allowed by", Side::middlebox, "does not allow this connection"},
    {" 502 ", Side::server, "could not reach the server"},
    {" 503 ", Side::server, "could not reach the server"},
    {" 504 ", Side::server, "could not reach the server in time"},
    {"500 Unable to connect", Side::server, "could not reach the server"}, // tinyproxy 1.11
    {"unreachable (", Side::server, "could not reach the server"},
    {"connection refused (5)", Side::server, "was refused by the server's port"},
    {"TTL expired", Side::server, "could not reach the server"},
    {"general failure", Side::middlebox, "could not connect, and does not say why"},
    {"no address for the proxy", Side::client, "could not be found"},
    {"no connection to the proxy", Side::client, "could not be reached itself"},
    {"other protocol", Side::client, "does not speak the protocol of its URL"},
    {"silent", Side::middlebox, "did not answer"},
    {"closed", Side::middlebox, "closed the connection"},
    {"reset", Side::middlebox, "reset the connection"},
};

constexpr ProxyWord k_any_word{"", Side::middlebox, "refused to connect"};

const ProxyWord& word_in(const std::string& said) {
    const auto* const at = std::ranges::find_if(k_proxy_words, [&](const ProxyWord& row) {
        return said.find(row.word) != std::string::npos;
    });
    return at == std::end(k_proxy_words) ? k_any_word : *at;
}

Side by_its_words(const Case& visit) {
    return word_in(proxy_refusal(visit)->proxy_error).side;
}

/// Returns the status line, or the proxy's few words, without what we put before them.
std::string_view first_words(std::string_view said) {
    constexpr std::string_view refused = "refused: ";
    said = said.substr(said.starts_with(refused) ? refused.size() : 0);
    return said.substr(0, said.find("; "));
}

std::string proxy_refused(const Case& visit) {
    const std::string& said = proxy_refusal(visit)->proxy_error;
    const std::string proxy = visit.target.proxy.empty() ? "" : " " + harmless(visit.target.proxy);
    return fmt::format(
        "The proxy{} {}; nothing is known of {} behind it: {}.", proxy, word_in(said).means,
        name_of(visit.target), quoted(first_words(said))
    );
}

// A target that is itself a forward proxy.

const Exchange* tunnel_answer(const Case& visit) {
    return first_that(visit, [](const Exchange& one) {
        return one.dialogue && one.dialogue->protocol == k_tunnel;
    });
}

bool says_any(const std::string& said, std::span<const std::string_view> words) {
    const std::string text = lower(said);
    return std::ranges::any_of(words, [&](std::string_view word) {
        return text.find(word) != std::string::npos;
    });
}

/// A 2xx to CONNECT with a body is a web server's page; 407 is a proxy's alone [RFC 9110 15.5.8].
bool acts_as_proxy(const evidence::Dialogue& answer) {
    constexpr std::string_view body[] = {"content-length:", "transfer-encoding:"};
    return (answer.result == "started" && !says_any(answer.said, body)) ||
           (answer.result == "refused" && answer.said.find(" 407 ") != std::string::npos);
}

/// A refusal that only a program with this job writes.
bool signs_as_proxy(const evidence::Dialogue& answer) {
    constexpr std::string_view names[] = {
        "x-squid-error:", "server: squid", "server: tinyproxy", "proxy-agent:", "server: privoxy",
    };
    return answer.result == "refused" && says_any(answer.said, names);
}

Proof answers_connect(const Case& visit) {
    const Exchange* const exchange = tunnel_answer(visit);
    const bool proxy = exchange != nullptr &&
                       (acts_as_proxy(*exchange->dialogue) || signs_as_proxy(*exchange->dialogue));
    if (!proxy) {
        return std::nullopt;
    }
    return std::vector<Citation>{
        {.exchange = exchange->id,
         .text = "CONNECT -> " + printable(as_bytes(exchange->dialogue->said), 100)}
    };
}

/// squid answers a hello in HTTP; tinyproxy waits for a line of text (measured, 5.7 and 1.11.1).
Proof no_tls_there(const Case& visit) {
    return shown_by(first_that(visit, [](const Exchange& one) {
        const bool http = one.outcome == Outcome::not_tls && one.protocol == "http";
        return (http || one.outcome == Outcome::silent) && !one.offer.versions.empty() &&
               one.offer.versions.front() >= ProtocolVersion::tls_1_0;
    }));
}

Confidence by_the_answer(const Case& visit) {
    return acts_as_proxy(*tunnel_answer(visit)->dialogue) ? Confidence::proven : Confidence::likely;
}

std::string proxy_scheme_wrong(const Case& visit) {
    return fmt::format(
        "Port {} is a forward proxy that speaks plain HTTP: its URL is http://, also for https "
        "traffic through it.",
        visit.endpoint.port
    );
}

constexpr Condition k_proxy_refused[] = {
    {"nothing was accepted", nothing_accepted},
    {"the proxy did not connect", proxy_said_no},
};
constexpr Condition k_proxy_scheme[] = {
    {"nothing was accepted", nothing_accepted},
    {"a hello was answered in HTTP, or not at all", no_tls_there},
    {"CONNECT was answered as by a forward proxy", answers_connect},
};

constexpr std::string_view k_no_reach[] = {"port_closed", "port_filtered", "host_unreachable"};
constexpr Rule k_proxy_rules[] = {
    {.cause = "proxy_refused",
     .all_of = k_proxy_refused,
     .confidence = proven,
     .summary = proxy_refused,
     .refuted_by = "a connection through this proxy, or an answer without it",
     .overrides = k_no_reach,
     .side = by_its_words},
    {.cause = "proxy_scheme_wrong",
     .all_of = k_proxy_scheme,
     .confidence = by_the_answer,
     .summary = proxy_scheme_wrong,
     .refuted_by = "a ServerHello from this port"},
};

} // namespace

std::span<const Rule> proxy_rules() {
    return k_proxy_rules;
}

} // namespace tlsdoctor::diagnose
