// SPDX-License-Identifier: Apache-2.0
// The form of TLS 1.2 [RFC 5246 7.4.4] has supported_signature_algorithms between the older two
// lists.
#include "wire/certificate_request.hpp"

#include "wire/writer.hpp"

namespace tlsdoctor::wire {

std::expected<CertificateRequest, ParseError>
read_certificate_request(ByteView body, ProtocolVersion negotiated) {
    return read_message(body, [negotiated](Reader& in) {
        CertificateRequest request;
        request.certificate_types = in.opaque(1, "certificate_types");
        if (negotiated >= ProtocolVersion::tls_1_2) {
            request.supported_signature_algorithms =
                in.numbers<SignatureScheme>(2, "supported_signature_algorithms");
        }
        for (Reader list = in.block(2, "certificate_authorities"); list.more();) {
            request.certificate_authorities.push_back(list.opaque(2, "DistinguishedName"));
        }
        return request;
    });
}

Bytes write(const CertificateRequest& request) {
    Writer out;
    out.opaque(1, request.certificate_types);
    if (request.supported_signature_algorithms) {
        out.numbers(2, *request.supported_signature_algorithms);
    }
    out.block(2, [&] {
        for (const Bytes& name : request.certificate_authorities) {
            out.opaque(2, name);
        }
    });
    return out.take();
}

} // namespace tlsdoctor::wire
