// SPDX-License-Identifier: Apache-2.0
// What is in the extensions: `read_x` reads an extension's data, `write_x` returns the whole
// extension. Where the client's form and the server's differ, each has its function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "registry/named_group.hpp"
#include "registry/signature_scheme.hpp"
#include "registry/version.hpp"
#include "wire/extension.hpp"
#include "wire/key_share.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::wire {

/// An entry of server_name; `name_type` 0 is a host name, and no other type exists [RFC 6066 3].
struct ServerName {
    std::uint8_t name_type{};
    std::string name{}; ///< as sent: it need not be a legal name, nor printable

    bool operator==(const ServerName&) const = default;
};

/// server_name of a ClientHello; a server acknowledges it with empty data, which is not this form.
std::expected<std::vector<ServerName>, ParseError> read_server_name(ByteView data);
Extension write_server_name(std::span<const ServerName> server_name_list);
Extension write_server_name(std::string_view host_name);

/// Returns the host name that a ClientHello asks for, nullopt where there is none or it is
/// unreadable.
std::optional<std::string> host_name(std::span<const Extension> extensions);

/// supported_versions of a ClientHello, best first [RFC 8446 4.2.1].
std::expected<std::vector<ProtocolVersion>, ParseError> read_supported_versions(ByteView data);
Extension write_supported_versions(std::span<const ProtocolVersion> versions);

/// supported_versions of a ServerHello or HelloRetryRequest: the one that was chosen.
std::expected<ProtocolVersion, ParseError> read_selected_version(ByteView data);
Extension write_selected_version(ProtocolVersion selected_version);

/// supported_groups, best first [RFC 8446 4.2.7, RFC 8422 5.1.1].
std::expected<std::vector<NamedGroup>, ParseError> read_supported_groups(ByteView data);
Extension write_supported_groups(std::span<const NamedGroup> named_group_list);

/// signature_algorithms, and signature_algorithms_cert, which looks the same [RFC 8446 4.2.3].
std::expected<std::vector<SignatureScheme>, ParseError> read_signature_algorithms(ByteView data);
Extension write_signature_algorithms(std::span<const SignatureScheme> supported_signature_algorithms
);
Extension
write_signature_algorithms_cert(std::span<const SignatureScheme> supported_signature_algorithms);

/// application_layer_protocol_negotiation: a client's list, or the server's choice as the only one
/// [RFC 7301 3.1]. The names are bytes; GREASE is not printable.
std::expected<std::vector<std::string>, ParseError> read_alpn(ByteView data);
Extension write_alpn(std::span<const std::string> protocol_name_list);

/// ec_point_formats: 0 is uncompressed [RFC 8422 5.1.2].
std::expected<Bytes, ParseError> read_ec_point_formats(ByteView data);
Extension write_ec_point_formats(ByteView ec_point_format_list);

/// psk_key_exchange_modes: 0 is psk_ke, 1 psk_dhe_ke [RFC 8446 4.2.9].
std::expected<Bytes, ParseError> read_psk_key_exchange_modes(ByteView data);
Extension write_psk_key_exchange_modes(ByteView ke_modes);

/// cookie of a HelloRetryRequest and of the ClientHello that answers it [RFC 8446 4.2.2].
std::expected<Bytes, ParseError> read_cookie(ByteView data);
Extension write_cookie(ByteView cookie);

/// renegotiation_info: renegotiated_connection, empty in a first handshake [RFC 5746 3.2].
std::expected<Bytes, ParseError> read_renegotiation_info(ByteView data);
Extension write_renegotiation_info(ByteView renegotiated_connection = {});

/// session_ticket: the data is the ticket itself, empty where one is asked for [RFC 5077 3.2].
std::expected<Bytes, ParseError> read_session_ticket(ByteView data);
Extension write_session_ticket(ByteView ticket = {});

/// What says all by being there: its data are empty.
struct Flag {
    bool operator==(const Flag&) const = default;
};

/// extended_master_secret [RFC 7627 5.1], encrypt_then_mac [RFC 7366 2], and a server's
/// acknowledgement of server_name, session_ticket or status_request.
std::expected<Flag, ParseError> read_flag(ByteView data);
Extension write_flag(ExtensionType type);
Extension write_extended_master_secret();

/// status_request of a ClientHello with OCSP, the only type there is [RFC 6066 8].
struct CertificateStatusRequest {
    std::vector<Bytes> responder_id_list{};
    Bytes request_extensions{};

    bool operator==(const CertificateStatusRequest&) const = default;
};

std::expected<CertificateStatusRequest, ParseError> read_status_request(ByteView data);
Extension write_status_request(const CertificateStatusRequest& request);

/// padding: the number of zero bytes; other bytes are an error [RFC 7685 3].
std::expected<std::size_t, ParseError> read_padding(ByteView data);
Extension write_padding(std::size_t size);

} // namespace tlsdoctor::wire
