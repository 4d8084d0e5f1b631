// SPDX-License-Identifier: Apache-2.0
// Extensions that carry a list are written from it; the others have the content that every client
// of those years gave them, which docs/manual/clients.md lists.
#include "client/encode.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/assume.hpp"
#include "wire/extensions.hpp"
#include "wire/handshake.hpp"
#include "wire/writer.hpp"

namespace tlsdoctor::client {
namespace {

constexpr std::string_view k_recorded_name = "www.example.com";
constexpr std::size_t k_extension_header = 4;
constexpr std::size_t k_handshake_header = 4;
constexpr std::size_t k_ech_key = 32; // x25519

/// What extensions without a list hold [tools/import_clients.py, USUAL].
struct UsualBody {
    std::uint16_t type{};
    std::string_view body{}; ///< hexadecimal
};

constexpr UsualBody k_usual_bodies[] = {
    {0x0005, "0100000000"},         // status_request: OCSP, any responder
    {0x000f, "01"},                 // heartbeat: the peer may send requests
    {0x0011, "000702000400000000"}, // status_request_v2: OCSP of the whole chain
    {0x0018, "001003020100"},       // token_binding
    {0x001c, "4001"},               // record_size_limit of TLS 1.3: 2^14 + 1
    {0x4469, "0003026832"},         // application_settings: h2
    {0x44cd, "0003026832"},         // the same with its later number
    {0x5500, "000100020002"},       // token_binding of Windows 10
    {0xff01, "00"},                 // renegotiation_info of a first handshake
};

/// key_share had this number in drafts of TLS 1.3.
constexpr auto k_draft_key_share = ExtensionType{0x0028};

Bytes usual_body(ExtensionType type) {
    const auto* const row =
        std::ranges::find(k_usual_bodies, std::to_underlying(type), &UsualBody::type);
    return row == std::end(k_usual_bodies) ? Bytes{} : from_hex(row->body).value_or(Bytes{});
}

/// GREASE of encrypted_client_hello: as an encrypted one looks from outside [RFC 9849 6.2].
Bytes ech_body(const ExtensionPlan& plan, const RandomSource& random) {
    constexpr std::uint16_t hkdf_sha256 = 1;
    wire::Writer out;
    out.number(std::uint8_t{0}); // outer
    out.number(hkdf_sha256);
    out.number(plan.ech_aead);
    out.bytes(random_bytes(random, 1)); // config_id
    out.opaque(2, random_bytes(random, k_ech_key));
    out.opaque(2, random_bytes(random, plan.ech_payload));
    return out.take();
}

Bytes shares_body(const HelloFields& fields, const Fresh& fresh) {
    std::vector<wire::KeyShareEntry> shares;
    for (const NamedGroup group : fields.key_share_groups) {
        shares.push_back({.group = group, .key_exchange = share_for(group, fresh)});
    }
    return wire::write_client_shares(shares).data;
}

/// The content of an extension that is written from one of the lists, or what it usually holds.
Bytes body_of(const HelloFields& fields, ExtensionType type, const Fresh& fresh) {
    using enum ExtensionType;
    switch (type) {
    case server_name:
        return wire::write_server_name(fresh.server_name.value_or(std::string{k_recorded_name}))
            .data;
    case supported_groups:
        return wire::write_supported_groups(fields.groups).data;
    case ec_point_formats:
        return wire::write_ec_point_formats(fields.point_formats).data;
    case signature_algorithms:
        return wire::write_signature_algorithms(fields.signature_algorithms).data;
    case signature_algorithms_cert:
        return wire::write_signature_algorithms_cert(fields.signature_algorithms_cert).data;
    case application_layer_protocol_negotiation:
        return wire::write_alpn(fields.alpn).data;
    case supported_versions:
        return wire::write_supported_versions(fields.versions).data;
    case psk_key_exchange_modes:
        return wire::write_psk_key_exchange_modes(fields.psk_modes).data;
    case key_share:
        return shares_body(fields, fresh);
    default:
        return type == k_draft_key_share ? shares_body(fields, fresh) : usual_body(type);
    }
}

wire::Extension extension_for(
    const HelloPlan& plan, const ExtensionPlan& extension, bool first_grease, const Fresh& fresh
) {
    if (extension.body) {
        return {.type = extension.type, .data = *extension.body};
    }
    if (is_grease(std::to_underlying(extension.type))) {
        // Chrome's first is empty, its second has one byte, so that either form meets servers.
        return {.type = extension.type, .data = first_grease ? Bytes{} : Bytes{0}};
    }
    if (extension.type == ExtensionType::encrypted_client_hello) {
        return {.type = extension.type, .data = ech_body(extension, fresh.random)};
    }
    return {.type = extension.type, .data = body_of(plan.fields, extension.type, fresh)};
}

} // namespace

wire::ClientHello encode(const HelloPlan& plan, const Fresh& fresh) {
    wire::ClientHello message{
        .legacy_version = plan.fields.legacy_version,
        .cipher_suites = plan.fields.cipher_suites,
        .legacy_compression_methods = plan.fields.compression,
    };
    fresh.random(message.random);
    message.legacy_session_id = random_bytes(fresh.random, plan.fields.session_id_size);
    bool first_grease = true;
    for (const ExtensionPlan& extension : plan.extensions) {
        message.extensions.push_back(extension_for(plan, extension, first_grease, fresh));
        first_grease = first_grease && !is_grease(std::to_underlying(extension.type));
    }
    return message;
}

wire::Ssl2ClientHello encode_ssl2(const HelloPlan& plan, const Fresh& fresh) {
    return {
        .version = plan.fields.legacy_version,
        .cipher_specs = plan.fields.sslv2_cipher_kinds,
        .session_id = random_bytes(fresh.random, plan.fields.session_id_size),
        .challenge = random_bytes(fresh.random, plan.challenge_size),
    };
}

std::size_t message_size(const wire::ClientHello& message) {
    return k_handshake_header + wire::write(message).size();
}

void pad(wire::ClientHello& message, std::size_t padded_to) {
    const auto padding =
        std::ranges::find(message.extensions, ExtensionType::padding, &wire::Extension::type);
    if (padding == message.extensions.end()) {
        return;
    }
    padding->data.clear();
    const std::size_t size = message_size(message);
    padding->data.assign(size < padded_to ? padded_to - size : 1, 0);
}

} // namespace tlsdoctor::client
