// SPDX-License-Identifier: Apache-2.0
// Most extensions are one vector of numbers or bytes, so three pairs of helpers carry nearly all.
#include "wire/extensions.hpp"

#include <algorithm>

#include "wire/writer.hpp"

namespace tlsdoctor::wire {
namespace {

constexpr std::uint8_t k_host_name = 0; // NameType [RFC 6066 3]
constexpr std::uint8_t k_ocsp = 1;      // CertificateStatusType [RFC 6066 8]

template <typename T>
std::expected<std::vector<T>, ParseError>
read_numbers(ByteView data, std::size_t length_bytes, std::string_view field) {
    return read_message(data, [&](Reader& in) { return in.numbers<T>(length_bytes, field); });
}

template <typename T>
Extension write_numbers(ExtensionType type, std::size_t length_bytes, std::span<const T> list) {
    Writer out;
    out.numbers(length_bytes, list);
    return {.type = type, .data = out.take()};
}

std::expected<Bytes, ParseError>
read_opaque(ByteView data, std::size_t length_bytes, std::string_view field) {
    return read_message(data, [&](Reader& in) { return in.opaque(length_bytes, field); });
}

Extension write_opaque(ExtensionType type, std::size_t length_bytes, ByteView bytes) {
    Writer out;
    out.opaque(length_bytes, bytes);
    return {.type = type, .data = out.take()};
}

std::string text_of(const Bytes& bytes) {
    return std::string(as_text(bytes));
}

} // namespace

std::expected<std::vector<ServerName>, ParseError> read_server_name(ByteView data) {
    return read_message(data, [](Reader& in) {
        std::vector<ServerName> names;
        for (Reader list = in.block(2, "server_name_list"); list.more();) {
            ServerName& name = names.emplace_back();
            name.name_type = list.number<std::uint8_t>("name_type");
            name.name = text_of(list.opaque(2, "HostName"));
        }
        return names;
    });
}

Extension write_server_name(std::span<const ServerName> server_name_list) {
    Writer out;
    out.block(2, [&] {
        for (const ServerName& name : server_name_list) {
            out.number(name.name_type);
            out.opaque(2, as_bytes(name.name));
        }
    });
    return {.type = ExtensionType::server_name, .data = out.take()};
}

Extension write_server_name(std::string_view host_name) {
    const ServerName name{.name_type = k_host_name, .name = std::string(host_name)};
    return write_server_name(std::span(&name, 1));
}

std::optional<std::string> host_name(std::span<const Extension> extensions) {
    const Extension* extension = find(extensions, ExtensionType::server_name);
    if (extension == nullptr) {
        return std::nullopt;
    }
    const auto names = read_server_name(extension->data);
    if (!names) {
        return std::nullopt;
    }
    const auto at = std::ranges::find(*names, k_host_name, &ServerName::name_type);
    return at == names->end() ? std::nullopt : std::optional(at->name);
}

std::expected<std::vector<ProtocolVersion>, ParseError> read_supported_versions(ByteView data) {
    return read_numbers<ProtocolVersion>(data, 1, "versions");
}

Extension write_supported_versions(std::span<const ProtocolVersion> versions) {
    return write_numbers(ExtensionType::supported_versions, 1, versions);
}

std::expected<ProtocolVersion, ParseError> read_selected_version(ByteView data) {
    return read_message(data, [](Reader& in) {
        return in.number<ProtocolVersion>("selected_version");
    });
}

Extension write_selected_version(ProtocolVersion selected_version) {
    Writer out;
    out.number(selected_version);
    return {.type = ExtensionType::supported_versions, .data = out.take()};
}

std::expected<std::vector<NamedGroup>, ParseError> read_supported_groups(ByteView data) {
    return read_numbers<NamedGroup>(data, 2, "named_group_list");
}

Extension write_supported_groups(std::span<const NamedGroup> named_group_list) {
    return write_numbers(ExtensionType::supported_groups, 2, named_group_list);
}

std::expected<std::vector<SignatureScheme>, ParseError> read_signature_algorithms(ByteView data) {
    return read_numbers<SignatureScheme>(data, 2, "supported_signature_algorithms");
}

Extension write_signature_algorithms(std::span<const SignatureScheme> supported_signature_algorithms
) {
    return write_numbers(ExtensionType::signature_algorithms, 2, supported_signature_algorithms);
}

Extension
write_signature_algorithms_cert(std::span<const SignatureScheme> supported_signature_algorithms) {
    return write_numbers(
        ExtensionType::signature_algorithms_cert, 2, supported_signature_algorithms
    );
}

std::expected<std::vector<std::string>, ParseError> read_alpn(ByteView data) {
    return read_message(data, [](Reader& in) {
        std::vector<std::string> names;
        for (Reader list = in.block(2, "protocol_name_list"); list.more();) {
            names.push_back(text_of(list.opaque(1, "ProtocolName")));
        }
        return names;
    });
}

Extension write_alpn(std::span<const std::string> protocol_name_list) {
    Writer out;
    out.block(2, [&] {
        for (const std::string& name : protocol_name_list) {
            out.opaque(1, as_bytes(name));
        }
    });
    return {.type = ExtensionType::application_layer_protocol_negotiation, .data = out.take()};
}

std::expected<Bytes, ParseError> read_ec_point_formats(ByteView data) {
    return read_opaque(data, 1, "ec_point_format_list");
}

Extension write_ec_point_formats(ByteView ec_point_format_list) {
    return write_opaque(ExtensionType::ec_point_formats, 1, ec_point_format_list);
}

std::expected<Bytes, ParseError> read_psk_key_exchange_modes(ByteView data) {
    return read_opaque(data, 1, "ke_modes");
}

Extension write_psk_key_exchange_modes(ByteView ke_modes) {
    return write_opaque(ExtensionType::psk_key_exchange_modes, 1, ke_modes);
}

std::expected<Bytes, ParseError> read_cookie(ByteView data) {
    return read_opaque(data, 2, "cookie");
}

Extension write_cookie(ByteView cookie) {
    return write_opaque(ExtensionType::cookie, 2, cookie);
}

std::expected<Bytes, ParseError> read_renegotiation_info(ByteView data) {
    return read_opaque(data, 1, "renegotiated_connection");
}

Extension write_renegotiation_info(ByteView renegotiated_connection) {
    return write_opaque(ExtensionType::renegotiation_info, 1, renegotiated_connection);
}

std::expected<Bytes, ParseError> read_session_ticket(ByteView data) {
    return Bytes(data.begin(), data.end());
}

Extension write_session_ticket(ByteView ticket) {
    return {.type = ExtensionType::session_ticket, .data = Bytes(ticket.begin(), ticket.end())};
}

std::expected<Flag, ParseError> read_flag(ByteView data) {
    return read_message(data, [](Reader&) { return Flag{}; });
}

Extension write_flag(ExtensionType type) {
    return {.type = type};
}

Extension write_extended_master_secret() {
    return write_flag(ExtensionType::extended_master_secret);
}

std::expected<CertificateStatusRequest, ParseError> read_status_request(ByteView data) {
    return read_message(data, [](Reader& in) {
        CertificateStatusRequest request;
        Reader start = in;
        if (in.number<std::uint8_t>("status_type") != k_ocsp) {
            start.fail("only ocsp is read", "status_type");
        }
        for (Reader list = in.block(2, "responder_id_list"); list.more();) {
            request.responder_id_list.push_back(list.opaque(2, "ResponderID"));
        }
        request.request_extensions = in.opaque(2, "request_extensions");
        return request;
    });
}

Extension write_status_request(const CertificateStatusRequest& request) {
    Writer out;
    out.number(k_ocsp);
    out.block(2, [&] {
        for (const Bytes& id : request.responder_id_list) {
            out.opaque(2, id);
        }
    });
    out.opaque(2, request.request_extensions);
    return {.type = ExtensionType::status_request, .data = out.take()};
}

std::expected<std::size_t, ParseError> read_padding(ByteView data) {
    return read_message(data, [](Reader& in) {
        std::size_t size = 0;
        for (; in.more(); ++size) {
            Reader here = in;
            if (in.number<std::uint8_t>("padding") != 0) {
                here.fail("is not zero", "padding");
            }
        }
        return size;
    });
}

Extension write_padding(std::size_t size) {
    return {.type = ExtensionType::padding, .data = Bytes(size, 0)};
}

} // namespace tlsdoctor::wire
