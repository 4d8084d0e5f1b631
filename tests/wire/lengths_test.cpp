// SPDX-License-Identifier: Apache-2.0
// Every length field of every message, one too large and one too small: both are refused, and the
// error names the field where the bytes stop making sense.
#include <doctest/doctest.h>

#include <cstdint>

#include "cases.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;

namespace {

struct LengthCase {
    std::string_view message;
    std::string_view field;
    std::size_t offset; ///< of the length
    std::size_t width;  ///< of the length
    std::string_view longer;
    std::string_view shorter;
};

// clang-format off
constexpr LengthCase k_lengths[] = {
    {"ClientHello", "legacy_session_id", 34, 1,
     "cipher_suites at byte 40: needs 1043 bytes, has 19",
     "cipher_suites at byte 38: needs 47872 bytes, has 21"},
    {"ClientHello", "cipher_suites", 37, 2,
     "cipher_suites at byte 43: needs 2 bytes, has 1",
     "cipher_suites at byte 41: needs 2 bytes, has 1"},
    {"ClientHello", "legacy_compression_methods", 43, 1,
     "extensions at byte 48: needs 3072 bytes, has 11",
     "message at byte 46: has 13 bytes too many"},
    {"ClientHello", "extensions", 45, 2,
     "extensions at byte 47: needs 13 bytes, has 12",
     "extension_data at byte 55: needs 4 bytes, has 3"},
    {"ClientHello", "extension_data", 49, 2,
     "extension_data at byte 56: needs 1025 bytes, has 3",
     "extension_data at byte 51: needs 65535 bytes, has 8"},
    {"ClientHello", "extension_data", 53, 2,
     "extension_data at byte 55: needs 5 bytes, has 4",
     "extension_type at byte 58: needs 2 bytes, has 1"},
    {"ServerHello", "legacy_session_id_echo", 34, 1,
     "extensions at byte 43: needs 1536 bytes, has 5",
     "message at byte 41: has 7 bytes too many"},
    {"ServerHello", "extensions", 40, 2,
     "extensions at byte 42: needs 7 bytes, has 6",
     "extension_data at byte 46: needs 2 bytes, has 1"},
    {"ServerHello", "extension_data", 44, 2,
     "extension_data at byte 46: needs 3 bytes, has 2",
     "extension_type at byte 47: needs 2 bytes, has 1"},
    {"Certificate", "certificate_list", 0, 3,
     "certificate_list at byte 3: needs 12 bytes, has 11",
     "ASN.1Cert at byte 12: needs 2 bytes, has 1"},
    {"Certificate", "ASN.1Cert", 3, 3,
     "ASN.1Cert at byte 13: needs 733 bytes, has 1",
     "ASN.1Cert at byte 11: needs 13369344 bytes, has 3"},
    {"Certificate", "ASN.1Cert", 9, 3,
     "ASN.1Cert at byte 12: needs 3 bytes, has 2",
     "ASN.1Cert at byte 13: needs 3 bytes, has 1"},
    {"CertificateRequest of TLS 1.1", "certificate_types", 0, 1,
     "certificate_authorities at byte 6: needs 1024 bytes, has 3",
     "certificate_authorities at byte 4: needs 16384 bytes, has 5"},
    {"CertificateRequest of TLS 1.1", "certificate_authorities", 3, 2,
     "certificate_authorities at byte 5: needs 5 bytes, has 4",
     "DistinguishedName at byte 7: needs 2 bytes, has 1"},
    {"CertificateRequest of TLS 1.1", "DistinguishedName", 5, 2,
     "DistinguishedName at byte 7: needs 3 bytes, has 2",
     "DistinguishedName at byte 8: needs 2 bytes, has 1"},
    {"CertificateRequest of TLS 1.2", "certificate_types", 0, 1,
     "supported_signature_algorithms at byte 6: needs 1028 bytes, has 9",
     "supported_signature_algorithms at byte 4: needs 16384 bytes, has 11"},
    {"CertificateRequest of TLS 1.2", "supported_signature_algorithms", 3, 2,
     "supported_signature_algorithms at byte 9: needs 2 bytes, has 1",
     "supported_signature_algorithms at byte 7: needs 2 bytes, has 1"},
    {"CertificateRequest of TLS 1.2", "certificate_authorities", 9, 2,
     "certificate_authorities at byte 11: needs 5 bytes, has 4",
     "DistinguishedName at byte 13: needs 2 bytes, has 1"},
    {"CertificateRequest of TLS 1.2", "DistinguishedName", 11, 2,
     "DistinguishedName at byte 13: needs 3 bytes, has 2",
     "DistinguishedName at byte 14: needs 2 bytes, has 1"},
    {"EncryptedExtensions", "extensions", 0, 2,
     "extensions at byte 2: needs 10 bytes, has 9",
     "extension_data at byte 6: needs 5 bytes, has 4"},
    {"EncryptedExtensions", "extension_data", 4, 2,
     "extension_data at byte 6: needs 6 bytes, has 5",
     "extension_type at byte 10: needs 2 bytes, has 1"},
    {"CertificateRequest of TLS 1.3", "certificate_request_context", 0, 1,
     "extensions at byte 5: needs 2048 bytes, has 7",
     "extensions at byte 3: needs 43520 bytes, has 9"},
    {"CertificateRequest of TLS 1.3", "extensions", 2, 2,
     "extensions at byte 4: needs 9 bytes, has 8",
     "extension_data at byte 8: needs 4 bytes, has 3"},
    {"CertificateRequest of TLS 1.3", "extension_data", 6, 2,
     "extension_data at byte 8: needs 5 bytes, has 4",
     "extension_type at byte 11: needs 2 bytes, has 1"},
    {"Certificate of TLS 1.3", "certificate_request_context", 0, 1,
     "certificate_list at byte 6: needs 3584 bytes, has 13",
     "certificate_list at byte 4: needs 11141120 bytes, has 15"},
    {"Certificate of TLS 1.3", "certificate_list", 2, 3,
     "certificate_list at byte 5: needs 15 bytes, has 14",
     "extensions at byte 17: needs 2 bytes, has 1"},
    {"Certificate of TLS 1.3", "cert_data", 5, 3,
     "cert_data at byte 17: needs 477 bytes, has 2",
     "extensions at byte 12: needs 52224 bytes, has 7"},
    {"Certificate of TLS 1.3", "extensions", 11, 2,
     "extension_type at byte 13: needs 2 bytes, has 1",
     "extensions at byte 13: needs 65535 bytes, has 6"},
    {"Certificate of TLS 1.3", "cert_data", 13, 3,
     "extensions at byte 18: needs 2 bytes, has 1",
     "extensions at byte 18: needs 56576 bytes, has 1"},
    {"Certificate of TLS 1.3", "extensions", 17, 2,
     "extensions at byte 19: needs 1 byte, has 0",
     "extensions at byte 19: needs 65535 bytes, has 0"},
    {"CertificateVerify", "signature", 2, 2,
     "signature at byte 4: needs 4 bytes, has 3",
     "message at byte 6: has 1 byte too many"},
    {"certificate_authorities", "authorities", 0, 2,
     "authorities at byte 2: needs 10 bytes, has 9",
     "DistinguishedName at byte 8: needs 3 bytes, has 2"},
    {"certificate_authorities", "DistinguishedName", 2, 2,
     "DistinguishedName at byte 9: needs 817 bytes, has 2",
     "DistinguishedName at byte 9: needs 817 bytes, has 2"},
    {"certificate_authorities", "DistinguishedName", 6, 2,
     "DistinguishedName at byte 8: needs 4 bytes, has 3",
     "DistinguishedName at byte 10: needs 2 bytes, has 1"},
    {"ServerKeyExchange ECDHE of TLS 1.2", "point", 3, 1,
     "signature at byte 13: needs 733 bytes, has 1",
     "signature at byte 11: needs 768 bytes, has 3"},
    {"ServerKeyExchange ECDHE of TLS 1.2", "signature", 10, 2,
     "signature at byte 12: needs 3 bytes, has 2",
     "message at byte 13: has 1 byte too many"},
    {"ServerKeyExchange ECDHE of TLS 1.1", "point", 3, 1,
     "signature at byte 11: needs 733 bytes, has 1",
     "signature at byte 9: needs 52224 bytes, has 3"},
    {"ServerKeyExchange ECDHE of TLS 1.1", "signature", 8, 2,
     "signature at byte 10: needs 3 bytes, has 2",
     "message at byte 11: has 1 byte too many"},
    {"ServerKeyExchange DHE of TLS 1.1", "dh_p", 0, 2,
     "dh_g at byte 7: needs 258 bytes, has 8",
     "dh_g at byte 5: needs 52480 bytes, has 10"},
    {"ServerKeyExchange DHE of TLS 1.1", "dh_g", 4, 2,
     "dh_Ys at byte 10: needs 530 bytes, has 5",
     "dh_Ys at byte 8: needs 512 bytes, has 7"},
    {"ServerKeyExchange DHE of TLS 1.1", "dh_Ys", 7, 2,
     "signature at byte 14: needs 598 bytes, has 1",
     "signature at byte 12: needs 13312 bytes, has 3"},
    {"ServerKeyExchange DHE of TLS 1.1", "signature", 11, 2,
     "signature at byte 13: needs 3 bytes, has 2",
     "message at byte 14: has 1 byte too many"},
    {"ServerKeyExchange RSA_EXPORT", "rsa_modulus", 0, 2,
     "rsa_exponent at byte 7: needs 769 bytes, has 5",
     "rsa_exponent at byte 5: needs 52480 bytes, has 7"},
    {"ServerKeyExchange RSA_EXPORT", "rsa_exponent", 4, 2,
     "signature at byte 12: needs 511 bytes, has 0",
     "signature at byte 10: needs 256 bytes, has 2"},
    {"ServerKeyExchange RSA_EXPORT", "signature", 9, 2,
     "signature at byte 11: needs 2 bytes, has 1",
     "message at byte 11: has 1 byte too many"},
    {"ServerKeyExchange PSK", "psk_identity_hint", 0, 2,
     "psk_identity_hint at byte 2: needs 4 bytes, has 3",
     "message at byte 4: has 1 byte too many"},
    {"ServerKeyExchange DHE_PSK", "psk_identity_hint", 0, 2,
     "dh_p at byte 6: needs 683 bytes, has 8",
     "dh_p at byte 4: needs 30464 bytes, has 10"},
    {"ServerKeyExchange DHE_PSK", "dh_p", 3, 2,
     "dh_g at byte 10: needs 258 bytes, has 4",
     "dh_g at byte 8: needs 52480 bytes, has 6"},
    {"ServerKeyExchange DHE_PSK", "dh_g", 7, 2,
     "dh_Ys at byte 13: needs 530 bytes, has 1",
     "dh_Ys at byte 11: needs 512 bytes, has 3"},
    {"ServerKeyExchange DHE_PSK", "dh_Ys", 10, 2,
     "dh_Ys at byte 12: needs 3 bytes, has 2",
     "message at byte 13: has 1 byte too many"},
    {"ServerKeyExchange ECDHE_PSK", "psk_identity_hint", 0, 2,
     "curve_type at byte 4: only named curves are read",
     "curve_type at byte 2: only named curves are read"},
    {"ServerKeyExchange ECDHE_PSK", "point", 6, 1,
     "point at byte 7: needs 3 bytes, has 2",
     "message at byte 8: has 1 byte too many"},
    {"SSL 2.0 CLIENT-HELLO", "CIPHER-SPECS-LENGTH", 3, 2,
     "CIPHER-SPECS-DATA at byte 9: length 7 is no multiple of 3",
     "CIPHER-SPECS-DATA at byte 9: length 5 is no multiple of 3"},
    {"SSL 2.0 CLIENT-HELLO", "SESSION-ID-LENGTH", 5, 2,
     "CHALLENGE-DATA at byte 16: needs 16 bytes, has 15",
     "SESSION-ID-DATA at byte 15: needs 65535 bytes, has 16"},
    {"SSL 2.0 CLIENT-HELLO", "CHALLENGE-LENGTH", 7, 2,
     "CHALLENGE-DATA at byte 15: needs 17 bytes, has 16",
     "message at byte 30: has 1 byte too many"},
    {"SSL 2.0 SERVER-HELLO", "CERTIFICATE-LENGTH", 5, 2,
     "CONNECTION-ID-DATA at byte 17: needs 4 bytes, has 3",
     "message at byte 19: has 1 byte too many"},
    {"SSL 2.0 SERVER-HELLO", "CIPHER-SPECS-LENGTH", 7, 2,
     "CIPHER-SPECS-DATA at byte 13: length 4 is no multiple of 3",
     "CIPHER-SPECS-DATA at byte 13: length 2 is no multiple of 3"},
    {"SSL 2.0 SERVER-HELLO", "CONNECTION-ID-LENGTH", 9, 2,
     "CONNECTION-ID-DATA at byte 16: needs 5 bytes, has 4",
     "message at byte 19: has 1 byte too many"},
    {"server_name", "server_name_list", 0, 2,
     "server_name_list at byte 2: needs 12 bytes, has 11",
     "HostName at byte 5: needs 8 bytes, has 7"},
    {"server_name", "HostName", 3, 2,
     "HostName at byte 5: needs 9 bytes, has 8",
     "HostName at byte 13: needs 2 bytes, has 0"},
    {"supported_versions", "versions", 0, 1,
     "versions at byte 1: needs 5 bytes, has 4",
     "versions at byte 3: needs 2 bytes, has 1"},
    {"supported_groups", "named_group_list", 0, 2,
     "named_group_list at byte 2: needs 5 bytes, has 4",
     "named_group_list at byte 4: needs 2 bytes, has 1"},
    {"signature_algorithms", "supported_signature_algorithms", 0, 2,
     "supported_signature_algorithms at byte 2: needs 5 bytes, has 4",
     "supported_signature_algorithms at byte 4: needs 2 bytes, has 1"},
    {"client_shares", "client_shares", 0, 2,
     "client_shares at byte 2: needs 12 bytes, has 11",
     "key_exchange at byte 12: needs 1 byte, has 0"},
    {"client_shares", "key_exchange", 4, 2,
     "key_exchange at byte 13: needs 460 bytes, has 0",
     "key_exchange at byte 11: needs 5888 bytes, has 2"},
    {"client_shares", "key_exchange", 10, 2,
     "key_exchange at byte 12: needs 2 bytes, has 1",
     "group at byte 12: needs 2 bytes, has 1"},
    {"server_share", "key_exchange", 2, 2,
     "key_exchange at byte 4: needs 3 bytes, has 2",
     "message at byte 5: has 1 byte too many"},
    {"application_layer_protocol_negotiation", "protocol_name_list", 0, 2,
     "protocol_name_list at byte 2: needs 6 bytes, has 5",
     "ProtocolName at byte 6: needs 1 byte, has 0"},
    {"application_layer_protocol_negotiation", "ProtocolName", 2, 1,
     "ProtocolName at byte 7: needs 120 bytes, has 0",
     "ProtocolName at byte 5: needs 50 bytes, has 2"},
    {"application_layer_protocol_negotiation", "ProtocolName", 5, 1,
     "ProtocolName at byte 6: needs 2 bytes, has 1",
     "ProtocolName at byte 7: needs 120 bytes, has 0"},
    {"ec_point_formats", "ec_point_format_list", 0, 1,
     "ec_point_format_list at byte 1: needs 4 bytes, has 3",
     "message at byte 3: has 1 byte too many"},
    {"psk_key_exchange_modes", "ke_modes", 0, 1,
     "ke_modes at byte 1: needs 3 bytes, has 2",
     "message at byte 2: has 1 byte too many"},
    {"cookie", "cookie", 0, 2,
     "cookie at byte 2: needs 3 bytes, has 2",
     "message at byte 3: has 1 byte too many"},
    {"renegotiation_info", "renegotiated_connection", 0, 1,
     "renegotiated_connection at byte 1: needs 3 bytes, has 2",
     "message at byte 2: has 1 byte too many"},
    {"status_request", "responder_id_list", 1, 2,
     "ResponderID at byte 6: needs 2 bytes, has 1",
     "ResponderID at byte 5: needs 1 byte, has 0"},
    {"status_request", "ResponderID", 3, 2,
     "ResponderID at byte 5: needs 2 bytes, has 1",
     "ResponderID at byte 5: needs 2 bytes, has 1"},
    {"status_request", "request_extensions", 6, 2,
     "request_extensions at byte 8: needs 3 bytes, has 2",
     "message at byte 9: has 1 byte too many"},
};
// clang-format on

/// Adds to the big-endian number at `offset`; 0xff..ff added is 1 less.
void add(Bytes& bytes, std::size_t offset, std::size_t width, unsigned addend) {
    unsigned carry = addend;
    for (std::size_t i = width; i-- > 0;) {
        carry += bytes[offset + i];
        bytes[offset + i] = static_cast<std::uint8_t>(carry & 0xffU);
        carry = (carry >> 8U) + (addend > 1 ? 0xffU : 0U);
    }
}

std::string error_after(const LengthCase& c, unsigned addend) {
    const test::MessageCase& message = test::message_case(c.message);
    Bytes bytes = test::hex(message.hex);
    add(bytes, c.offset, c.width, addend);
    const auto written = message.rewrite(bytes);
    return written ? "accepted" : describe(written.error());
}

} // namespace

TEST_CASE("a length that is one too large is refused and the error says where") {
    for (const LengthCase& c : k_lengths) {
        CAPTURE(c.message);
        CAPTURE(c.field);
        CHECK(error_after(c, 1) == c.longer);
    }
}

TEST_CASE("a length that is one too small is refused and the error says where") {
    for (const LengthCase& c : k_lengths) {
        CAPTURE(c.message);
        CAPTURE(c.field);
        CHECK(error_after(c, 0xff) == c.shorter);
    }
}
