// SPDX-License-Identifier: Apache-2.0
// GnuTLS' words as tables, asked of GnuTLS 3.7.9 itself (gnutls_priority_*_list); see the header.
#include "config/gnutls_words.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view k_gnutls_ciphers[] = {
    "AES-256-CBC",
    "AES-192-CBC",
    "AES-128-CBC",
    "AES-128-GCM",
    "AES-192-GCM",
    "AES-256-GCM",
    "AES-128-CCM",
    "AES-256-CCM",
    "AES-128-CCM-8",
    "AES-256-CCM-8",
    "ARCFOUR-128",
    "ESTREAM-SALSA20-256",
    "SALSA20-256",
    "CHACHA20-32",
    "CHACHA20-64",
    "CAMELLIA-256-CBC",
    "CAMELLIA-192-CBC",
    "CAMELLIA-128-CBC",
    "CHACHA20-POLY1305",
    "CAMELLIA-128-GCM",
    "CAMELLIA-256-GCM",
    "GOST28147-TC26Z-CFB",
    "GOST28147-CPA-CFB",
    "GOST28147-CPB-CFB",
    "GOST28147-CPC-CFB",
    "GOST28147-CPD-CFB",
    "AES-128-CFB8",
    "AES-192-CFB8",
    "AES-256-CFB8",
    "AES-128-XTS",
    "AES-256-XTS",
    "AES-128-SIV",
    "AES-256-SIV",
    "GOST28147-TC26Z-CNT",
    "MAGMA-CTR-ACPKM",
    "KUZNYECHIK-CTR-ACPKM",
    "3DES-CBC",
    "DES-CBC",
    "RC2-40",
    "NULL",
};
constexpr std::string_view k_gnutls_macs[] = {
    "SHA1",         "SHA256",
    "SHA384",       "SHA512",
    "SHA224",       "UMAC-96",
    "UMAC-128",     "AEAD",
    "MD5",          "GOSTR341194",
    "STREEBOG-256", "STREEBOG-512",
    "AES-CMAC-128", "AES-CMAC-256",
    "AES-GMAC-128", "AES-GMAC-192",
    "AES-GMAC-256", "GOST28147-TC26Z-IMIT",
    "OMAC-MAGMA",   "OMAC-KUZNYECHIK",
};
constexpr std::string_view k_gnutls_exchanges[] = {
    "ECDHE-RSA", "ECDHE-ECDSA", "RSA",         "DHE-RSA",    "DHE-DSS", "PSK",
    "RSA-PSK",   "DHE-PSK",     "ECDHE-PSK",   "SRP-DSS",    "SRP-RSA", "SRP",
    "ANON-DH",   "ANON-ECDH",   "VKO-GOST-12", "RSA-EXPORT",
};
constexpr std::string_view k_gnutls_groups[] = {
    "SECP192R1", "SECP224R1", "SECP256R1", "SECP384R1", "SECP521R1", "X25519",    "GC256B",
    "GC512A",    "X448",      "FFDHE2048", "FFDHE3072", "FFDHE4096", "FFDHE6144", "FFDHE8192",
};
constexpr std::string_view k_gnutls_signatures[] = {
    "RSA-SHA256",
    "RSA-SHA384",
    "RSA-SHA512",
    "RSA-PSS-SHA256",
    "RSA-PSS-RSAE-SHA256",
    "RSA-PSS-SHA384",
    "RSA-PSS-RSAE-SHA384",
    "RSA-PSS-SHA512",
    "RSA-PSS-RSAE-SHA512",
    "EdDSA-Ed25519",
    "EdDSA-Ed448",
    "ECDSA-SHA256",
    "ECDSA-SHA384",
    "ECDSA-SHA512",
    "ECDSA-SECP256R1-SHA256",
    "ECDSA-SECP384R1-SHA384",
    "ECDSA-SECP521R1-SHA512",
    "ECDSA-SHA3-224",
    "ECDSA-SHA3-256",
    "ECDSA-SHA3-384",
    "ECDSA-SHA3-512",
    "RSA-SHA3-224",
    "RSA-SHA3-256",
    "RSA-SHA3-384",
    "RSA-SHA3-512",
    "DSA-SHA3-224",
    "DSA-SHA3-256",
    "DSA-SHA3-384",
    "DSA-SHA3-512",
    "RSA-RAW",
    "RSA-SHA1",
    "RSA-SHA224",
    "RSA-RMD160",
    "DSA-SHA1",
    "DSA-SHA224",
    "DSA-SHA256",
    "RSA-MD5",
    "RSA-MD2",
    "ECDSA-SHA1",
    "ECDSA-SHA224",
    "GOSTR341012-512",
    "GOSTR341012-256",
    "GOSTR341001",
    "DSA-SHA384",
    "DSA-SHA512",
};

