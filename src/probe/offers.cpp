// SPDX-License-Identifier: Apache-2.0
// The lists as bare numbers, one line for one family; data/registry/cipher_suites.tsv has their
// names.
#include "probe/offers.hpp"

#include <array>

namespace tlsdoctor::probe {

namespace {

template <typename T, std::size_t N>
constexpr std::array<T, N> listed(const std::uint16_t (&numbers)[N]) {
    std::array<T, N> list{};
    for (std::size_t i = 0; i < N; ++i) {
        list[i] = static_cast<T>(numbers[i]);
    }
    return list;
}

// clang-format off
constexpr auto k_tls_1_3_suites = listed<CipherSuite>({
    0x1301, 0x1302, 0x1303, 0x1304, 0x1305, // AES-GCM, ChaCha20-Poly1305, AES-CCM
    0x00c6, 0x00c7,                         // SM4 [RFC 8998]
});

constexpr auto k_tls_1_2_suites = listed<CipherSuite>({
    0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,         // ECDHE with AES-GCM, ChaCha20-Poly1305
    0xc0ac, 0xc0ad, 0xc0ae, 0xc0af,                         // ECDHE-ECDSA with AES-CCM
    0xc023, 0xc027, 0xc024, 0xc028, 0xc009, 0xc013, 0xc00a, 0xc014, // ECDHE with AES-CBC
    0x009e, 0x009f, 0xccaa, 0xc09e, 0xc09f,                 // DHE-RSA with AEAD
    0x00a2, 0x00a3,                                         // DHE-DSS with AES-GCM
    0x0067, 0x006b, 0x0033, 0x0039, 0x0040, 0x006a, 0x0032, 0x0038, // DHE with AES-CBC
    0x009c, 0x009d, 0xc09c, 0xc09d, 0xc0a0, 0xc0a1,         // RSA with AEAD
    0x003c, 0x003d, 0x002f, 0x0035,                         // RSA with AES-CBC
    0xc02d, 0xc02e, 0xc031, 0xc032, 0xc004, 0xc005, 0xc00e, 0xc00f, // static ECDH
    0xc05c, 0xc05d, 0xc060, 0xc061, 0xc050, 0xc051, 0xc052, 0xc053, // ARIA-GCM
    0xc086, 0xc087, 0xc08a, 0xc08b, 0xc07a, 0xc07b, 0xc07c, 0xc07d, // Camellia-GCM
    0xc072, 0xc073, 0xc076, 0xc077, 0x0041, 0x0084, 0x0045, 0x0088, // Camellia-CBC
    0x0096, 0x009a, 0xc008, 0xc012, 0x000a, 0x0016, 0x0013, // SEED, 3DES
    0xc007, 0xc011, 0x0005, 0x0004,                         // RC4
    0xc100, 0xc101, 0xc102, 0x0081,                         // GOST
    0x00a8, 0x00a9, 0xc035, 0xc036, 0x008c, 0x008d, 0xccac, // PSK
    0x006c, 0x006d, 0x00a6, 0x00a7, 0x0034, 0x003a, 0xc018, 0xc019, // anonymous
    0x003b, 0x0002, 0x0001, 0xc006, 0xc010,                 // NULL
});

// For TLS 1.0 and 1.1, and few enough for a hello of less than 256 bytes.
constexpr auto k_tls_1_0_suites = listed<CipherSuite>({
    0xc009, 0xc013, 0xc00a, 0xc014, 0x0033, 0x0039, 0x002f, 0x0035, // AES-CBC: ECDHE, DHE-RSA, RSA
    0x0032, 0x0038, 0xc004, 0xc005, 0xc00e, 0xc00f,         // DHE-DSS, static ECDH
    0xc008, 0xc012, 0x0016, 0x0013, 0x000a, 0xc003, 0xc00d, // 3DES
    0x0041, 0x0084, 0x0045, 0x0088, 0x0096, 0x009a, 0x0007, // Camellia, SEED, IDEA
    0xc007, 0xc011, 0x0005, 0x0004,                         // RC4
    0x0015, 0x0009, 0x0014, 0x0008, 0x0006, 0x0003, 0x0062, 0x0064, // DES, EXPORT
    0x0034, 0x003a, 0xc018, 0xc019, 0x0018,                 // anonymous
    0x008c, 0xc035, 0x0081, 0x0002, 0x0001,                 // PSK, GOST, NULL
});

constexpr auto k_ssl_3_0 = listed<CipherSuite>({
    0x000a, 0x0016, 0x0013, 0x0005, 0x0004, 0x0007, 0x002f, 0x0035, // 3DES, RC4, IDEA, AES-CBC
    0x0033, 0x0039, 0x0032, 0x0038, 0xc013, 0xc014, 0xc009, 0xc00a, // DHE and ECDHE with AES-CBC
    0xc012, 0xc008, 0xc011, 0xc007, 0x0041, 0x0084, 0x0096,
    0x0015, 0x0009, 0x0012, 0x0014, 0x0011, 0x0008, 0x0006, 0x0003, // DES, EXPORT
    0x0062, 0x0064, 0x001b, 0x0018, 0x0034, 0x003a,         // anonymous
    0x0002, 0x0001,                                         // NULL
});

// The second shape leads with what browsers led with and then widens, so that it differs in order too.
constexpr auto k_browser_tls_1_3 = listed<CipherSuite>({0x1301, 0x1303, 0x1302, 0x1305, 0x1304});

// Few enough for a hello of less than 256 bytes, where the first shape's has more than 512: a device that
// chokes on size must not look like a server that refuses the version.
constexpr auto k_browser_tls_1_2 = listed<CipherSuite>({
    0xc02b, 0xc02f, 0xcca9, 0xcca8, 0xc02c, 0xc030, 0xc00a, 0xc009, 0xc013, 0xc014,
    0x009c, 0x009d, 0x002f, 0x0035, 0x000a, 0x009e, 0x009f, 0x0033, 0x0039,
    0xc023, 0xc027, 0x003c, 0x003d, 0x0032, 0x0005,
});

constexpr auto k_browser_tls_1_0 = listed<CipherSuite>({
    0xc014, 0xc00a, 0x0039, 0x0038, 0xc00f, 0xc005, 0x0035, 0xc013, 0xc009, 0x0033, 0x0032,
    0xc00e, 0xc004, 0x002f, 0x0088, 0x0084, 0x0045, 0x0041, 0x0096, 0xc012, 0xc008, 0x0016,
    0x0013, 0xc00d, 0xc003, 0x000a, 0xc011, 0xc007, 0x0005, 0x0004, 0x0015, 0x0009, 0x0014,
    0x0006, 0x0003, 0x0034, 0x003a, 0x0018, 0x008c, 0x0002, 0x0001,
});

constexpr auto k_browser_ssl_3_0 = listed<CipherSuite>({
    0x0004, 0x0005, 0x000a, 0x0009, 0x0064, 0x0062, 0x0003, 0x0006, 0x0013, 0x0012, 0x0063,
    0x0016, 0x0015, 0x002f, 0x0035, 0x0033, 0x0039, 0x0018, 0x0002, 0x0001,
});

// Static RSA: the certificate is sent, nothing is signed. Without EXPORT, which signs a small key.
constexpr auto k_cheap_tls_1_2 = listed<CipherSuite>({
    0x009c, 0x009d, 0x003c, 0x003d, 0x002f, 0x0035,         // AES-GCM, AES-CBC
    0xc09c, 0xc09d, 0xc0a0, 0xc0a1, 0xc050, 0xc051,         // AES-CCM, ARIA-GCM
    0xc07a, 0xc07b, 0x0041, 0x0084, 0x0096, 0x000a,         // Camellia, SEED, 3DES
    0x0005, 0x0004, 0x003b, 0x0002, 0x0001,                 // RC4, NULL
});
constexpr auto k_cheap_tls_1_0 = listed<CipherSuite>({
    0x002f, 0x0035, 0x0041, 0x0084, 0x0096, 0x000a, 0x0007, // AES, Camellia, SEED, 3DES, IDEA
    0x0005, 0x0004, 0x0009, 0x0002, 0x0001,                 // RC4, DES, NULL
});
constexpr auto k_groups = listed<NamedGroup>({
    0x001d, 0x0017, 0x001e, 0x0019, 0x0018,         // x25519, secp256r1, x448, secp521r1, secp384r1
    0x001a, 0x001b, 0x001c, 0x0016, 0x0015, 0x0013, // brainpool, secp256k1, secp224r1, secp192r1
    0x0100, 0x0101, 0x0102, 0x0103, 0x0104,         // ffdhe
});

constexpr auto k_old_groups = listed<NamedGroup>({0x001d, 0x0017, 0x0018, 0x0019, 0x0015, 0x0013});

constexpr auto k_tls_1_3_groups = listed<NamedGroup>({
    0x001d, 0x0017, 0x001e, 0x0019, 0x0018, 0x001f, 0x0020, 0x0021, 0x0100, 0x0101, 0x0102,
});

constexpr auto k_browser_groups = listed<NamedGroup>({0x001d, 0x0017, 0x0018, 0x0019, 0x0100, 0x0101});

constexpr auto k_signature_schemes = listed<SignatureScheme>({
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x081a, 0x081b, 0x081c, // ECDSA, EdDSA, brainpool
    0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806,                 // RSA-PSS
    0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602, // PKCS #1, SHA-224, DSA
    0x0203, 0x0201, 0x0202,                                         // SHA-1
});

constexpr auto k_browser_signature_schemes = listed<SignatureScheme>({
    0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0603, 0x0203, 0x0201,
});

// SSL 2.0 draft 02, C.4: RC4, RC4 export, RC2, RC2 export, IDEA, DES, 3DES.
constexpr std::array<std::uint32_t, 7> k_ssl2 = {
    0x010080, 0x0700c0, 0x050080, 0x030080, 0x060040, 0x020080, 0x040080,
};
// clang-format on

} // namespace

std::span<const CipherSuite> suites_for(ProtocolVersion version, evidence::Shape shape) {
    const bool browser = shape == evidence::Shape::browser;
    const bool cheap = shape == evidence::Shape::cheap;
    if (cheap && version < ProtocolVersion::tls_1_3) {
        return version == ProtocolVersion::tls_1_2 ? std::span<const CipherSuite>(k_cheap_tls_1_2)
                                                   : k_cheap_tls_1_0;
    }
    if (version >= ProtocolVersion::tls_1_3) {
        return browser ? std::span<const CipherSuite>(k_browser_tls_1_3) : k_tls_1_3_suites;
    }
    if (version == ProtocolVersion::tls_1_2) {
        return browser ? std::span<const CipherSuite>(k_browser_tls_1_2) : k_tls_1_2_suites;
    }
    if (version == ProtocolVersion::ssl_3_0) {
        return browser ? std::span<const CipherSuite>(k_browser_ssl_3_0) : k_ssl_3_0;
    }
    return browser ? std::span<const CipherSuite>(k_browser_tls_1_0) : k_tls_1_0_suites;
}

std::span<const NamedGroup> groups_for(ProtocolVersion version, evidence::Shape shape) {
    if (shape == evidence::Shape::browser) {
        return k_browser_groups;
    }
    if (version >= ProtocolVersion::tls_1_3) {
        return k_tls_1_3_groups;
    }
    const bool many = version == ProtocolVersion::tls_1_2 && shape != evidence::Shape::cheap;
    return many ? std::span<const NamedGroup>(k_groups) : k_old_groups;
}

std::span<const SignatureScheme> signature_schemes_for(evidence::Shape shape) {
    return shape == evidence::Shape::browser
               ? std::span<const SignatureScheme>(k_browser_signature_schemes)
               : k_signature_schemes;
}

std::span<const std::uint32_t> ssl2_cipher_kinds_offered() {
    return k_ssl2;
}

} // namespace tlsdoctor::probe
