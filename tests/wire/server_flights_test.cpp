// SPDX-License-Identifier: Apache-2.0
// Whole first flights of a real server, from records to the last field of each message.
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "cases.hpp"
#include "wire/certificate.hpp"
#include "wire/certificate_request.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/server_hello.hpp"
#include "wire/server_key_exchange.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;

namespace {

const std::map<std::string, KeyExchange, std::less<>> k_key_exchanges = {
    {"ecdhe", KeyExchange::ecdhe},
    {"dhe", KeyExchange::dhe},
    {"ecdhe_psk", KeyExchange::ecdhe_psk},
    {"rsa", KeyExchange::rsa},
};

using Messages = std::map<HandshakeType, Bytes>;

/// Returns the bodies by their types; `types` gets the order.
Messages messages_of(ByteView flight, std::vector<unsigned>& types) {
    RecordReader records;
    records.feed(flight);
    HandshakeReader handshake;
    for (auto record = records.next(); record && *record; record = records.next()) {
        handshake.feed((*record)->fragment);
    }
    CHECK(records.pending().empty());
    Messages messages;
    for (auto message = handshake.next(); message && *message; message = handshake.next()) {
        types.push_back(static_cast<unsigned>((*message)->type));
        messages[(*message)->type] = (*message)->body;
    }
    CHECK(handshake.pending() == 0);
    return messages;
}

/// Returns what the parameters tell, as the file has it: a group's number or a prime's bits.
std::string strength_of(const ServerKeyExchange& message) {
    if (const auto* ecdh = std::get_if<ServerEcdhParams>(&message.params)) {
        return test::listed(std::vector{ecdh->namedcurve});
    }
    return std::to_string(bit_length(std::get<ServerDhParams>(message.params).dh_p));
}

std::string value(const test::Block& block, std::string_view key) {
    const auto at = block.find(key);
    return at == block.end() ? "" : at->second;
}

} // namespace

TEST_CASE("the flights of a real server are read whole and written as they came") {
    for (const test::Block& block : test::blocks_of("server_flights.txt")) {
        CAPTURE(value(block, "name"));
        std::vector<unsigned> types;
        Messages messages = messages_of(test::hex(value(block, "flight")), types);
        CHECK(test::listed(types) == value(block, "messages"));

        const Bytes& body = messages[HandshakeType::server_hello];
        const auto hello = read_server_hello(body);
        REQUIRE(hello);
        CHECK(write(*hello) == body);
        CHECK(test::listed(std::vector{hello->legacy_version}) == value(block, "version"));
        CHECK(selected_version(*hello) == hello->legacy_version);
        CHECK(test::listed(std::vector{hello->cipher_suite}) == value(block, "cipher_suite"));
        const auto sentinel = downgrade_sentinel(hello->random);
        CHECK((sentinel ? test::listed(std::vector{*sentinel}) : "") == value(block, "downgrade"));
        CHECK(read_server_hello_done(messages[HandshakeType::server_hello_done]));
    }
}

TEST_CASE("a real ServerKeyExchange is read in the form of its suite and version") {
    int read = 0;
    for (const test::Block& block : test::blocks_of("server_flights.txt")) {
        CAPTURE(value(block, "name"));
        std::vector<unsigned> types;
        const Messages messages = messages_of(test::hex(value(block, "flight")), types);
        const auto body = messages.find(HandshakeType::server_key_exchange);
        if (body == messages.end()) {
            continue;
        }
        const KeyExchange kind = k_key_exchanges.at(value(block, "key_exchange"));
        const Bytes version = test::hex(value(block, "version"));
        const auto message = read_server_key_exchange(
            body->second, kind, ProtocolVersion{static_cast<std::uint16_t>(0x0300U | version[1])}
        );
        REQUIRE(message);
        CHECK(write(*message) == body->second);
        CHECK(strength_of(*message) == value(block, "group") + value(block, "dh_bits"));
        const auto algorithm = message->signature ? message->signature->algorithm : std::nullopt;
        CHECK(
            (algorithm ? test::listed(std::vector{*algorithm}) : "") == value(block, "signed_with")
        );
        CHECK((message->signature.has_value() ? "yes" : "") == value(block, "signed"));
        CHECK(to_hex(message->psk_identity_hint.value_or(Bytes{})) == value(block, "hint"));
        ++read;
    }
    CHECK(read == 8);
}

TEST_CASE("real Certificate and CertificateRequest messages are written as they came") {
    int certificates = 0;
    int requests = 0;
    for (const test::Block& block : test::blocks_of("server_flights.txt")) {
        CAPTURE(value(block, "name"));
        std::vector<unsigned> types;
        for (const auto& [type, body] : messages_of(test::hex(value(block, "flight")), types)) {
            if (type == HandshakeType::certificate) {
                const auto certificate = read_certificate(body);
                REQUIRE(certificate);
                CHECK(certificate->certificate_list.size() == 1);
                CHECK(write(*certificate) == body);
                ++certificates;
            }
            if (type == HandshakeType::certificate_request) {
                const bool tls_1_2 = value(block, "version") == "0303";
                const auto request = read_certificate_request(
                    body, tls_1_2 ? ProtocolVersion::tls_1_2 : ProtocolVersion::tls_1_0
                );
                REQUIRE(request);
                CHECK(write(*request) == body);
                CHECK(to_hex(request->certificate_types) == value(block, "certificate_types"));
                CHECK(request->supported_signature_algorithms.has_value() == tls_1_2);
                CHECK(request->certificate_authorities.size() == 1);
                ++requests;
            }
        }
    }
    CHECK(certificates == 7);
    CHECK(requests == 2);
}
