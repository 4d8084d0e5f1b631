// SPDX-License-Identifier: Apache-2.0
// First flights of TLS 1.3 for tests: a hello whose private keys are known, and what a server of
// this project answers to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "crypto/key_schedule.hpp"
#include "crypto/key_share.hpp"
#include "crypto/server_session.hpp"
#include "registry/alert.hpp"
#include "registry/signature_scheme.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"

namespace tlsdoctor::crypto::test {

/// What a hello offers.
struct HelloOptions {
    std::vector<NamedGroup> groups{NamedGroup::x25519}; ///< each with a share
    std::vector<NamedGroup> groups_without_share{};
    std::vector<CipherSuite> suites{CipherSuite::TLS_AES_128_GCM_SHA256};
    std::vector<std::string> alpn{};
    std::vector<SignatureScheme> schemes{
        SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::rsa_pss_rsae_sha256,
        SignatureScheme::ed25519
    };
};

/// A ClientHello of TLS 1.3 alone, and its private keys.
struct KnownHello {
    std::vector<KeyShare> keys{};
    Bytes message{}; ///< with its header
    Bytes record{};
};

/// Makes a hello.
KnownHello known_hello(const HelloOptions& options = {});

/// A server that says whatever a test wants, in cipher with AES-128-GCM.
class PlayedServer {
public:
    /// Answers the first share of the hello.
    explicit PlayedServer(const KnownHello& hello);

    /// Returns the record of its ServerHello.
    const Bytes& hello() const { return hello_; }

    /// Returns the record of a message in cipher.
    Bytes say(wire::HandshakeType type, ByteView body);

    /// Returns the record of a fatal alert in cipher.
    Bytes say(AlertDescription alert);

    /// Returns the next record with any content, `padding` zeros behind it.
    Bytes seal(wire::ContentType type, ByteView content, std::size_t padding = 0);

private:
    Bytes hello_{};
    TrafficKey key_{};
    std::uint8_t number_{};
};

/// Returns everything that a server sends after it read the hello.
Bytes answer_of(const ServerOptions& server, const KnownHello& hello);

/// Cuts a stream into its records, which must be whole.
std::vector<wire::Record> records_in(ByteView stream);

/// Returns the message with its header that the first record holds.
Bytes server_hello_in(const std::vector<wire::Record>& records);

} // namespace tlsdoctor::crypto::test
