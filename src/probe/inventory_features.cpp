// SPDX-License-Identifier: Apache-2.0
// Features by hellos that offer all of them at once; only where such a hello fails are they asked
// for one at a time. Protocols of ALPN, and primes of Diffie-Hellman.
#include <algorithm>
#include <array>
#include <string_view>

#include "evidence/facts.hpp"
#include "probe/inventory_parts.hpp"
#include "probe/offers.hpp"
#include "probe/plan_parts.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Offer;
using evidence::Purpose;
using evidence::Target;

using Protocols = std::vector<std::string>;
using enum ExtensionType;

/// What a server before TLS 1.3 may take up, and what later ones may.
constexpr std::array k_older_extensions = {
    max_fragment_length,          status_request,   ec_point_formats, heartbeat,
    signed_certificate_timestamp, encrypt_then_mac, session_ticket,   record_size_limit,
};
constexpr std::array k_newer_extensions = {
    max_fragment_length, status_request, heartbeat, signed_certificate_timestamp, record_size_limit,
};

/// The protocols of IANA's registry that are spoken on TCP, most usual first.
constexpr std::string_view k_usual_protocols[] = {"h2", "http/1.1"};
constexpr std::string_view k_other_protocols[] = {
    "http/1.0",    "http/0.9", "h2c",         "h3",          "spdy/3.1",  "spdy/3",
    "spdy/2",      "spdy/1",   "acme-tls/1",  "imap",        "pop3",      "smtp",
    "managesieve", "ftp",      "xmpp-client", "xmpp-server", "irc",       "nntp",
    "nnsp",        "dot",      "mqtt",        "postgresql",  "ntske/1",   "sunrpc",
    "coap",        "sip/2",    "tds/8.0",     "radius/1.1",  "stun.turn", "stun.nat-discovery",
    "webrtc",      "c-webrtc", "grpc-exp",    "ldap",
};

/// Nobody speaks it: whoever takes it takes anything.
constexpr std::string_view k_no_protocol = "tlsdoctor/0";

/// nginx takes http/1.0 and http/0.9 too; a server that takes more others may take anything, and
/// one that takes so many does.
constexpr std::size_t k_usual_surprises = 2;
constexpr std::size_t k_most_surprises = 8;

bool is_cbc(CipherSuite suite) {
    const CipherSuiteInfo* const info = find(suite);
    return info != nullptr && info->encryption.find("CBC") != std::string_view::npos;
}

/// The exchange that asked for exactly this; null where none did.
const Exchange* answer_to(const Endpoint& seen, const Offer& offer) {
    for (const Exchange& exchange : seen.inventory) {
        Offer asked = exchange.offer;
        asked.size = offer.size;
        if (asked == offer) {
            return &exchange;
        }
    }
    return nullptr;
}

template <std::size_t N>
Offer with_extensions(Offer offer, const std::array<ExtensionType, N>& extensions) {
    offer.extensions = {extensions.begin(), extensions.end()};
    return offer;
}

/// One extension beside those that the hello has anyway.
template <std::size_t N>
void ask_one_by_one(
    const Endpoint& seen, const Offer& lean, const std::array<ExtensionType, N>& extensions,
    std::vector<Ask>& asks
) {
    for (const ExtensionType extension : extensions) {
        Offer offer = lean;
        if (std::ranges::find(offer.extensions, extension) == offer.extensions.end()) {
            offer.extensions.push_back(extension);
            add_ask(seen, std::move(offer), asks);
        }
    }
}

/// A server that knows record_size_limit says nothing about max_fragment_length beside it.
void ask_beside_limit(
    const Endpoint& seen, const Offer& lean, const Exchange& answer, std::vector<Ask>& asks
) {
    if (answer.flight && std::ranges::find(answer.flight->extensions, record_size_limit) !=
                             answer.flight->extensions.end()) {
        ask_one_by_one(seen, lean, std::array{max_fragment_length}, asks);
    }
}

/// CBC suites first, as encrypt_then_mac means something with them alone; then all suites; then
/// each extension by itself.
void ask_older(const Target& target, const Endpoint& seen, std::vector<Ask>& asks) {
    const auto version = newest_before_tls_1_3(seen);
    if (!version) {
        return;
    }
    const Offer lean = lean_offer(*version, target, seen);
    Offer all = with_extensions(lean, k_older_extensions);
    all.compression = true;
    Offer cbc = all;
    std::erase_if(cbc.cipher_suites, [](CipherSuite suite) { return !is_cbc(suite); });
    add_ask(seen, cbc, asks);
    const Exchange* answer = answer_to(seen, cbc);
    if (answer != nullptr && !succeeded(*answer)) {
        add_ask(seen, all, asks);
        answer = answer_to(seen, all);
    }
    if (answer != nullptr && !succeeded(*answer)) {
        ask_one_by_one(seen, lean, k_older_extensions, asks);
        Offer compressing = lean;
        compressing.compression = true;
        add_ask(seen, std::move(compressing), asks);
    } else if (answer != nullptr) {
        ask_beside_limit(seen, lean, *answer, asks);
    }
}

