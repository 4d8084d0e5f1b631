// SPDX-License-Identifier: Apache-2.0
// A message says something or it does not; the exchange was accepted before any of them.
#include "probe/flight.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "wire/certificate.hpp"
#include "wire/certificate_request.hpp"
#include "wire/extensions.hpp"
#include "wire/key_share.hpp"
#include "wire/record.hpp"
#include "wire/server_key_exchange.hpp"
#include "wire/tls13.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Flight;
using evidence::Selection;

constexpr std::size_t k_most_authorities = 100; // some servers send every root that they trust
constexpr std::size_t k_most_names = 100;
constexpr ExtensionType k_certificate_authorities{47};

/// The messages of a first flight, as their RFCs call them.
std::string_view name_of(wire::HandshakeType type) {
    switch (type) {
    case wire::HandshakeType::encrypted_extensions:
        return "EncryptedExtensions";
    case wire::HandshakeType::certificate:
    case wire::HandshakeType::compressed_certificate:
        return "Certificate";
    case wire::HandshakeType::server_key_exchange:
        return "ServerKeyExchange";
    case wire::HandshakeType::certificate_request:
        return "CertificateRequest";
    case wire::HandshakeType::server_hello_done:
        return "ServerHelloDone";
    case wire::HandshakeType::certificate_verify:
        return "CertificateVerify";
    case wire::HandshakeType::finished:
        return "Finished";
    case wire::HandshakeType::certificate_status:
        return "CertificateStatus";
    default:
        return {};
    }
}

std::optional<std::string> alpn_in(std::span<const wire::Extension> extensions) {
    const wire::Extension* const extension =
        wire::find(extensions, ExtensionType::application_layer_protocol_negotiation);
    const auto names =
        extension != nullptr ? wire::read_alpn(extension->data) : std::vector<std::string>{};
    return names && !names->empty() ? std::optional(harmless(names->front())) : std::nullopt;
}

void take_leaf(const Bytes& der, bool look_inside, Flight& flight) {
    if (!look_inside) {
        return;
    }
    auto facts = crypto::read_certificate(der);
    if (!facts) {
        flight.certificate_key = "unreadable";
        return;
    }
    facts->names.resize(std::min(facts->names.size(), k_most_names));
    flight.certificate_key = std::move(facts->key);
    flight.certificate_issuer = std::move(facts->issuer);
    flight.certificate_signature = std::move(facts->signature);
    flight.certificate_names = std::move(facts->names);
    flight.certificate_subject = std::move(facts->subject);
    flight.certificate_not_before = std::move(facts->not_before);
    flight.certificate_not_after = std::move(facts->not_after);
    flight.certificate_sha256 = std::move(facts->sha256);
}

std::vector<ExtensionType> types_of(std::span<const wire::Extension> extensions) {
    std::vector<ExtensionType> types;
    for (const wire::Extension& extension : extensions) {
        types.push_back(extension.type);
    }
    return types;
}

void take_certificate(ByteView body, bool look_inside, ProtocolVersion version, Flight& flight) {
    if (version >= ProtocolVersion::tls_1_3) {
        const auto message = wire::tls13::read_certificate(body);
        if (message && !message->certificate_list.empty()) {
            const wire::tls13::CertificateEntry& leaf = message->certificate_list.front();
            take_leaf(leaf.cert_data, look_inside, flight);
            flight.certificate_extensions = types_of(leaf.extensions);
        }
        return;
    }
    const auto message = wire::read_certificate(body);
    if (message && !message->certificate_list.empty()) {
        take_leaf(message->certificate_list.front(), look_inside, flight);
    }
}

void take_authorities(std::span<const Bytes> names, bool look_inside, Flight& flight) {
    names = names.first(look_inside ? std::min(names.size(), k_most_authorities) : 0);
    for (const Bytes& name : names) {
        flight.certificate_authorities.push_back(crypto::read_name(name));
    }
}

void take_request(ByteView body, bool look_inside, ProtocolVersion version, Flight& flight) {
    flight.certificate_requested = true;
    if (version < ProtocolVersion::tls_1_3) {
        const auto request = wire::read_certificate_request(body, version);
        if (request) {
            take_authorities(request->certificate_authorities, look_inside, flight);
        }
        return;
    }
    const auto request = wire::tls13::read_certificate_request(body);
    const wire::Extension* const extension =
        request ? wire::find(request->extensions, k_certificate_authorities) : nullptr;
    if (extension != nullptr) {
        const auto names = wire::tls13::read_certificate_authorities(extension->data);
        take_authorities(names ? *names : std::vector<Bytes>{}, look_inside, flight);
    }
}