constexpr std::string_view k_normal_ciphers[] = {
    "AES-256-GCM", "CHACHA20-POLY1305", "AES-256-CCM", "AES-256-CBC",
    "AES-128-GCM", "AES-128-CCM",       "AES-128-CBC",
};
constexpr std::string_view k_performance_ciphers[] = {
    "AES-128-GCM", "AES-256-GCM", "CHACHA20-POLY1305", "AES-128-CCM",
    "AES-256-CCM", "AES-128-CBC", "AES-256-CBC",
};
constexpr std::string_view k_secure128_ciphers[] = {
    "AES-256-GCM", "CHACHA20-POLY1305", "AES-256-CBC", "AES-256-CCM",
    "AES-128-GCM", "AES-128-CBC",       "AES-128-CCM",
};
constexpr std::string_view k_secure192_ciphers[] = {
    "AES-256-GCM",
    "CHACHA20-POLY1305",
    "AES-256-CBC",
    "AES-256-CCM",
};
constexpr std::string_view k_suiteb_ciphers[] = {"AES-256-GCM", "AES-128-GCM"};
constexpr std::string_view k_normal_macs[] = {"SHA1", "AEAD"};
constexpr std::string_view k_aead_alone[] = {"AEAD"};
constexpr std::string_view k_secure_exchanges[] = {"ECDHE-ECDSA", "ECDHE-RSA", "RSA", "DHE-RSA"};
constexpr std::string_view k_performance_exchanges[] = {
    "RSA", "ECDHE-ECDSA", "ECDHE-RSA", "DHE-RSA"
};
constexpr std::string_view k_pfs_exchanges[] = {"ECDHE-ECDSA", "ECDHE-RSA", "DHE-RSA"};
constexpr std::string_view k_suiteb_exchanges[] = {"ECDHE-ECDSA"};
constexpr std::string_view k_normal_groups[] = {
    "SECP256R1", "SECP384R1", "SECP521R1", "X25519",    "X448",
    "FFDHE2048", "FFDHE3072", "FFDHE4096", "FFDHE6144", "FFDHE8192",
};
constexpr std::string_view k_secure192_groups[] = {"SECP384R1", "SECP521R1", "FFDHE8192"};
constexpr std::string_view k_suiteb128_groups[] = {"SECP256R1", "SECP384R1"};
constexpr std::string_view k_suiteb192_groups[] = {"SECP384R1"};
constexpr std::string_view k_gost_groups[] = {"GC256B", "GC512A"};
constexpr std::string_view k_normal_signatures[] = {
    "RSA-SHA256",   "RSA-PSS-SHA256",         "RSA-PSS-RSAE-SHA256",
    "ECDSA-SHA256", "ECDSA-SECP256R1-SHA256", "EdDSA-Ed25519",
    "RSA-SHA384",   "RSA-PSS-SHA384",         "RSA-PSS-RSAE-SHA384",
    "ECDSA-SHA384", "ECDSA-SECP384R1-SHA384", "EdDSA-Ed448",
    "RSA-SHA512",   "RSA-PSS-SHA512",         "RSA-PSS-RSAE-SHA512",
    "ECDSA-SHA512", "ECDSA-SECP521R1-SHA512", "RSA-SHA1",
    "ECDSA-SHA1",
};
constexpr Names k_secure128_signatures = Names{k_normal_signatures}.first(17);
constexpr Names k_secure192_signatures = k_secure128_signatures.subspan(6);
constexpr std::string_view k_suiteb128_signatures[] = {
    "ECDSA-SHA256", "ECDSA-SECP256R1-SHA256", "ECDSA-SHA384", "ECDSA-SECP384R1-SHA384"
};
constexpr std::string_view k_suiteb192_signatures[] = {"ECDSA-SHA384", "ECDSA-SECP384R1-SHA384"};
constexpr std::string_view k_gost_signatures[] = {"GOSTR341012-256", "GOSTR341012-512"};

constexpr GnutlsLevel k_gnutls_levels[] = {
    {"NORMAL", "LEGACY", k_normal_ciphers, k_normal_macs, k_secure_exchanges, k_normal_groups,
     k_normal_signatures, false},
    {"PERFORMANCE", "", k_performance_ciphers, k_normal_macs, k_performance_exchanges,
     k_normal_groups, k_normal_signatures, false},
    {"PFS", "", k_normal_ciphers, k_normal_macs, k_pfs_exchanges, k_normal_groups,
     k_normal_signatures, false},
    {"SECURE128", "SECURE", k_secure128_ciphers, k_normal_macs, k_secure_exchanges, k_normal_groups,
     k_secure128_signatures, false},
    {"SECURE192", "SECURE256", k_secure192_ciphers, k_aead_alone, k_secure_exchanges,
     k_secure192_groups, k_secure192_signatures, false},
    {"SUITEB128", "", k_suiteb_ciphers, k_aead_alone, k_suiteb_exchanges, k_suiteb128_groups,
     k_suiteb128_signatures, true},
    {"SUITEB192", "", Names{k_suiteb_ciphers}.first(1), k_aead_alone, k_suiteb_exchanges,
     k_suiteb192_groups, k_suiteb192_signatures, true},
};

