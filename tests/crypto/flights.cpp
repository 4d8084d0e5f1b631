// SPDX-License-Identifier: Apache-2.0
// The private keys are fixed, so that a failure repeats itself.
#include "crypto/flights.hpp"

#include <openssl/evp.h>

#include "crypto/conversation.hpp"
#include "wire/alert.hpp"
#include "wire/client_hello.hpp"
#include "wire/extensions.hpp"
#include "wire/handshake.hpp"
#include "wire/server_hello.hpp"

#include <doctest/doctest.h>

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

PlayedServer::PlayedServer(const KnownHello& hello) {
    const KeyShare& theirs = hello.keys.front();
    const KeyShare ours = must(KeyShare::from_private(theirs.group(), Bytes(32, 0x24)));
    const wire::ServerHello chosen{
        .legacy_session_id_echo = Bytes(32, 0x11),
        .cipher_suite = CipherSuite::TLS_AES_128_GCM_SHA256,
        .extensions =
            {
                wire::write_selected_version(ProtocolVersion::tls_1_3),
                wire::write_server_share(
                    {.group = ours.group(), .key_exchange = ours.public_bytes()}
                ),
            },
    };
    const Bytes message = handshake_message(wire::HandshakeType::server_hello, write(chosen));
    hello_ = wire::record(wire::ContentType::handshake, ProtocolVersion::tls_1_2, message);
    Bytes transcript = hello.message;
    transcript.insert(transcript.end(), message.begin(), message.end());
    const Bytes secret = must(ours.shared_secret(theirs.public_bytes()));
    const HandshakeSecrets secrets =
        handshake_secrets(Hash::sha256, secret, digest(Hash::sha256, transcript));
    key_ = traffic_key({Hash::sha256, Aead::aes_128_gcm}, secrets.server);
}

Bytes PlayedServer::say(wire::HandshakeType type, ByteView body) {
    return seal(wire::ContentType::handshake, handshake_message(type, body));
}

Bytes PlayedServer::say(AlertDescription alert) {
    return seal(
        wire::ContentType::alert,
        write(wire::Alert{.level = AlertLevel::fatal, .description = alert})
    );
}

Bytes PlayedServer::seal(wire::ContentType type, ByteView content, std::size_t padding) {
    Bytes inner(content.begin(), content.end());
    inner.push_back(std::to_underlying(type));
    inner.resize(inner.size() + padding, 0);
    Bytes nonce = key_.iv;
    nonce.back() ^= number_++;
    Bytes fragment(inner.size() + 16);
    const auto size = static_cast<std::uint16_t>(fragment.size());
    const Bytes header{
        0x17, 3, 3, static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)
    };
    int written = 0;
    EVP_CIPHER_CTX* const context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nullptr, key_.key.data(), nonce.data());
    EVP_EncryptUpdate(context, nullptr, &written, header.data(), 5);
    EVP_EncryptUpdate(
        context, fragment.data(), &written, inner.data(), static_cast<int>(inner.size())
    );
    EVP_EncryptFinal_ex(context, nullptr, &written);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, &fragment[inner.size()]);
    EVP_CIPHER_CTX_free(context);
    return wire::record(wire::ContentType::application_data, ProtocolVersion::tls_1_2, fragment);
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
