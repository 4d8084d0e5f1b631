// SPDX-License-Identifier: Apache-2.0
// HKDF is HMAC in a loop; OpenSSL's KDF object would need more lines than that.
#include "crypto/key_schedule.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <openssl/hmac.h>

#include "base/assume.hpp"
#include "crypto/openssl.hpp"
#include "wire/writer.hpp"

namespace tlsdoctor::crypto {

namespace {

constexpr std::size_t k_iv = 12; // RFC 8446 5.3: the larger of 8 bytes and N_MIN, 12 for all suites

/// A suite of RFC 8446 B.4.
struct Suite {
    CipherSuite id{};
    SuiteParts parts{};
};

constexpr std::array k_suites = {
    Suite{CipherSuite::TLS_AES_128_GCM_SHA256, {Hash::sha256, Aead::aes_128_gcm}},
    Suite{CipherSuite::TLS_AES_256_GCM_SHA384, {Hash::sha384, Aead::aes_256_gcm}},
    Suite{CipherSuite::TLS_CHACHA20_POLY1305_SHA256, {Hash::sha256, Aead::chacha20_poly1305}},
    Suite{CipherSuite{0x1304}, {Hash::sha256, Aead::aes_128_ccm}},
    Suite{CipherSuite{0x1305}, {Hash::sha256, Aead::aes_128_ccm_8}},
};

const EVP_MD* algorithm(Hash hash) {
    return hash == Hash::sha256 ? EVP_sha256() : EVP_sha384();
}

Bytes hmac(Hash hash, ByteView key, ByteView data) {
    Bytes code(size_of(hash));
    // A key of no bytes must not be a null pointer: that would mean the key of the last call.
    const std::uint8_t none = 0;
    const bool done =
        HMAC(
            algorithm(hash), key.empty() ? &none : key.data(), static_cast<int>(key.size()),
            data.data(), data.size(), code.data(), nullptr
        ) != nullptr;
    assume(done, "HMAC is always there");
    return code;
}

/// HKDF-Expand [RFC 5869 2.3].
Bytes hkdf_expand(Hash hash, ByteView secret, ByteView info, std::size_t length) {
    assume(length <= 255 * size_of(hash), "HKDF gives at most 255 hashes");
    Bytes result;
    Bytes block;
    for (std::uint8_t counter = 1; result.size() < length; ++counter) {
        block.insert(block.end(), info.begin(), info.end());
        block.push_back(counter);
        block = hmac(hash, secret, block);
        result.insert(result.end(), block.begin(), block.end());
    }
    result.resize(length);
    return result;
}

} // namespace

std::optional<SuiteParts> parts_of(CipherSuite suite) {
    const auto* const at = std::ranges::find(k_suites, suite, &Suite::id);
    return at == k_suites.end() ? std::nullopt : std::optional(at->parts);
}

std::size_t size_of(Hash hash) {
    return hash == Hash::sha256 ? 32 : 48;
}

std::size_t key_size_of(Aead aead) {
    return aead == Aead::aes_256_gcm || aead == Aead::chacha20_poly1305 ? 32 : 16;
}

Bytes digest(Hash hash, ByteView data) {
    start_crypto();
    Bytes result(size_of(hash));
    const int done =
        EVP_Digest(data.data(), data.size(), result.data(), nullptr, algorithm(hash), nullptr);
    assume(done == 1, "SHA-2 is always there");
    return result;
}

Bytes hkdf_extract(Hash hash, ByteView salt, ByteView input) {
    start_crypto();
    return hmac(hash, salt, input);
}

Bytes hkdf_expand_label(
    Hash hash, ByteView secret, std::string_view label, ByteView context, std::size_t length
) {
    start_crypto();
    const std::string whole = "tls13 " + std::string(label);
    wire::Writer info;
    info.number(static_cast<std::uint16_t>(length));
    info.opaque(1, as_bytes(whole));
    info.opaque(1, context);
    return hkdf_expand(hash, secret, info.take(), length);
}

HandshakeSecrets handshake_secrets(Hash hash, ByteView shared_secret, ByteView transcript_hash) {
    const std::size_t size = size_of(hash);
    const Bytes zeros(size, 0); // RFC 8446 7.1: "0" is a string of Hash.length zero bytes
    const Bytes early = hkdf_extract(hash, zeros, zeros);
    const Bytes derived = hkdf_expand_label(hash, early, "derived", digest(hash, {}), size);
    const Bytes handshake = hkdf_extract(hash, derived, shared_secret);
    return {
        .client = hkdf_expand_label(hash, handshake, "c hs traffic", transcript_hash, size),
        .server = hkdf_expand_label(hash, handshake, "s hs traffic", transcript_hash, size),
    };
}

TrafficKey traffic_key(const SuiteParts& suite, ByteView secret) {
    return {
        .key = hkdf_expand_label(suite.hash, secret, "key", {}, key_size_of(suite.aead)),
        .iv = hkdf_expand_label(suite.hash, secret, "iv", {}, k_iv),
    };
}

} // namespace tlsdoctor::crypto
