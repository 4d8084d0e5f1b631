// SPDX-License-Identifier: Apache-2.0
// Four short layouts [RFC 8446 4.3.1, 4.3.2, 4.4.2, 4.4.3].
#include "wire/tls13.hpp"

#include "wire/writer.hpp"

namespace tlsdoctor::wire::tls13 {
namespace {

constexpr ExtensionType k_certificate_authorities{47};

} // namespace

std::expected<EncryptedExtensions, ParseError> read_encrypted_extensions(ByteView body) {
    return read_message(body, [](Reader& in) {
        return EncryptedExtensions{.extensions = read_extensions(in)};
    });
}

std::expected<CertificateRequest, ParseError> read_certificate_request(ByteView body) {
    return read_message(body, [](Reader& in) {
        CertificateRequest message;
        message.certificate_request_context = in.opaque(1, "certificate_request_context");
        message.extensions = read_extensions(in);
        return message;
    });
}

std::expected<Certificate, ParseError> read_certificate(ByteView body) {
    return read_message(body, [](Reader& in) {
        Certificate message;
        message.certificate_request_context = in.opaque(1, "certificate_request_context");
        for (Reader list = in.block(3, "certificate_list"); list.more();) {
            CertificateEntry entry;
            entry.cert_data = list.opaque(3, "cert_data");
            entry.extensions = read_extensions(list);
            message.certificate_list.push_back(std::move(entry));
        }
        return message;
    });
}

std::expected<CertificateVerify, ParseError> read_certificate_verify(ByteView body) {
    return read_message(body, [](Reader& in) {
        CertificateVerify message;
        message.algorithm = in.number<SignatureScheme>("algorithm");
        message.signature = in.opaque(2, "signature");
        return message;
    });
}

Bytes write(const EncryptedExtensions& message) {
    Writer out;
    write_extensions(out, message.extensions);
    return out.take();
}

Bytes write(const CertificateRequest& message) {
    Writer out;
    out.opaque(1, message.certificate_request_context);
    write_extensions(out, message.extensions);
    return out.take();
}

Bytes write(const Certificate& message) {
    Writer out;
    out.opaque(1, message.certificate_request_context);
    out.block(3, [&] {
        for (const CertificateEntry& entry : message.certificate_list) {
            out.opaque(3, entry.cert_data);
            write_extensions(out, entry.extensions);
        }
    });
    return out.take();
}

Bytes write(const CertificateVerify& message) {
    Writer out;
    out.number(message.algorithm);
    out.opaque(2, message.signature);
    return out.take();
}

std::expected<std::vector<Bytes>, ParseError> read_certificate_authorities(ByteView data) {
    return read_message(data, [](Reader& in) {
        std::vector<Bytes> authorities;
        for (Reader list = in.block(2, "authorities"); list.more();) {
            authorities.push_back(list.opaque(2, "DistinguishedName"));
        }
        return authorities;
    });
}

Extension write_certificate_authorities(std::span<const Bytes> authorities) {
    Writer out;
    out.block(2, [&] {
        for (const Bytes& name : authorities) {
            out.opaque(2, name);
        }
    });
    return {.type = k_certificate_authorities, .data = out.take()};
}

} // namespace tlsdoctor::wire::tls13