constexpr GnutlsBulk k_gnutls_bulks[] = {
    {"CIPHER-ALL", GnutlsList::ciphers, k_normal_ciphers, true},
    {"MAC-ALL", GnutlsList::macs, k_normal_macs, true},
    {"KX-ALL", GnutlsList::exchanges, k_secure_exchanges, true},
    {"GROUP-ALL", GnutlsList::groups, k_normal_groups, true},
    {"CURVE-ALL", GnutlsList::groups, k_normal_groups, true},
    {"GROUP-EC-ALL", GnutlsList::groups, Names{k_normal_groups}.first(5), false},
    {"GROUP-DH-ALL", GnutlsList::groups, Names{k_normal_groups}.subspan(5), false},
    {"GROUP-GOST-ALL", GnutlsList::groups, k_gost_groups, false},
    {"SIGN-ALL", GnutlsList::signatures, k_normal_signatures, true},
    {"SIGN-GOST-ALL", GnutlsList::signatures, k_gost_signatures, false},
    {"CIPHER-GOST-ALL", GnutlsList::ciphers, Names{k_gnutls_ciphers}.subspan(33, 1), false},
    {"MAC-GOST-ALL", GnutlsList::macs, Names{k_gnutls_macs}.subspan(17, 1), false},
    {"KX-GOST-ALL", GnutlsList::exchanges, Names{k_gnutls_exchanges}.subspan(14, 1), false},
};

constexpr std::string_view k_gnutls_options[] = {
    "COMPAT",
    "DUMBFW",
    "NO_EXTENSIONS",
    "ALLOW_SMALL_RECORDS",
    "NO_ETM",
    "FORCE_ETM",
    "NO_TICKETS",
    "NO_TICKETS_TLS12",
    "NO_SESSION_HASH",
    "STATELESS_COMPRESSION",
    "VERIFY_ALLOW_BROKEN",
    "VERIFY_ALLOW_SIGN_RSA_MD5",
    "VERIFY_ALLOW_SIGN_WITH_SHA1",
    "VERIFY_DISABLE_CRL_CHECKS",
    "VERIFY_ALLOW_X509_V1_CA_CRT",
    "SSL3_RECORD_VERSION",
    "LATEST_RECORD_VERSION",
    "SAFE_RENEGOTIATION",
    "UNSAFE_RENEGOTIATION",
    "PARTIAL_RENEGOTIATION",
    "DISABLE_SAFE_RENEGOTIATION",
    "DISABLE_TLS13_COMPAT_MODE",
    "DISABLE_WILDCARDS",
    "SERVER_PRECEDENCE",
    "FALLBACK_SCSV",
    "PROFILE_VERY_WEAK",
    "PROFILE_LOW",
    "PROFILE_LEGACY",
    "PROFILE_MEDIUM",
    "PROFILE_HIGH",
    "PROFILE_ULTRA",
    "PROFILE_FUTURE",
    "PROFILE_SUITEB128",
    "PROFILE_SUITEB192",
};

constexpr std::string_view k_gnutls_version_words[] = {
    "TLS1.3", "TLS1.2", "TLS1.1", "TLS1.0", "SSL3.0", "DTLS1.2", "DTLS1.0", "DTLS0.9",
};

bool gnutls_has(Names names, std::string_view word) {
    return std::ranges::any_of(names, [&](std::string_view name) {
        return same_ignoring_case(name, word);
    });
}

} // namespace

std::span<const std::string_view> gnutls_names(GnutlsList list) {
    switch (list) {
    case GnutlsList::ciphers:
        return k_gnutls_ciphers;
    case GnutlsList::macs:
        return k_gnutls_macs;
    case GnutlsList::exchanges:
        return k_gnutls_exchanges;
    case GnutlsList::groups:
        return k_gnutls_groups;
    case GnutlsList::signatures:
        return k_gnutls_signatures;
    }
    return {};
}

const GnutlsLevel* gnutls_level(std::string_view name) {
    const auto level = std::ranges::find_if(k_gnutls_levels, [&](const GnutlsLevel& one) {
        return same_ignoring_case(one.name, name) ||
               (!one.alias.empty() && same_ignoring_case(one.alias, name));
    });
    return level == std::end(k_gnutls_levels) ? nullptr : &*level;
}

const GnutlsBulk* gnutls_bulk(std::string_view word) {
    const auto bulk = std::ranges::find_if(k_gnutls_bulks, [&](const GnutlsBulk& one) {
        return same_ignoring_case(one.word, word);
    });
    return bulk == std::end(k_gnutls_bulks) ? nullptr : &*bulk;
}

bool gnutls_option(std::string_view word) {
    return std::ranges::find(k_gnutls_options, word) != std::end(k_gnutls_options);
}

bool gnutls_version(std::string_view word) {
    return gnutls_has(k_gnutls_version_words, word);
}

std::string_view gnutls_name(GnutlsList list, std::string_view word) {
    for (const std::string_view name : gnutls_names(list)) {
        if (same_ignoring_case(name, word)) {
            return name;
        }
    }
    return {};
}

} // namespace tlsdoctor::config