/// A server may send anything as its prime; what is longer than any in use is not kept.
Bytes prime_of(ByteView number) {
    constexpr std::size_t k_longest = 2048;
    const std::size_t size = (wire::bit_length(number) + 7) / 8;
    const ByteView prime = number.last(size);
    return size > k_longest ? Bytes{} : Bytes{prime.begin(), prime.end()};
}

void take_key_exchange(ByteView body, Selection& selection, Flight& flight) {
    const CipherSuiteInfo* const suite = find(selection.cipher_suite);
    if (suite == nullptr) {
        return;
    }
    const auto message =
        wire::read_server_key_exchange(body, suite->key_exchange, selection.version);
    if (!message) {
        return;
    }
    if (const auto* const ecdh = std::get_if<wire::ServerEcdhParams>(&message->params)) {
        selection.group = ecdh->namedcurve;
    }
    if (const auto* const dh = std::get_if<wire::ServerDhParams>(&message->params)) {
        constexpr std::size_t k_most = std::numeric_limits<std::uint16_t>::max();
        flight.dh_bits = static_cast<std::uint16_t>(std::min(wire::bit_length(dh->dh_p), k_most));
        flight.dh_prime = prime_of(dh->dh_p);
    }
    if (message->signature) {
        flight.signature_scheme = message->signature->algorithm;
    }
}

/// Returns what follows the PROXY protocol's header of version 1, a line of text.
ByteView behind_proxy_header(ByteView sent) {
    const std::string_view text = as_text(sent);
    const std::size_t end = text.starts_with("PROXY ") ? text.find("\r\n") : text.npos;
    return end == text.npos ? sent : sent.subspan(end + 2);
}

} // namespace

std::optional<NamedGroup> share_group(const wire::ServerHello& hello) {
    const wire::Extension* const share = wire::find(hello.extensions, ExtensionType::key_share);
    if (share == nullptr) {
        return std::nullopt;
    }
    if (is_hello_retry_request(hello)) {
        const auto group = wire::read_selected_group(share->data);
        return group ? std::optional(*group) : std::nullopt;
    }
    const auto entry = wire::read_server_share(share->data);
    return entry ? std::optional(entry->group) : std::nullopt;
}

Flight flight_of(const wire::ServerHello& hello) {
    const auto has = [&](ExtensionType type) {
        return wire::find(hello.extensions, type) != nullptr;
    };
    return {
        .stage = "ServerHello",
        .renegotiation_info = has(ExtensionType::renegotiation_info),
        .extended_master_secret = has(ExtensionType::extended_master_secret),
        .alpn = alpn_in(hello.extensions),
        .extensions = types_of(hello.extensions),
        .session_id = selected_version(hello) < ProtocolVersion::tls_1_3 &&
                      !hello.legacy_session_id_echo.empty(),
        .compression = hello.legacy_compression_method,
    };
}

void take_down(
    const wire::HandshakeMessage& message, bool look_inside, Selection& selection, Flight& flight
) {
    if (const std::string_view name = name_of(message.type); !name.empty()) {
        flight.stage = name;
    }
    switch (message.type) {
    case wire::HandshakeType::encrypted_extensions:
        if (const auto read = wire::tls13::read_encrypted_extensions(message.body)) {
            flight.alpn = alpn_in(read->extensions);
            const std::vector<ExtensionType> types = types_of(read->extensions);
            flight.extensions.insert(flight.extensions.end(), types.begin(), types.end());
        }
        break;
    case wire::HandshakeType::certificate:
        take_certificate(message.body, look_inside, selection.version, flight);
        break;
    case wire::HandshakeType::compressed_certificate:
        flight.certificate_compressed = true;
        break;
    case wire::HandshakeType::certificate_status:
        flight.certificate_status = true;
        break;
    case wire::HandshakeType::certificate_request:
        take_request(message.body, look_inside, selection.version, flight);
        break;
    case wire::HandshakeType::server_key_exchange:
        take_key_exchange(message.body, selection, flight);
        break;
    case wire::HandshakeType::certificate_verify:
        if (const auto read = wire::tls13::read_certificate_verify(message.body)) {
            flight.signature_scheme = read->algorithm;
        }
        break;
    default:
        break;
    }
}

Bytes client_hello_in(ByteView sent) {
    wire::RecordReader records;
    wire::HandshakeReader messages;
    records.feed(behind_proxy_header(sent));
    for (auto record = records.next(); record && *record; record = records.next()) {
        messages.feed((*record)->fragment);
    }
    const auto message = messages.next();
    const bool found = message && *message && (*message)->type == wire::HandshakeType::client_hello;
    return found ? write(**message) : Bytes{};
}

} // namespace tlsdoctor::probe
