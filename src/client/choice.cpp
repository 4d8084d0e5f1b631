// SPDX-License-Identifier: Apache-2.0
// The words of evidence about certificates, read back.
#include "client/choice.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/text.hpp"

namespace tlsdoctor::client {

std::optional<CertificateKey> certificate_key(std::string_view text) {
    struct Curve {
        std::string_view name{};
        NamedGroup group{};
        std::uint32_t bits{};
    };
    constexpr Curve curves[] = {
        {"P-256", NamedGroup::secp256r1, 256},
        {"P-384", NamedGroup::secp384r1, 384},
        {"P-521", NamedGroup::secp521r1, 521},
        {"P-224", NamedGroup{0x0015}, 224},
    };
    constexpr std::uint32_t largest = 65536;
    if (text == "Ed25519") {
        return CertificateKey{.type = KeyType::ed25519, .bits = 256};
    }
    if (text == "Ed448") {
        return CertificateKey{.type = KeyType::ed448, .bits = 448};
    }
    const auto words = split(text, ' ');
    if (words.size() != 2) {
        return std::nullopt;
    }
    const auto bits = number_in(words[1], largest);
    if (words[0] == "RSA" && bits) {
        return CertificateKey{.type = KeyType::rsa, .bits = *bits};
    }
    if (words[0] == "DSA" && bits) {
        return CertificateKey{.type = KeyType::dss, .bits = *bits};
    }
    const auto* const curve = std::ranges::find(curves, words[1], &Curve::name);
    if (words[0] != "EC" || curve == std::end(curves)) {
        return std::nullopt;
    }
    return CertificateKey{.type = KeyType::ecdsa, .bits = curve->bits, .curve = curve->group};
}

bool is_version(ProtocolVersion number) {
    return std::ranges::find(k_versions, number) != k_versions.end();
}

std::optional<ChainDigest> chain_digest(std::string_view signature_algorithm) {
    const std::string name = lower(signature_algorithm);
    const auto names = [&](std::string_view part) {
        return name.find(part) != std::string::npos;
    };
    if (names("md5") || names("md2") || names("md4")) {
        return ChainDigest::md5;
    }
    if (names("sha1") || names("sha-1")) {
        return ChainDigest::sha1;
    }
    return names("sha") || names("ed25519") || names("ed448") ? std::optional(ChainDigest::sha2)
                                                              : std::nullopt;
}

} // namespace tlsdoctor::client
