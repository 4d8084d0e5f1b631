// SPDX-License-Identifier: Apache-2.0
// Puts a hello together: the offer says what, probe/extensions.cpp how its extensions look.
#include "probe/hello.hpp"

#include <algorithm>

#include "base/assume.hpp"
#include "probe/extensions.hpp"
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
using evidence::Renegotiation;
using evidence::Segmentation;
using evidence::Shape;

constexpr std::size_t k_one_segment = 1460;
constexpr std::size_t k_record_header = 5;
constexpr std::size_t k_handshake_header = 4;
constexpr std::size_t k_extension_header = 4;

constexpr std::string_view k_plain_request = "GET / HTTP/1.0\r\n\r\n";

/// PROXY protocol version 1, from a documentation address [RFC 5737 3] to another.
constexpr std::string_view k_proxy_header = "PROXY TCP4 192.0.2.1 192.0.2.2 49152 443\r\n";

std::size_t size_of(const wire::ClientHello& hello) {
    return k_handshake_header + write(hello).size();
}

/// Fills the message up to `size`; one that lacks less than an extension's header becomes longer.
void pad_to(wire::ClientHello& hello, std::size_t size) {
    const std::size_t now = size_of(hello) + (hello.extensions.empty() ? 2 : 0);
    if (now >= size) {
        return;
    }
    const std::size_t missing = size - now;
    const std::size_t padding = missing > k_extension_header ? missing - k_extension_header : 0;
    hello.extensions.push_back(wire::write_padding(padding));
}

/// Keeps the message out of the sizes that some load balancers choke on, where padding is possible.
void pad(const Offer& offer, wire::ClientHello& hello) {
    if (offer.padded_to > 0) {
        pad_to(hello, offer.padded_to);
        return;
    }
    const std::size_t size = size_of(hello);
    if (!hello.extensions.empty() && size >= 256 && size < 512) {
        pad_to(hello, 512);
    }
}

/// A hello to resume nothing: OpenSSL and browsers send 32 bytes for middleboxes [RFC 8446 D.4];
/// SSL 3.0 had an empty one, and the other shape the other.
bool has_session_id(const Offer& offer) {
    return offer.versions.front() != ProtocolVersion::ssl_3_0 || offer.shape == Shape::browser;
}

wire::ClientHello hello_of(
    const Offer& offer, const RandomSource& random, const std::vector<crypto::KeyShare>& keys
) {
    wire::ClientHello hello{
        .legacy_version = offer.legacy_version,
        .cipher_suites = offer.cipher_suites,
    };
    random(hello.random);
    if (has_session_id(offer)) {
        hello.legacy_session_id = random_bytes(random, 32);
    }
    if (offer.grease) {
        hello.cipher_suites.insert(hello.cipher_suites.begin(), CipherSuite{grease_value(random)});
    }
    if (offer.renegotiation == Renegotiation::scsv) {
        hello.cipher_suites.push_back(CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
    }
    if (offer.fallback_scsv) {
        hello.cipher_suites.push_back(CipherSuite::TLS_FALLBACK_SCSV);
    }
    if (offer.compression) {
        hello.legacy_compression_methods = {1, 0};
    }
    if (offer.versions.front() != ProtocolVersion::ssl_3_0) {
        hello.extensions = extensions_of(offer, random, keys);
    }
    pad(offer, hello);
    return hello;
}

/// The records of a message: one, or two where the offer says so or one cannot hold it.
Bytes records_of(const Offer& offer, ByteView message) {
    const auto type = wire::ContentType::handshake;
    if (offer.segmentation != Segmentation::two_records) {
        return wire::records(type, offer.record_version, message);
    }
    Bytes bytes = wire::record(type, offer.record_version, message.first(message.size() / 2));
    const Bytes rest =
        wire::record(type, offer.record_version, message.subspan(message.size() / 2));
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return bytes;
}

void write_tls_hello(Question& question, const RandomSource& random) {
    Offer& offer = question.offer;
    const Bytes message = handshake_message(
        wire::HandshakeType::client_hello, write(hello_of(offer, random, question.keys))
    );
    offer.size = static_cast<std::uint16_t>(message.size());
    question.bytes = records_of(offer, message);
    if (offer.proxy_header) {
        question.bytes.insert(question.bytes.begin(), k_proxy_header.begin(), k_proxy_header.end());
    }
    if (offer.segmentation == Segmentation::two_segments) {
        question.cut_at = question.bytes.size() / 2;
    }
    assume(
        offer.shape == Shape::composed || question.bytes.size() < k_one_segment,
        "a hello of more than one segment"
    );
}

Bytes ssl2_hello(const RandomSource& random) {
    const auto kinds = ssl2_cipher_kinds_offered();
    const wire::Ssl2ClientHello hello{
        .cipher_specs = {kinds.begin(), kinds.end()},
        .challenge = random_bytes(random, 16),
    };
    return wire::ssl2_record(write(hello));
}

/// Pairs for the shares that we could read an answer to; a pair that cannot be made is left out,
/// and its share is then one whose secret nobody knows.
std::vector<crypto::KeyShare> keys_for(const Offer& offer, const RandomSource& random) {
    std::vector<crypto::KeyShare> keys;
    for (const NamedGroup group : offer.key_shares) {
        if (auto pair = crypto::KeyShare::drawn(group, random)) {
            keys.push_back(*std::move(pair));
        }
    }
    return keys;
}

} // namespace

Question make_question(const Ask& ask, const RandomSource& random, Keys keys) {
    Question question{.purpose = ask.purpose, .after_back_off = ask.after_back_off};
    Offer& offer = question.offer;
    offer.shape = ask.shape;
    switch (ask.shape) {
    case Shape::nothing:
        return question;
    case Shape::plain:
        question.bytes.assign(k_plain_request.begin(), k_plain_request.end());
        return question;
    case Shape::ssl2:
        offer.versions = {ask.version};
        question.bytes = ssl2_hello(random);
        return question;
    case Shape::composed:
        offer = ask.composed;
        break;
    default:
        offer = version_offer(ask.version, ask.shape, ask.sni);
        break;
    }
    if (keys == Keys::kept) {
        question.keys = keys_for(offer, random);
        question.look_inside = true;
    }
    write_tls_hello(question, random);
    return question;
}

} // namespace tlsdoctor::probe