/// compress_certificate goes apart: a compressed certificate hides what stands beside it.
void ask_newer(const Target& target, const Endpoint& seen, std::vector<Ask>& asks) {
    if (!speaks_tls_1_3(seen)) {
        return;
    }
    const Offer lean = lean_offer(ProtocolVersion::tls_1_3, target, seen);
    const Offer all = with_extensions(lean, k_newer_extensions);
    add_ask(seen, all, asks);
    add_ask(seen, with_extensions(lean, std::array{compress_certificate}), asks);
    const Exchange* const answer = answer_to(seen, all);
    if (answer != nullptr && !succeeded(*answer)) {
        ask_one_by_one(seen, lean, k_newer_extensions, asks);
    } else if (answer != nullptr) {
        ask_beside_limit(seen, lean, *answer, asks);
    }
}

void ask_alpn(
    const Endpoint& seen, const Offer& lean, Protocols protocols, std::vector<Ask>& asks
) {
    Offer offer = lean;
    offer.alpn = std::move(protocols);
    add_ask(seen, std::move(offer), asks);
}

bool takes_dhe(const Endpoint& seen) {
    return std::ranges::any_of(
        telling_exchanges(seen, ProtocolVersion::tls_1_2),
        [](const Exchange* exchange) { return exchange->flight && exchange->flight->dh_bits > 0; }
    );
}

} // namespace

std::vector<Ask> extension_asks(const Target& target, const Endpoint& seen) {
    std::vector<Ask> asks;
    ask_older(target, seen, asks);
    ask_newer(target, seen, asks);
    return asks;
}

/// From TLS 1.2 on the hellos about signature schemes bring the certificates.
std::vector<Ask> certificate_asks(const Target& target, const Endpoint& seen) {
    std::vector<Ask> asks;
    const auto version = newest_before_tls_1_3(seen);
    if (!version || *version == ProtocolVersion::tls_1_2) {
        return asks;
    }
    for (const Authentication key : {Authentication::ecdsa, Authentication::rsa}) {
        Offer offer = lean_offer(*version, target, seen);
        std::erase_if(offer.cipher_suites, [=](CipherSuite suite) {
            const CipherSuiteInfo* const info = find(suite);
            return info == nullptr || info->authentication != key;
        });
        add_ask(seen, std::move(offer), asks);
    }
    return asks;
}

std::vector<Ask> alpn_asks(const Target& target, const Endpoint& seen) {
    std::vector<Ask> asks;
    const auto older = newest_before_tls_1_3(seen);
    if (!older && !speaks_tls_1_3(seen)) {
        return asks;
    }
    const Offer lean = lean_offer(older.value_or(ProtocolVersion::tls_1_3), target, seen);
    for (const std::string_view usual : k_usual_protocols) {
        ask_alpn(seen, lean, {std::string(usual)}, asks);
    }
    Protocols others(std::begin(k_other_protocols), std::end(k_other_protocols));
    std::size_t surprises = 0;
    for (const Exchange& exchange : seen.inventory) {
        const bool chose =
            exchange.offer.alpn.size() > 1 && exchange.flight && exchange.flight->alpn;
        surprises += chose ? std::erase(others, *exchange.flight->alpn) : 0;
    }
    if (surprises > k_usual_surprises) {
        ask_alpn(seen, lean, {std::string(k_no_protocol)}, asks);
    }
    if (surprises < k_most_surprises && others.size() > 1) {
        ask_alpn(seen, lean, std::move(others), asks);
    }
    return asks;
}

std::vector<Ask> dhe_asks(const Target& target, const Endpoint& seen) {
    std::vector<Ask> asks;
    if (newest_before_tls_1_3(seen) != ProtocolVersion::tls_1_2) {
        return asks;
    }
    Offer offer = dhe_only(target.sni);
    if (!was_asked(seen, Purpose::trait, offer)) {
        add_ask(seen, offer, asks);
    }
    if (takes_dhe(seen)) { // RFC 7919: a client that lists finite fields may get one of them
        for (const std::uint16_t group :
             std::initializer_list<std::uint16_t>{0x0100, 0x0101, 0x0102, 0x0103, 0x0104}) {
            offer.groups.push_back(NamedGroup{group});
        }
        add_ask(seen, std::move(offer), asks);
    }
    return asks;
}

} // namespace tlsdoctor::probe
