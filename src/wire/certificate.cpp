// SPDX-License-Identifier: Apache-2.0
// A list of opaque<1..2^24-1> in an opaque<0..2^24-1> [RFC 5246 7.4.2].
#include "wire/certificate.hpp"

#include "wire/writer.hpp"

namespace tlsdoctor::wire {

std::expected<Certificate, ParseError> read_certificate(ByteView body) {
    return read_message(body, [](Reader& in) {
        Certificate message;
        for (Reader list = in.block(3, "certificate_list"); list.more();) {
            message.certificate_list.push_back(list.opaque(3, "ASN.1Cert"));
        }
        return message;
    });
}

Bytes write(const Certificate& certificate) {
    Writer out;
    out.block(3, [&] {
        for (const Bytes& der : certificate.certificate_list) {
            out.opaque(3, der);
        }
    });
    return out.take();
}

} // namespace tlsdoctor::wire
