// SPDX-License-Identifier: Apache-2.0
// One row for each type of extension; the order of a hello is a list of types.
#include "probe/extensions.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "wire/extensions.hpp"
#include "wire/writer.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Offer;
using evidence::Renegotiation;
using evidence::Shape;
using wire::Extension;

// The base point of P-256 [FIPS 186-5, SP 800-186 3.2.1.3], uncompressed: a valid public key whose
// private key is 1. The handshake is given up after the first flight: nothing is protected by it.
constexpr std::array<std::uint8_t, 65> k_p256_base_point = {
    0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5,
    0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4,
    0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a,
    0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33,
    0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
};

/// What a maker may use.
struct Making {
    const Offer& offer;
    const RandomSource& random;
    const std::vector<crypto::KeyShare>& keys;
    std::uint16_t grease; ///< the same as group and as key share [RFC 8446 4.2.8]
};

bool offers_at_least(const Offer& offer, ProtocolVersion version) {
    return std::ranges::any_of(offer.versions, [=](auto one) { return one >= version; });
}

/// A public key of ML-KEM-768 [FIPS 203 7.2]: 768 coefficients below the modulus 3329, 12 bits
/// each with the lowest bits first, and a seed of 32 bytes. Any such values pass the check that
/// the standard demands of the server, so no library for ML-KEM is needed.
Bytes ml_kem_768_key(const RandomSource& random) {
    constexpr std::size_t k_coefficients = 768;
    constexpr unsigned k_modulus = 3329;
    const Bytes noise = random_bytes(random, 4 * k_coefficients);
    Bytes key;
    for (std::size_t i = 0; i < k_coefficients; i += 2) {
        const auto coefficient = [&](std::size_t at) {
            const unsigned low = noise[4 * at];
            const unsigned middle = noise[4 * at + 1];
            const unsigned high = noise[4 * at + 2];
            return (low | middle << 8U | high << 16U) % k_modulus;
        };
        const unsigned first = coefficient(i);
        const unsigned second = coefficient(i + 1);
        key.push_back(static_cast<std::uint8_t>(first));
        key.push_back(static_cast<std::uint8_t>(first >> 8U | (second & 0xFU) << 4U));
        key.push_back(static_cast<std::uint8_t>(second >> 4U));
    }
    const Bytes seed = random_bytes(random, 32);
    key.insert(key.end(), seed.begin(), seed.end());
    return key;
}

Bytes share_for(const Making& making, NamedGroup group) {
    const auto own = std::ranges::find(making.keys, group, &crypto::KeyShare::group);
    if (own != making.keys.end()) {
        return own->public_bytes();
    }
    switch (group) {
    case NamedGroup::x25519:
        return random_bytes(making.random, 32);
    case NamedGroup::secp256r1:
        return {k_p256_base_point.begin(), k_p256_base_point.end()};
    case NamedGroup::X25519MLKEM768: { // the post-quantum part goes first
        Bytes share = ml_kem_768_key(making.random);
        const Bytes classical = random_bytes(making.random, 32);
        share.insert(share.end(), classical.begin(), classical.end());
        return share;
    }
    default:
        return {};
    }
}

Extension shares_of(const Making& making) {
    std::vector<wire::KeyShareEntry> shares;
    if (making.offer.grease) {
        shares.push_back({.group = NamedGroup{making.grease}, .key_exchange = {0}});
    }
    for (const NamedGroup group : making.offer.key_shares) {
        Bytes share = share_for(making, group);
        if (!share.empty()) {
            shares.push_back({.group = group, .key_exchange = std::move(share)});
        }
    }
    return wire::write_client_shares(shares);
}

template <typename T>
std::vector<T> greased(const Making& making, std::vector<T> list) {
    if (making.offer.grease) {
        list.insert(list.begin(), static_cast<T>(making.grease));
    }
    return list;
}

/// A hello that hides nothing and looks as if it did [draft-ietf-tls-esni 6.2]: outer, HKDF-SHA256,
/// AES-128-GCM, an x25519 key and a payload of random bytes.
Extension hiding_nothing(const RandomSource& random) {
    wire::Writer out;
    out.number(std::uint8_t{0});
    out.number(std::uint16_t{1});
    out.number(std::uint16_t{1});
    out.bytes(random_bytes(random, 1));
    out.opaque(2, random_bytes(random, 32));
    out.opaque(2, random_bytes(random, 144));
    return {.type = ExtensionType::encrypted_client_hello, .data = out.take()};
}

bool has_further(const Offer& offer, ExtensionType type) {
    return std::ranges::find(offer.extensions, type) != offer.extensions.end();
}

/// The extensions that the factors of an offer stand for.
std::optional<Extension> factor_extension(const Making& making, ExtensionType type) {
    const Offer& offer = making.offer;
    switch (type) {
    case ExtensionType::server_name:
        return offer.sni ? std::optional(wire::write_server_name(*offer.sni)) : std::nullopt;
    case ExtensionType::supported_groups:
        return offer.groups.empty()
                   ? std::nullopt
                   : std::optional(wire::write_supported_groups(greased(making, offer.groups)));
    case ExtensionType::signature_algorithms:
        return offer.signature_algorithms.empty()
                   ? std::nullopt
                   : std::optional(wire::write_signature_algorithms(offer.signature_algorithms));
    case ExtensionType::application_layer_protocol_negotiation:
        return offer.alpn.empty() ? std::nullopt : std::optional(wire::write_alpn(offer.alpn));
    case ExtensionType::extended_master_secret:
        return offer.extended_master_secret ? std::optional(wire::write_extended_master_secret())
                                            : std::nullopt;
    case ExtensionType::renegotiation_info:
        return offer.renegotiation == Renegotiation::extension
                   ? std::optional(wire::write_renegotiation_info())
                   : std::nullopt;
    default:
        return std::nullopt;
    }
}

