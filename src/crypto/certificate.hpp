// SPDX-License-Identifier: Apache-2.0
// Reads one X.509 certificate for people. Whatever a server put into it is safe to print: control
// characters, NUL bytes inside names and broken UTF-8 come out as \xNN, and sizes are bounded.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "crypto/error.hpp"

namespace tlsdoctor::crypto {

/// The facts of one certificate.
struct CertificateFacts {
    std::string subject{
    }; ///< RFC 2253 in UTF-8, most specific part first: `CN=example.com,O=Example`
    std::string issuer{};
    std::vector<std::string> names{}; ///< subjectAltName: DNS names and IP addresses, at most 500
    std::size_t names_left_out{};     ///< how many more there are
    std::string not_before{}; ///< RFC 3339 in UTC; empty where the certificate's is unreadable
    std::string not_after{};
    std::string key{};       ///< `RSA 2048`, `EC P-256`, `Ed25519`; `unreadable` where it is
    std::string signature{}; ///< `sha256WithRSAEncryption`, or the OID
    std::string sha256{};    ///< fingerprint of the DER, lower-case hexadecimal
};

/// Reads a DER certificate; bytes after it, and more than 1 MiB, are errors.
std::expected<CertificateFacts, CryptoError> read_certificate(ByteView der);

/// Returns the DER of the first certificate of a PEM text; empty where there is none.
Bytes certificate_der(const std::string& pem);

/// Returns a DER DistinguishedName in the form of `CertificateFacts::subject`, `unreadable` where
/// it is none.
std::string read_name(ByteView der);

} // namespace tlsdoctor::crypto
