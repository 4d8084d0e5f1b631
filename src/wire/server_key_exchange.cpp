// SPDX-License-Identifier: Apache-2.0
// Three layouts of parameters, with a PSK hint in front or a signature behind as the suite has it.
#include "wire/server_key_exchange.hpp"

#include <bit>

#include <fmt/format.h>

#include "wire/writer.hpp"

namespace tlsdoctor::wire {
namespace {

constexpr std::uint8_t k_named_curve = 3; // ECCurveType [RFC 8422 5.4]

/// Which parts a key exchange has.
enum class Params : std::uint8_t { absent, ecdh, dh, rsa, no_message };

struct Layout {
    bool psk_identity_hint{};
    Params params{};
};

Layout layout_of(KeyExchange key_exchange) {
    switch (key_exchange) {
    case KeyExchange::ecdhe:
    case KeyExchange::ecdh: // ECDH_anon; the fixed ECDH suites send no such message
        return {.params = Params::ecdh};
    case KeyExchange::dhe:
    case KeyExchange::dh: // DH_anon; the fixed DH suites send no such message
        return {.params = Params::dh};
    case KeyExchange::rsa:
        return {.params = Params::rsa};
    case KeyExchange::psk:
    case KeyExchange::rsa_psk:
        return {.psk_identity_hint = true, .params = Params::absent};
    case KeyExchange::dhe_psk:
        return {.psk_identity_hint = true, .params = Params::dh};
    case KeyExchange::ecdhe_psk:
        return {.psk_identity_hint = true, .params = Params::ecdh};
    default:
        return {.params = Params::no_message};
    }
}

ServerEcdhParams read_ecdh(Reader& in) {
    ServerEcdhParams params;
    Reader curve = in;
    if (in.number<std::uint8_t>("curve_type") != k_named_curve) {
        curve.fail("only named curves are read", "curve_type");
    }
    params.namedcurve = in.number<NamedGroup>("namedcurve");
    params.point = in.opaque(1, "point");
    return params;
}

ServerDhParams read_dh(Reader& in) {
    ServerDhParams params;
    params.dh_p = in.opaque(2, "dh_p");
    params.dh_g = in.opaque(2, "dh_g");
    params.dh_Ys = in.opaque(2, "dh_Ys");
    return params;
}

ServerRsaParams read_rsa(Reader& in) {
    ServerRsaParams params;
    params.rsa_modulus = in.opaque(2, "rsa_modulus");
    params.rsa_exponent = in.opaque(2, "rsa_exponent");
    return params;
}

void read_params(Reader& in, Params params, ServerKeyExchange& message) {
    switch (params) {
    case Params::ecdh:
        message.params = read_ecdh(in);
        break;
    case Params::dh:
        message.params = read_dh(in);
        break;
    case Params::rsa:
        message.params = read_rsa(in);
        break;
    case Params::absent:
        break;
    case Params::no_message:
        in.fail("this key exchange has no readable ServerKeyExchange", "params");
        break;
    }
}

ParamsSignature read_signature(Reader& in, ProtocolVersion negotiated) {
    ParamsSignature signature;
    if (negotiated >= ProtocolVersion::tls_1_2) {
        signature.algorithm = in.number<SignatureScheme>("algorithm");
    }
    signature.signature = in.opaque(2, "signature");
    return signature;
}

/// Writes each kind of parameters.
struct ParamsWriter {
    Writer& out;

    void operator()(const std::monostate&) const {}
    void operator()(const ServerEcdhParams& params) const {
        out.number(k_named_curve);
        out.number(params.namedcurve);
        out.opaque(1, params.point);
    }
    void operator()(const ServerDhParams& params) const {
        out.opaque(2, params.dh_p);
        out.opaque(2, params.dh_g);
        out.opaque(2, params.dh_Ys);
    }
    void operator()(const ServerRsaParams& params) const {
        out.opaque(2, params.rsa_modulus);
        out.opaque(2, params.rsa_exponent);
    }
};

} // namespace

std::expected<ServerKeyExchange, ParseError>
read_server_key_exchange(ByteView body, KeyExchange key_exchange, ProtocolVersion negotiated) {
    return read_message(body, [&](Reader& in) {
        const Layout layout = layout_of(key_exchange);
        ServerKeyExchange message;
        if (layout.psk_identity_hint) {
            message.psk_identity_hint = in.opaque(2, "psk_identity_hint");
        }
        read_params(in, layout.params, message);
        // PSK proves the server; the other suites sign unless they are anonymous, which shows as an
        // end.
        if (!layout.psk_identity_hint && in.more()) {
            message.signature = read_signature(in, negotiated);
        }
        return message;
    });
}

Bytes write(const ServerKeyExchange& message) {
    Writer out;
    if (message.psk_identity_hint) {
        out.opaque(2, *message.psk_identity_hint);
    }
    std::visit(ParamsWriter{out}, message.params);
    if (message.signature) {
        if (message.signature->algorithm) {
            out.number(*message.signature->algorithm);
        }
        out.opaque(2, message.signature->signature);
    }
    return out.take();
}

std::size_t bit_length(ByteView number) {
    while (!number.empty() && number.front() == 0) {
        number = number.subspan(1);
    }
    if (number.empty()) {
        return 0;
    }
    return 8 * (number.size() - 1) + static_cast<std::size_t>(std::bit_width(number.front()));
}

} // namespace tlsdoctor::wire
