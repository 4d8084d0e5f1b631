// SPDX-License-Identifier: Apache-2.0
// What a server of TLS 1.3 says behind its ServerHello, in cipher [RFC 8446 4.3, 4.4]. Two messages
// share their names with older ones and have other layouts, hence a namespace of their own.
#pragma once

#include <expected>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "registry/signature_scheme.hpp"
#include "wire/extension.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::wire::tls13 {

/// EncryptedExtensions: the answers to the ClientHello that need no key exchange; ALPN is here.
struct EncryptedExtensions {
    std::vector<Extension> extensions{};

    bool operator==(const EncryptedExtensions&) const = default;
};

/// CertificateRequest: what the client's certificate must be like stands in the extensions.
struct CertificateRequest {
    Bytes certificate_request_context{}; ///< empty in a handshake
    std::vector<Extension> extensions{};

    bool operator==(const CertificateRequest&) const = default;
};

/// One certificate with what belongs to it, such as its OCSP response.
struct CertificateEntry {
    Bytes cert_data{}; ///< DER
    std::vector<Extension> extensions{};

    bool operator==(const CertificateEntry&) const = default;
};

/// Certificate: a chain, the peer's own certificate first.
struct Certificate {
    Bytes certificate_request_context{}; ///< empty from a server
    std::vector<CertificateEntry> certificate_list{};

    bool operator==(const Certificate&) const = default;
};

/// CertificateVerify: the proof that the private key is there.
struct CertificateVerify {
    SignatureScheme algorithm{};
    Bytes signature{};

    bool operator==(const CertificateVerify&) const = default;
};

/// Readers of bodies.
std::expected<EncryptedExtensions, ParseError> read_encrypted_extensions(ByteView body);
std::expected<CertificateRequest, ParseError> read_certificate_request(ByteView body);
std::expected<Certificate, ParseError> read_certificate(ByteView body);
std::expected<CertificateVerify, ParseError> read_certificate_verify(ByteView body);

/// Returns the body.
Bytes write(const EncryptedExtensions& message);
Bytes write(const CertificateRequest& message);
Bytes write(const Certificate& message);
Bytes write(const CertificateVerify& message);

/// certificate_authorities of a CertificateRequest: DER DistinguishedName each [RFC 8446 4.2.4].
std::expected<std::vector<Bytes>, ParseError> read_certificate_authorities(ByteView data);
Extension write_certificate_authorities(std::span<const Bytes> authorities);

} // namespace tlsdoctor::wire::tls13
