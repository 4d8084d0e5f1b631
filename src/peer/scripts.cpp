// SPDX-License-Identifier: Apache-2.0
// The wire module's writers do the work; what they would never write is patched into their bytes.
#include "peer/scripts.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "wire/alert.hpp"
#include "wire/certificate.hpp"
#include "wire/client_hello.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/server_hello.hpp"

namespace tlsdoctor::peer {

namespace {

constexpr std::size_t k_header = 5;
constexpr std::size_t k_at_record_version = 1;
constexpr std::size_t k_at_server_version = 9; // after the headers of record and message

constexpr std::uint8_t k_handshake_record = 0x16;
constexpr std::uint8_t k_client_key_exchange = 16;

/// Returns where the record after the one at `at` begins; past the end where there is none.
std::size_t end_of_record(ByteView flight, std::size_t at) {
    return flight.size() < at + k_header
               ? flight.size() + 1
               : at + k_header + (std::size_t{flight[at + 3]} << 8U) + flight[at + 4];
}

Bytes with_number_at(ByteView flight, std::size_t at, std::uint16_t number) {
    Bytes changed(flight.begin(), flight.end());
    if (changed.size() > at + 1) {
        changed[at] = static_cast<std::uint8_t>(number >> 8U);
        changed[at + 1] = static_cast<std::uint8_t>(number & 0xffU);
    }
    return changed;
}

std::optional<wire::ClientHello> hello_in(ByteView stream) {
    wire::RecordReader records;
    records.feed(stream);
    const auto record = records.next();
    if (!record || !*record) {
        return std::nullopt;
    }
    wire::HandshakeReader messages;
    messages.feed((*record)->fragment);
    const auto message = messages.next();
    if (!message || !*message || (*message)->type != wire::HandshakeType::client_hello) {
        return std::nullopt;
    }
    auto hello = wire::read_client_hello((*message)->body);
    return hello ? std::optional(std::move(*hello)) : std::nullopt;
}

/// Tells whether a client asks for the confirmation that nothing is renegotiated [RFC 5746 3.4].
bool knows_renegotiation(const wire::ClientHello& hello) {
    constexpr CipherSuite signal{0x00ff};
    return std::ranges::find(hello.cipher_suites, signal) != hello.cipher_suites.end() ||
           std::ranges::find(
               hello.extensions, ExtensionType::renegotiation_info, &wire::Extension::type
           ) != hello.extensions.end();
}

void append(Bytes& all, ProtocolVersion version, wire::HandshakeType type, ByteView body) {
    const Bytes message = wire::handshake_message(type, body);
    const Bytes record = wire::record(wire::ContentType::handshake, version, message);
    all.insert(all.end(), record.begin(), record.end());
}

} // namespace

Bytes alert_record(AlertDescription alert, AlertLevel level) {
    return wire::record(
        wire::ContentType::alert, ProtocolVersion::tls_1_2,
        wire::write(wire::Alert{.level = level, .description = alert})
    );
}

Bytes first_record(ByteView flight) {
    const ByteView first = flight.first(std::min(flight.size(), end_of_record(flight, 0)));
    return {first.begin(), first.end()};
}

Bytes half_of_first_record(ByteView flight) {
    Bytes half = first_record(flight);
    half.resize(half.size() / 2);
    return half;
}

Bytes with_record_version(ByteView flight, ProtocolVersion version) {
    return with_number_at(flight, k_at_record_version, std::to_underlying(version));
}

Bytes with_server_version(ByteView flight, ProtocolVersion version) {
    return with_number_at(flight, k_at_server_version, std::to_underlying(version));
}

Bytes with_damage(ByteView flight, std::size_t index) {
    std::size_t end = end_of_record(flight, 0);
    for (; index > 0 && end < flight.size(); --index) {
        end = end_of_record(flight, end);
    }
    Bytes changed(flight.begin(), flight.end());
    if (index == 0 && end > 0 && end <= changed.size()) {
        changed[end - 1] ^= 1U;
    }
    return changed;
}

Bytes oversized_record() {
    constexpr std::size_t size = wire::k_max_ciphertext + 1024;
    Bytes bytes = {0x16, 3, 3, size >> 8U, size & 0xffU};
    bytes.resize(k_header + size, 0x41);
    return bytes;
}

Bytes garbage() {
    Bytes bytes(200);
    std::uint32_t state = 0x7153;
    for (std::uint8_t& byte : bytes) {
        state = state * 1'103'515'245U + 12'345U;
        byte = static_cast<std::uint8_t>((state >> 16U) | 0x80U);
    }
    return bytes;
}

Bytes static_rsa_flight(
    ByteView hello, ByteView certificate_der, ProtocolVersion version,
    std::span<const CipherSuite> suites
) {
    const auto offer = hello_in(hello);
    const auto suite = std::ranges::find_if(suites, [&](CipherSuite wanted) {
        return offer &&
               std::ranges::find(offer->cipher_suites, wanted) != offer->cipher_suites.end();
    });
    if (suite == suites.end()) {
        return with_record_version(alert_record(AlertDescription::handshake_failure), version);
    }
    wire::ServerHello answer{
        .legacy_version = version,
        .random = offer->random,
        .legacy_session_id_echo = {},
        .cipher_suite = *suite,
    };
    std::ranges::reverse(answer.random);
    if (knows_renegotiation(*offer)) {
        answer.extensions.push_back({.type = ExtensionType::renegotiation_info, .data = {0}});
    }
    wire::Certificate certificate;
    certificate.certificate_list.emplace_back(certificate_der.begin(), certificate_der.end());
    Bytes all;
    append(all, version, wire::HandshakeType::server_hello, wire::write(answer));
    append(all, version, wire::HandshakeType::certificate, wire::write(certificate));
    append(all, version, wire::HandshakeType::server_hello_done, {});
    return all;
}

bool is_key_exchange(ByteView reaction) {
    return reaction.size() > k_header && reaction[0] == k_handshake_record &&
           reaction[k_header] == k_client_key_exchange;
}

} // namespace tlsdoctor::peer
