// SPDX-License-Identifier: Apache-2.0
// ServerKeyExchange of SSL 3.0 to TLS 1.2 [RFC 5246 7.4.3, RFC 8422 5.4, RFC 4279, RFC 5489]. Its
// layout depends on the cipher suite and the version, neither of which stands in it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <variant>

#include "base/bytes.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/named_group.hpp"
#include "registry/signature_scheme.hpp"
#include "registry/version.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::wire {

/// ServerECDHParams with a named curve, the only kind in use [RFC 8422 5.4].
struct ServerEcdhParams {
    NamedGroup namedcurve{};
    Bytes point{};

    bool operator==(const ServerEcdhParams&) const = default;
};

/// ServerDHParams [RFC 5246 7.4.3]; big-endian numbers, leading zeros kept.
struct ServerDhParams {
    Bytes dh_p{};
    Bytes dh_g{};
    Bytes dh_Ys{};

    bool operator==(const ServerDhParams&) const = default;
};

/// ServerRSAParams: the temporary key of the export suites [RFC 2246 7.4.3].
struct ServerRsaParams {
    Bytes rsa_modulus{};
    Bytes rsa_exponent{};

    bool operator==(const ServerRsaParams&) const = default;
};

/// The signature over the parameters.
struct ParamsSignature {
    std::optional<SignatureScheme> algorithm{}; ///< TLS 1.2 only
    Bytes signature{};

    bool operator==(const ParamsSignature&) const = default;
};

/// A ServerKeyExchange; `monostate` where PSK alone has no parameters.
struct ServerKeyExchange {
    std::optional<Bytes> psk_identity_hint{}; ///< of the PSK suites
    std::variant<std::monostate, ServerEcdhParams, ServerDhParams, ServerRsaParams> params{};
    std::optional<ParamsSignature> signature{}; ///< none for anonymous and PSK suites

    bool operator==(const ServerKeyExchange&) const = default;
};

/// Reads a body in the form that the negotiated suite's key exchange and the version have. Curves
/// that are not named, and key exchanges that send no such message, are errors.
std::expected<ServerKeyExchange, ParseError>
read_server_key_exchange(ByteView body, KeyExchange key_exchange, ProtocolVersion negotiated);

/// Returns the body.
Bytes write(const ServerKeyExchange& message);

/// Returns the size of a big-endian number in bits: of `dh_p`, it is the strength of the group.
std::size_t bit_length(ByteView number);

} // namespace tlsdoctor::wire
