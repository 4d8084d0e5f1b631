// SPDX-License-Identifier: Apache-2.0
// A TLS server for demonstrations and tests, with exactly the faults that one asks for. Its limits
// are lifted (security level 0), so a version or suite that is enabled here really works.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "crypto/authority.hpp"
#include "crypto/error.hpp"
#include "crypto/session.hpp"

namespace tlsdoctor::crypto {

/// What the server speaks and shows.
struct ServerOptions {
    ProtocolVersion min_version{ProtocolVersion::tls_1_0};
    ProtocolVersion max_version{ProtocolVersion::tls_1_3};
    std::string cipher_list{};  ///< OpenSSL's language, TLS 1.2 and below; empty: its default list
    std::string tls13_suites{}; ///< `TLS_AES_128_GCM_SHA256:...`; empty: all three
    std::string groups{};       ///< `X25519:P-256`; empty: OpenSSL's default
    /// The prime of DHE in bits, 1024 or 2048; 0: as strong as the key of the certificate.
    unsigned dh_bits{};
    std::string signature_algorithms{}; ///< `RSA+SHA1:...`; empty: OpenSSL's default
    /// Application protocols; a client that asks for others gets alert 120
    /// no_application_protocol. Empty: the question is ignored.
    std::vector<std::string> alpn{};
    Identity identity{};       ///< certificate and key; empty: self-signed, made for `names`
    Identity other_identity{}; ///< beside it, with a key of another type; empty: none
    KeyType key_type{};        ///< of the certificate made here
    std::vector<std::string> names{
        "localhost", "127.0.0.1", "::1"
    }; ///< of the certificate made here
    /// Names that are answered; any other, and a hello without a name, gets alert 112
    /// unrecognized_name. Empty: every name is.
    std::vector<std::string> only_names{};
    std::string client_ca_pem{}; ///< where not empty, clients must show a certificate of this CA
};

class ServerSession;

/// The settings of a server, made once for many connections. Copies share them.
class ServerContext {
public:
    /// Checks the options and makes the certificate where none is given.
    static std::expected<ServerContext, CryptoError> create(const ServerOptions& options);

    /// Begins a connection; independent of this object's lifetime.
    std::expected<ServerSession, CryptoError> accept() const;

    /// Returns the certificate in use, so that a client can be told to trust it.
    const Identity& identity() const;

private:
    struct State;
    std::shared_ptr<const State> state_;
};

/// One handshake as a server, then application data.
class ServerSession final : public Session {
public:
    /// Returns the name that the client sent, safe to print; empty before the ClientHello and where
    /// it sent none.
    std::string server_name() const;

private:
    friend class ServerContext;
    using Session::Session;
};

} // namespace tlsdoctor::crypto
