// SPDX-License-Identifier: Apache-2.0
// All TLS cipher suites with IANA's and OpenSSL's names and what each is made of, and the cipher
// kinds of SSL 2.0. The tables are data/registry/cipher_suites.tsv and ssl2_cipher_kinds.tsv.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "registry/version.hpp"

namespace tlsdoctor {

/// A cipher suite's number [IANA TLS Cipher Suites]; open: GREASE and private numbers survive.
enum class CipherSuite : std::uint16_t {
    TLS_EMPTY_RENEGOTIATION_INFO_SCSV = 0x00ff,
    TLS_AES_128_GCM_SHA256 = 0x1301,
    TLS_AES_256_GCM_SHA384 = 0x1302,
    TLS_CHACHA20_POLY1305_SHA256 = 0x1303,
    TLS_FALLBACK_SCSV = 0x5600,
};

/// How the keys of a session are agreed.
enum class KeyExchange : std::uint8_t {
    none,
    rsa,
    dh,
    dhe,
    ecdh,
    ecdhe,
    psk,
    dhe_psk,
    ecdhe_psk,
    rsa_psk,
    krb5,
    srp,
    gost,
    tls13,
    eccpwd,
    other
};

/// What proves who the server is.
enum class Authentication : std::uint8_t {
    none,
    rsa,
    dss,
    ecdsa,
    anonymous,
    psk,
    krb5,
    srp,
    gost,
    tls13,
    other
};

/// One word of judgement, worst first. `broken`: no protection (NULL, anonymous, EXPORT, DES, RC4,
/// MD2); `weak`: known attacks or no forward secrecy worth the name (3DES, IDEA, SEED, static RSA,
/// CBC with SHA-1); `fine`: AEAD with forward secrecy.
enum class Strength : std::uint8_t { broken, weak, fine };

/// A row of the table; the texts live as long as the program.
struct CipherSuiteInfo {
    CipherSuite id{};
    std::string_view name{}; ///< IANA's, `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`
    std::string_view openssl_name{
    }; ///< `ECDHE-RSA-AES128-GCM-SHA256`, empty where OpenSSL has none
    KeyExchange key_exchange{};
    Authentication authentication{};
    std::string_view encryption{}; ///< `AES_128_GCM`, `NULL`
    std::string_view mac{};        ///< `AEAD`, `SHA`, `SHA256`, `MD5`
    std::uint16_t bits{};          ///< strength of the encryption's key in bits; 0 for NULL
    bool forward_secrecy{};
    Strength strength{};
    ProtocolVersion first_version{
    }; ///< the lowest version that can negotiate it; none: only TLCP can
    ProtocolVersion last_version{}; ///< the highest one
};

/// Returns the whole table, by number; signalling values (SCSV) are not in it.
std::span<const CipherSuiteInfo> cipher_suites();

/// Returns the row, or null for an unknown number.
const CipherSuiteInfo* find(CipherSuite suite);

/// Returns IANA's name, or `0x1a1a`.
std::string name_of(CipherSuite suite);

/// A cipher kind of SSL 2.0: three bytes [SSL 2.0 draft 02, C.4].
struct Ssl2CipherKind {
    std::uint32_t id{}; ///< 0x010080 ...
    std::string_view name{};
    std::uint16_t bits{}; ///< effective key bits
};

/// Returns all seven kinds and the ones seen in the field.
std::span<const Ssl2CipherKind> ssl2_cipher_kinds();

} // namespace tlsdoctor
