// SPDX-License-Identifier: Apache-2.0
// The private keys are fixed, so that a failure repeats itself.
#include "crypto/flights.hpp"

#include "crypto/conversation.hpp"
#include "wire/client_hello.hpp"
#include "wire/extensions.hpp"
#include "wire/handshake.hpp"

namespace tlsdoctor::crypto::test {

KnownHello known_hello(const HelloOptions& options) {
    KnownHello made;
    std::vector<wire::KeyShareEntry> shares;
    for (const NamedGroup group : options.groups) {
        made.keys.push_back(must(KeyShare::from_private(group, Bytes(32, 0x42))));
        shares.push_back({.group = group, .key_exchange = made.keys.back().public_bytes()});
    }
    std::vector<NamedGroup> groups = options.groups;
    groups.insert(
        groups.end(), options.groups_without_share.begin(), options.groups_without_share.end()
    );
    const std::vector versions = {ProtocolVersion::tls_1_3};
    wire::ClientHello hello{
        .legacy_session_id = Bytes(32, 0x11),
        .cipher_suites = options.suites,
        .extensions =
            {
                wire::write_server_name("localhost"),
                wire::write_supported_groups(groups),
                wire::write_signature_algorithms(options.schemes),
                wire::write_supported_versions(versions),
                wire::write_client_shares(shares),
            },
    };
    if (!options.alpn.empty()) {
        hello.extensions.push_back(wire::write_alpn(options.alpn));
    }
    made.message = handshake_message(wire::HandshakeType::client_hello, write(hello));
    made.record =
        wire::record(wire::ContentType::handshake, ProtocolVersion::tls_1_0, made.message);
    return made;
}

Bytes answer_of(const ServerOptions& server, const KnownHello& hello) {
    ServerSession session = serve(server);
    session.feed(hello.record);
    return session.take_output();
}

std::vector<wire::Record> records_in(ByteView stream) {
    std::vector<wire::Record> records;
    wire::RecordReader reader;
    reader.feed(stream);
    for (auto record = reader.next(); record && *record; record = reader.next()) {
        records.push_back(std::move(**record));
    }
    REQUIRE(reader.pending().empty());
    return records;
}

Bytes server_hello_in(const std::vector<wire::Record>& records) {
    REQUIRE_FALSE(records.empty());
    REQUIRE(records.front().type == wire::ContentType::handshake);
    return records.front().fragment;
}

} // namespace tlsdoctor::crypto::test
