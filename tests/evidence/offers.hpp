// SPDX-License-Identifier: Apache-2.0
// Offers for the tests of factors and pairs: short ones, written out, which have every factor in
// two values.
#pragma once

#include "evidence/offer.hpp"

namespace tlsdoctor::evidence::testing {

inline constexpr auto k_tls_1_0 = ProtocolVersion::tls_1_0;
inline constexpr auto k_tls_1_2 = ProtocolVersion::tls_1_2;
inline constexpr auto k_tls_1_3 = ProtocolVersion::tls_1_3;

/// TLS 1.2 alone, in 200 bytes.
inline Offer older() {
    return {
        .versions = {k_tls_1_2},
        .shape = Shape::composed,
        .cipher_suites = {CipherSuite{0xc02f}, CipherSuite{0x009e}},
        .groups = {NamedGroup::x25519, NamedGroup::secp256r1},
        .sni = "a.example",
        .legacy_version = k_tls_1_2,
        .record_version = k_tls_1_0,
        .signature_algorithms = {SignatureScheme{0x0403}, SignatureScheme{0x0804}},
        .extensions = {ExtensionType::ec_point_formats},
        .renegotiation = Renegotiation::scsv,
        .size = 200,
    };
}

/// TLS 1.3 and 1.2 with everything that can be said, and no value of a factor that `older` has.
inline Offer newer() {
    return {
        .versions = {k_tls_1_3, k_tls_1_2},
        .shape = Shape::composed,
        .cipher_suites = {CipherSuite{0x1301}, CipherSuite{0x1303}, CipherSuite{0xc02b}},
        .groups = {NamedGroup::X25519MLKEM768, NamedGroup::x25519, NamedGroup::secp384r1},
        .sni = "b.example",
        .legacy_version = k_tls_1_2,
        .record_version = k_tls_1_2,
        .key_shares = {NamedGroup::X25519MLKEM768, NamedGroup::x25519},
        .signature_algorithms = {SignatureScheme{0x0804}, SignatureScheme{0x0401}},
        .alpn = {"h2", "http/1.1"},
        .extensions = {ExtensionType::ec_point_formats, ExtensionType::session_ticket},
        .renegotiation = Renegotiation::extension,
        .segmentation = Segmentation::two_records,
        .extended_master_secret = true,
        .grease = true,
        .compression = true,
        .fallback_scsv = true,
        .proxy_header = true,
        .size = 1700,
    };
}

/// TLS 1.3 alone, as the first shape asks for it.
inline Offer newest() {
    return {
        .versions = {k_tls_1_3},
        .shape = Shape::openssl,
        .cipher_suites = {CipherSuite{0x1302}, CipherSuite{0x1301}},
        .groups = {NamedGroup::x25519, NamedGroup::secp256r1},
        .legacy_version = k_tls_1_2,
        .record_version = k_tls_1_0,
        .key_shares = {NamedGroup::x25519},
        .signature_algorithms = {SignatureScheme{0x0403}},
        .extensions = {ExtensionType::ec_point_formats},
        .renegotiation = Renegotiation::scsv,
        .extended_master_secret = true,
        .size = 250,
    };
}

/// TLS 1.0 without any list that came later.
inline Offer oldest() {
    return {
        .versions = {k_tls_1_0},
        .shape = Shape::openssl,
        .cipher_suites = {CipherSuite{0x002f}},
        .groups = {NamedGroup::secp256r1},
        .legacy_version = k_tls_1_0,
        .record_version = k_tls_1_0,
        .size = 100,
    };
}

} // namespace tlsdoctor::evidence::testing
