// SPDX-License-Identifier: Apache-2.0
// The choices in the order in which OpenSSL makes them.
#include "probe/feature_server.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "probe/inventory_parts.hpp"
#include "probe/offers.hpp"

namespace tlsdoctor::probe::test {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Flight;
using evidence::Offer;
using evidence::Outcome;
using evidence::Selection;

template <typename T>
bool contains(const std::vector<T>& list, const T& what) {
    return std::ranges::find(list, what) != list.end();
}

/// The first of `wanted` that is also in `allowed`.
template <typename T>
std::optional<T> first_common(const std::vector<T>& wanted, const std::vector<T>& allowed) {
    const auto at =
        std::ranges::find_if(wanted, [&](const T& one) { return contains(allowed, one); });
    return at == wanted.end() ? std::nullopt : std::optional(*at);
}

void refuse(const FeatureServer& server, Exchange& exchange, AlertDescription alert) {
    exchange.selection.reset();
    exchange.flight.reset();
    if (server.hangs_up || server.silent) {
        exchange.outcome = server.silent ? Outcome::silent : Outcome::closed;
        return;
    }
    exchange.outcome = Outcome::refused;
    exchange.alert = evidence::Alert{.level = AlertLevel::fatal, .description = alert};
}

/// The suite that the server takes: ECDHE before DHE before static RSA.
std::optional<CipherSuite> suite_of(const FeatureServer& server, const Offer& offer, bool ecdhe) {
    for (const KeyExchange wanted :
         {KeyExchange::tls13, KeyExchange::ecdhe, KeyExchange::dhe, KeyExchange::rsa}) {
        for (const CipherSuite suite : offer.cipher_suites) {
            const CipherSuiteInfo* const info = find(suite);
            const bool cbc = info->encryption.find("CBC") != std::string_view::npos;
            if (info->key_exchange != wanted || (cbc && !server.cbc) ||
                (wanted == KeyExchange::ecdhe && !ecdhe) ||
                (wanted == KeyExchange::dhe && !server.dhe) ||
                info->authentication == Authentication::anonymous) {
                continue;
            }
            return suite;
        }
    }
    return std::nullopt;
}

std::string key_for(std::optional<SignatureScheme> scheme) {
    if (!scheme) {
        return "RSA 2048";
    }
    const std::string name = name_of(*scheme);
    if (name.starts_with("ecdsa")) {
        return "EC P-256";
    }
    return name.starts_with("ed") ? "Ed25519" : "RSA 2048";
}

/// Takes up the extensions that both know.
void take_up(const FeatureServer& server, const Offer& offer, Flight& flight) {
    for (const ExtensionType type : offer.extensions) {
        if (!contains(server.extensions, type)) {
            continue;
        }
        if (type == ExtensionType::status_request) {
            flight.certificate_status = true;
        } else if (type == ExtensionType::compress_certificate) {
            flight.certificate_compressed = true;
        } else {
            flight.extensions.push_back(type);
        }
    }
}

} // namespace

Exchange answer_of(const FeatureServer& server, const Ask& ask) {
    const Offer& offer = ask.composed;
    Exchange exchange{.purpose = ask.purpose, .offer = offer, .outcome = Outcome::accepted};
    exchange.offer.size = 500;
    const ProtocolVersion version = offer.versions.front();
    const bool newest = version >= ProtocolVersion::tls_1_3;
    const std::vector<NamedGroup>& groups = newest ? server.groups_13 : server.groups_12;
    const auto group =
        server.own_order ? first_common(groups, offer.groups) : first_common(offer.groups, groups);
    const auto suite = suite_of(server, offer, group.has_value());
    const bool no_share = newest && offer.key_shares.empty() && server.wants_share;
    if (!contains(server.versions, version) || !suite || (newest && !group) || no_share) {
        refuse(server, exchange, AlertDescription::handshake_failure);
        return exchange;
    }
    const KeyExchange key_exchange = find(*suite)->key_exchange;
    exchange.selection = Selection{.version = version, .cipher_suite = *suite};
    if (newest || key_exchange == KeyExchange::ecdhe) {
        exchange.selection->group = group;
    }
    if (newest && !contains(offer.key_shares, *group)) {
        exchange.selection->hello_retry_request = true;
        return exchange;
    }
    const bool signs = key_exchange != KeyExchange::rsa && version >= ProtocolVersion::tls_1_2;
    auto scheme =
        first_common(newest ? server.schemes_13 : server.schemes_12, offer.signature_algorithms);
    if (!newest && server.always_signs) {
        scheme = server.always_signs;
    }
    if (signs && !scheme) {
        refuse(server, exchange, AlertDescription::handshake_failure);
        return exchange;
    }
    const auto protocol = first_common(server.alpn, offer.alpn);
    if (!offer.alpn.empty() && !protocol && server.strict_alpn) {
        refuse(server, exchange, AlertDescription::no_application_protocol);
        return exchange;
    }
    Flight flight{
        .stage = newest ? "Finished" : "ServerHelloDone",
        .renegotiation_info = !newest,
        .extended_master_secret = !newest && offer.extended_master_secret,
        .alpn = protocol,
        .certificate_key = key_for(signs ? scheme : std::nullopt),
        .dh_bits = static_cast<std::uint16_t>(key_exchange == KeyExchange::dhe ? 2048 : 0),
        .signature_scheme = signs ? scheme : std::nullopt,
        .certificate_sha256 = key_for(signs ? scheme : std::nullopt),
        .dh_prime = key_exchange == KeyExchange::dhe ? Bytes(256, 0xff) : Bytes{},
        .session_id = !newest,
        .compression = static_cast<std::uint8_t>(offer.compression && server.compresses ? 1 : 0),
    };
    take_up(server, offer, flight);
    exchange.flight = std::move(flight);
    return exchange;
}

Endpoint visited(const FeatureServer& server) {
    Endpoint endpoint;
    for (const ProtocolVersion version : server.versions) {
        Ask ask{.version = version, .shape = evidence::Shape::openssl, .sni = "localhost"};
        ask.composed = version_offer(version, evidence::Shape::openssl, "localhost");
        endpoint.exchanges.push_back(answer_of(server, ask));
        endpoint.exchanges.back().id = fmt::format("e{}", endpoint.exchanges.size());
    }
    return endpoint;
}

Cost enumerate(const FeatureServer& server, Endpoint& endpoint) {
    constexpr std::size_t k_most = 60;
    const evidence::Target target{.host = "localhost", .sni = "localhost"};
    Cost cost;
    for (; cost.rounds < k_most; ++cost.rounds) {
        const std::vector<Ask> asks = feature_asks(target, endpoint);
        if (asks.empty()) {
            break;
        }
        cost.connections += asks.size();
        for (const Ask& ask : asks) {
            endpoint.inventory.push_back(answer_of(server, ask));
            endpoint.inventory.back().id = fmt::format("i{}", endpoint.inventory.size());
        }
    }
    return cost;
}

} // namespace tlsdoctor::probe::test
