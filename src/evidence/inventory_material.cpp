// SPDX-License-Identifier: Apache-2.0
// What the enumeration's answers brought along: certificates, primes, protocols of ALPN and the
// cipher kinds of SSL 2.0.
#include <algorithm>

#include "evidence/facts.hpp"
#include "evidence/inventory_parts.hpp"
#include "registry/dh_prime.hpp"
#include "wire/ssl2.hpp"
#include "wire/ssl2_record.hpp"

namespace tlsdoctor::evidence {

namespace {

/// Calls `use` with every telling exchange that brought a flight, the oldest version first.
template <typename Use>
void for_each_flight(const Endpoint& endpoint, Use use) {
    for (const ProtocolVersion version : k_versions) {
        for (const Exchange* const exchange : telling_exchanges(endpoint, version)) {
            if (exchange->flight) {
                use(*exchange, *exchange->flight);
            }
        }
    }
}

Certificate leaf_in(const Flight& flight) {
    return {
        .subject = flight.certificate_subject,
        .issuer = flight.certificate_issuer,
        .names = flight.certificate_names,
        .not_before = flight.certificate_not_before,
        .not_after = flight.certificate_not_after,
        .key = flight.certificate_key,
        .signature = flight.certificate_signature,
        .sha256 = flight.certificate_sha256,
    };
}

std::vector<std::uint32_t> kinds_in(const Exchange& exchange) {
    wire::Ssl2RecordReader records;
    records.feed(exchange.received);
    const auto record = records.next();
    if (!record || !*record) {
        return {};
    }
    const auto hello = wire::read_ssl2_server_hello((*record)->data);
    return hello ? hello->cipher_specs : std::vector<std::uint32_t>{};
}

} // namespace

void add_certificates(const Endpoint& endpoint, Inventory& inventory) {
    for_each_flight(endpoint, [&](const Exchange& exchange, const Flight& flight) {
        const bool seen =
            std::ranges::any_of(inventory.certificates, [&](const SeenCertificate& one) {
                return one.leaf.sha256 == flight.certificate_sha256;
            });
        if (!flight.certificate_sha256.empty() && !seen) {
            inventory.certificates.push_back(
                {.key = flight.certificate_key, .leaf = leaf_in(flight), .exchange = exchange.id}
            );
        }
    });
}

void add_dh_parameters(const Endpoint& endpoint, Inventory& inventory) {
    std::vector<Bytes> seen;
    for_each_flight(endpoint, [&](const Exchange& exchange, const Flight& flight) {
        if (flight.dh_prime.empty() || std::ranges::find(seen, flight.dh_prime) != seen.end()) {
            return;
        }
        seen.push_back(flight.dh_prime);
        const DhPrimeInfo* const known = find_dh_prime(flight.dh_prime);
        inventory.dh_parameters.push_back(
            {.bits = flight.dh_bits,
             .prime = known == nullptr ? "" : std::string(known->name),
             .exchange = exchange.id}
        );
    });
}

void add_alpn(const Endpoint& endpoint, Inventory& inventory) {
    for (const Exchange& exchange : endpoint.inventory) {
        inventory.alpn_asked = inventory.alpn_asked || (!exchange.offer.alpn.empty() &&
                                                        (succeeded(exchange) || says_no(exchange)));
        const bool chose = succeeded(exchange) && exchange.flight && exchange.flight->alpn;
        if (chose &&
            std::ranges::find(inventory.alpn, *exchange.flight->alpn) == inventory.alpn.end()) {
            inventory.alpn.push_back(*exchange.flight->alpn);
        }
    }
}

void add_ssl2(const Endpoint& endpoint, Inventory& inventory) {
    for (const Exchange& exchange : endpoint.exchanges) {
        if (exchange.offer.shape != Shape::ssl2 || exchange.outcome != Outcome::accepted) {
            continue;
        }
        for (const std::uint32_t kind : kinds_in(exchange)) {
            if (std::ranges::find(inventory.ssl2_cipher_kinds, kind) ==
                inventory.ssl2_cipher_kinds.end()) {
                inventory.ssl2_cipher_kinds.push_back(kind);
            }
        }
    }
}

} // namespace tlsdoctor::evidence
