// SPDX-License-Identifier: Apache-2.0
// Signature schemes of TLS 1.2 and 1.3 [IANA TLS SignatureScheme; RFC 5246 7.4.1.4.1]. The table is
// data/registry/signature_schemes.tsv.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tlsdoctor {

/// A scheme's number; open. In TLS 1.2 the high byte is the hash and the low byte the signature.
enum class SignatureScheme : std::uint16_t {
    rsa_pkcs1_sha1 = 0x0201,
    ecdsa_sha1 = 0x0203,
    rsa_pkcs1_sha256 = 0x0401,
    ecdsa_secp256r1_sha256 = 0x0403,
    rsa_pkcs1_sha384 = 0x0501,
    ecdsa_secp384r1_sha384 = 0x0503,
    rsa_pkcs1_sha512 = 0x0601,
    ecdsa_secp521r1_sha512 = 0x0603,
    rsa_pss_rsae_sha256 = 0x0804,
    rsa_pss_rsae_sha384 = 0x0805,
    rsa_pss_rsae_sha512 = 0x0806,
    ed25519 = 0x0807,
    ed448 = 0x0808,
};

/// A row of the table; the text lives as long as the program.
struct SignatureSchemeInfo {
    SignatureScheme id{};
    std::string_view name{};
};

/// Returns the whole table, by number.
std::span<const SignatureSchemeInfo> signature_schemes();

/// Returns the registry's name, or `0x1a1a`.
std::string name_of(SignatureScheme scheme);

} // namespace tlsdoctor
