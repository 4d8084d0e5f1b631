// SPDX-License-Identifier: Apache-2.0
// CertificateRequest of SSL 3.0 to TLS 1.2 [RFC 5246 7.4.4, RFC 4346 7.4.4]: how a server asks who
// the client is. TLS 1.2 put a list into its middle.
#pragma once

#include <expected>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "registry/signature_scheme.hpp"
#include "registry/version.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::wire {

/// A CertificateRequest.
struct CertificateRequest {
    Bytes certificate_types{}; ///< ClientCertificateType each
    std::optional<std::vector<SignatureScheme>> supported_signature_algorithms{}; ///< TLS 1.2 only
    std::vector<Bytes> certificate_authorities{}; ///< DER DistinguishedName each

    bool operator==(const CertificateRequest&) const = default;
};

/// Reads a body in the form that `negotiated` has.
std::expected<CertificateRequest, ParseError>
read_certificate_request(ByteView body, ProtocolVersion negotiated);

/// Returns the body; TLS 1.2's form where supported_signature_algorithms is set.
Bytes write(const CertificateRequest& request);

} // namespace tlsdoctor::wire