/// What TLS 1.3 cannot do without.
std::optional<Extension> tls_1_3_extension(const Making& making, ExtensionType type) {
    if (!offers_at_least(making.offer, ProtocolVersion::tls_1_3)) {
        return std::nullopt;
    }
    switch (type) {
    case ExtensionType::supported_versions:
        return wire::write_supported_versions(greased(making, making.offer.versions));
    case ExtensionType::psk_key_exchange_modes:
        return wire::write_psk_key_exchange_modes(Bytes{1});
    case ExtensionType::key_share:
        return shares_of(making);
    default:
        return std::nullopt;
    }
}

/// Extensions whose content does not vary.
std::optional<Extension> further_extension(const Making& making, ExtensionType type) {
    if (!has_further(making.offer, type)) {
        return std::nullopt;
    }
    switch (type) {
    case ExtensionType::ec_point_formats:
        return wire::write_ec_point_formats(
            making.offer.shape == Shape::openssl || making.offer.shape == Shape::cheap
                ? Bytes{0, 1, 2}
                : Bytes{0}
        );
    case ExtensionType::session_ticket:
        return wire::write_session_ticket();
    case ExtensionType::status_request:
        return wire::write_status_request({});
    case ExtensionType::encrypted_client_hello:
        return hiding_nothing(making.random);
    case ExtensionType::max_fragment_length: // 4,096 bytes, the largest there is [RFC 6066 4]
        return Extension{.type = type, .data = {4}};
    case ExtensionType::heartbeat: // the peer may send them [RFC 6520 2]
        return Extension{.type = type, .data = {1}};
    case ExtensionType::compress_certificate: // zlib, brotli, zstd [RFC 8879 3]
        return Extension{.type = type, .data = {6, 0, 1, 0, 2, 0, 3}};
    case ExtensionType::record_size_limit: // 16,384: legal in every version [RFC 8449 4]
        return Extension{.type = type, .data = {0x40, 0x00}};
    default:
        return wire::write_flag(type);
    }
}

// clang-format off
using enum ExtensionType;
constexpr auto alpn = application_layer_protocol_negotiation;

/// OpenSSL 3.0's order.
constexpr ExtensionType k_openssl_order[] = {
    server_name, ec_point_formats, supported_groups, session_ticket, encrypt_then_mac,
    extended_master_secret, signature_algorithms, supported_versions, psk_key_exchange_modes, key_share,
};
/// Firefox's order.
constexpr ExtensionType k_browser_order[] = {
    server_name, extended_master_secret, renegotiation_info, supported_groups, ec_point_formats,
    session_ticket, alpn, status_request, key_share, supported_versions, signature_algorithms,
    psk_key_exchange_modes,
};
/// One order for all that can be composed.
constexpr ExtensionType k_composed_order[] = {
    server_name, extended_master_secret, renegotiation_info, supported_groups, ec_point_formats,
    session_ticket, alpn, status_request, encrypt_then_mac, signature_algorithms,
    signed_certificate_timestamp, max_fragment_length, heartbeat, record_size_limit,
    compress_certificate, key_share, psk_key_exchange_modes, supported_versions,
    encrypted_client_hello,
};
// clang-format on

std::span<const ExtensionType> order_of(Shape shape) {
    switch (shape) {
    case Shape::openssl:
    case Shape::cheap:
        return k_openssl_order;
    case Shape::browser:
        return k_browser_order;
    default:
        return k_composed_order;
    }
}

} // namespace

std::uint16_t grease_value(const RandomSource& random) {
    const unsigned nibble = random_bytes(random, 1).front() >> 4U;
    return static_cast<std::uint16_t>(nibble * 0x1010U + 0x0a0aU);
}

std::vector<Extension> extensions_of(
    const Offer& offer, const RandomSource& random, const std::vector<crypto::KeyShare>& keys
) {
    const auto first = grease_value(random);
    const Making making{.offer = offer, .random = random, .keys = keys, .grease = first};
    std::vector<Extension> extensions;
    if (offer.grease) {
        extensions.push_back({.type = ExtensionType{first}, .data = {}});
    }
    for (const ExtensionType type : order_of(offer.shape)) {
        for (const auto make : {factor_extension, tls_1_3_extension, further_extension}) {
            if (auto extension = make(making, type)) {
                extensions.push_back(*std::move(extension));
                break;
            }
        }
    }
    if (offer.grease) { // another value: none may come twice [RFC 8446 4.2]
        const auto last = static_cast<std::uint16_t>(first ^ 0x1010U);
        extensions.push_back({.type = ExtensionType{last}, .data = {0}});
    }
    return extensions;
}

} // namespace tlsdoctor::probe
