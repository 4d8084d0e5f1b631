// SPDX-License-Identifier: Apache-2.0
// A TLS client of today, for one whole handshake. Its limits are lifted as far as OpenSSL allows
// (security level 0, TLS 1.0 and up, servers without secure renegotiation), so that what fails is
// the server's doing: a server's weakness is not judged here. The certificate is checked and the
// result is data; it never ends the handshake.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/error.hpp"
#include "crypto/session.hpp"

namespace tlsdoctor::crypto {

/// Why a chain is not trusted. Where several reasons hold, the one that stands first here is
/// reported: dates and names are facts about the certificate itself and true for every client, an
/// unknown issuer may be known to others.
enum class Trust : std::uint8_t {
    not_judged, ///< no certificate came
    trusted,
    expired,
    not_yet_valid,
    name_mismatch,
    self_signed,    ///< the server's own certificate is its issuer
    unknown_issuer, ///< no chain to a known root: a missing intermediate or a private CA
    other,
};

/// One objection of the verification.
struct TrustProblem {
    Trust trust{};
    std::string error{}; ///< OpenSSL's words: `certificate has expired`
    int depth{};         ///< where in the chain; 0 is the server's own certificate
};

/// What the verification found.
struct Verification {
    Trust trust{};
    std::string error{};                  ///< OpenSSL's words for `trust`; empty when trusted
    int depth{};                          ///< where in the chain
    std::vector<TrustProblem> problems{}; ///< every objection, as they came; at most 32
};

/// Returns `trusted`, `name_mismatch` ...
std::string_view name_of(Trust trust);

/// How to connect.
struct ClientOptions {
    /// A DNS name in ASCII, sent as server_name and looked for in the certificate; or an IP
    /// literal, looked for among the certificate's addresses and never sent. A dot at its end is
    /// dropped. Empty: nothing is sent and no name is checked.
    std::string server_name{};
    bool send_server_name{true}; ///< false: the name is checked and not sent
    std::string ca_file{};       ///< trusted roots, PEM
    std::string ca_pem{}; ///< trusted roots as text; with both empty the system's are trusted
    std::string certificate_file{}; ///< our own chain, PEM, for servers that ask; empty: none
    std::string key_file{};         ///< its key, PEM; empty: in `certificate_file`
    ProtocolVersion min_version{ProtocolVersion::tls_1_0};
    ProtocolVersion max_version{ProtocolVersion::tls_1_3};
};

/// One handshake as a client. ALPN and session resumption are not offered.
class ClientSession final : public Session {
public:
    /// Makes the session; take_output() then has the ClientHello. Fails for an unreadable
    /// `ca_file`, a certificate and key of our own that cannot be read or do not fit together (an
    /// encrypted key is not asked a password for), a name that cannot be sent, and versions that
    /// OpenSSL lacks.
    static std::expected<ClientSession, CryptoError> create(const ClientOptions& options);

    /// Returns the certificates that the server sent, DER, in its order; see read_certificate().
    std::vector<Bytes> chain() const;

    /// Returns the result of checking the chain and the name.
    Verification verification() const;

    /// Tells whether the server asked for a client certificate.
    bool asked_for_certificate() const;

    /// Returns the names of the authorities whose certificates the server says it accepts, each a
    /// DER DistinguishedName; at most 100.
    const std::vector<Bytes>& certificate_authorities() const;

private:
    using Session::Session;
};

} // namespace tlsdoctor::crypto
