// SPDX-License-Identifier: Apache-2.0
// Builds hellos from the lists of probe/offers.hpp.
#include "probe/hello.hpp"

#include <array>

#include "base/assume.hpp"
#include "probe/offers.hpp"
#include "wire/client_hello.hpp"
#include "wire/extensions.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/ssl2.hpp"
#include "wire/ssl2_record.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Offer;
using evidence::Shape;
using wire::Extension;

constexpr std::size_t k_one_segment = 1460;
constexpr std::size_t k_handshake_header = 4;
constexpr std::size_t k_extension_header = 4;

// The base point of P-256 [FIPS 186-5, SP 800-186 3.2.1.3], uncompressed: a valid public key whose
// private key is 1. The handshake is given up after the ServerHello, so nothing is protected by it.
constexpr std::array<std::uint8_t, 65> k_p256_base_point = {
    0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5,
    0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4,
    0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a,
    0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33,
    0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
};

Bytes random_bytes(const RandomSource& random, std::size_t size) {
    Bytes bytes(size);
    random(bytes);
    return bytes;
}

/// X25519 takes any 32 bytes as a public key [RFC 7748 5], so random ones are one.
Extension key_shares(Shape shape, const RandomSource& random) {
    std::vector<wire::KeyShareEntry> shares{
        {.group = NamedGroup::x25519, .key_exchange = random_bytes(random, 32)}
    };
    if (shape == Shape::browser) {
        shares.push_back(
            {.group = NamedGroup::secp256r1,
             .key_exchange = Bytes(k_p256_base_point.begin(), k_p256_base_point.end())}
        );
    }
    return wire::write_client_shares(shares);
}

/// OpenSSL 3.0's extensions in its order.
std::vector<Extension>
openssl_extensions(const Ask& ask, const Offer& offer, const RandomSource& random) {
    std::vector<Extension> extensions;
    if (ask.sni) {
        extensions.push_back(wire::write_server_name(*ask.sni));
    }
    extensions.push_back(wire::write_ec_point_formats(Bytes{0, 1, 2}));
    extensions.push_back(wire::write_supported_groups(offer.groups));
    extensions.push_back(wire::write_session_ticket());
    extensions.push_back(wire::write_flag(ExtensionType::encrypt_then_mac));
    extensions.push_back(wire::write_extended_master_secret());
    if (ask.version >= ProtocolVersion::tls_1_2) {
        extensions.push_back(wire::write_signature_algorithms(signature_schemes_for(ask.shape)));
    }
    if (ask.version >= ProtocolVersion::tls_1_3) {
        extensions.push_back(wire::write_supported_versions(offer.versions));
        extensions.push_back(wire::write_psk_key_exchange_modes(Bytes{1}));
        extensions.push_back(key_shares(ask.shape, random));
    }
    return extensions;
}

/// A browser's extensions in Firefox's order, without the post-quantum share and GREASE.
std::vector<Extension>
browser_extensions(const Ask& ask, const Offer& offer, const RandomSource& random) {
    static const std::vector<std::string> alpn{"h2", "http/1.1"};
    std::vector<Extension> extensions;
    if (ask.sni) {
        extensions.push_back(wire::write_server_name(*ask.sni));
    }
    extensions.push_back(wire::write_extended_master_secret());
    extensions.push_back(wire::write_renegotiation_info());
    extensions.push_back(wire::write_supported_groups(offer.groups));
    extensions.push_back(wire::write_ec_point_formats(Bytes{0}));
    extensions.push_back(wire::write_session_ticket());
    extensions.push_back(wire::write_alpn(alpn));
    extensions.push_back(wire::write_status_request({}));
    if (ask.version >= ProtocolVersion::tls_1_3) {
        extensions.push_back(key_shares(ask.shape, random));
        extensions.push_back(wire::write_supported_versions(offer.versions));
    }
    if (ask.version >= ProtocolVersion::tls_1_2) {
        extensions.push_back(wire::write_signature_algorithms(signature_schemes_for(ask.shape)));
    }
    if (ask.version >= ProtocolVersion::tls_1_3) {
        extensions.push_back(wire::write_psk_key_exchange_modes(Bytes{1}));
    }
    return extensions;
}

/// Keeps the message out of the sizes that some load balancers choke on, where padding is possible.
void pad(wire::ClientHello& hello) {
    const std::size_t size = k_handshake_header + write(hello).size();
    if (hello.extensions.empty() || size < 256 || size >= 512) {
        return;
    }
    const std::size_t missing = 512 - size;
    const std::size_t padding = missing > k_extension_header ? missing - k_extension_header : 0;
    hello.extensions.push_back(wire::write_padding(padding));
}

Bytes tls_hello(const Ask& ask, const Offer& offer, const RandomSource& random) {
    wire::ClientHello hello{
        .legacy_version = std::min(ask.version, ProtocolVersion::tls_1_2),
        .cipher_suites = offer.cipher_suites,
    };
    random(hello.random);
    const bool plain = ask.version == ProtocolVersion::ssl_3_0;
    // A hello to resume nothing: OpenSSL and browsers send 32 bytes for middleboxes [RFC 8446 D.4];
    // SSL 3.0 had an empty one, and the other shape the other.
    if (!plain || ask.shape == Shape::browser) {
        hello.legacy_session_id = random_bytes(random, 32);
    }
    if (ask.shape == Shape::openssl) {
        hello.cipher_suites.push_back(CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
    }
    if (!plain) {
        hello.extensions = ask.shape == Shape::browser ? browser_extensions(ask, offer, random)
                                                       : openssl_extensions(ask, offer, random);
    }
    pad(hello);
    const Bytes message = handshake_message(wire::HandshakeType::client_hello, write(hello));
    const auto record_version = plain ? ProtocolVersion::ssl_3_0 : ProtocolVersion::tls_1_0;
    Bytes bytes = wire::record(wire::ContentType::handshake, record_version, message);
    assume(bytes.size() < k_one_segment, "a hello of more than one segment");
    return bytes;
}

Bytes ssl2_hello(const RandomSource& random) {
    const auto kinds = ssl2_cipher_kinds_offered();
    const wire::Ssl2ClientHello hello{
        .cipher_specs = {kinds.begin(), kinds.end()},
        .challenge = random_bytes(random, 16),
    };
    return wire::ssl2_record(write(hello));
}

} // namespace

Question make_question(const Ask& ask, const RandomSource& random) {
    Question question{.purpose = ask.purpose};
    Offer& offer = question.offer;
    offer.shape = ask.shape;
    if (ask.shape == Shape::nothing) {
        return question;
    }
    offer.versions = {ask.version};
    if (ask.shape == Shape::ssl2) {
        question.bytes = ssl2_hello(random);
        return question;
    }
    const auto suites = suites_for(ask.version, ask.shape);
    offer.cipher_suites.assign(suites.begin(), suites.end());
    if (ask.version > ProtocolVersion::ssl_3_0) { // what stands in extensions
        offer.sni = ask.sni;
        const auto groups = groups_for(ask.version, ask.shape);
        offer.groups.assign(groups.begin(), groups.end());
    }
    question.bytes = tls_hello(ask, offer, random);
    return question;
}

} // namespace tlsdoctor::probe
