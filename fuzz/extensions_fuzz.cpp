// SPDX-License-Identifier: Apache-2.0
// The data of every known extension, each reader on the same bytes, and the block that holds them
// all.
#include <cstdint>

#include "property.hpp"
#include "wire/extensions.hpp"
#include "wire/tls13.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace wire = tlsdoctor::wire;
using tlsdoctor::Bytes;
using tlsdoctor::ByteView;

namespace {

/// Where `read` accepts the data, `write` returns an extension with the same data.
template <typename Read, typename Write>
void exact(ByteView data, Read read, Write write) {
    fuzz::exact(data, read, [write](const auto& value) { return write(value).data; });
}

Bytes write_block(const std::vector<wire::Extension>& extensions) {
    wire::Writer out;
    wire::write_extensions(out, extensions);
    return out.take();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    const auto read_block = [](ByteView block) {
        return wire::read_message(block, wire::read_extensions);
    };
    fuzz::exact(bytes, read_block, write_block);
    if (const auto block = read_block(bytes)) {
        static_cast<void>(wire::host_name(*block));
    }
    exact(bytes, wire::read_server_name, [](const std::vector<wire::ServerName>& names) {
        return wire::write_server_name(names);
    });
    exact(bytes, wire::read_supported_versions, wire::write_supported_versions);
    exact(bytes, wire::read_selected_version, wire::write_selected_version);
    exact(bytes, wire::read_supported_groups, wire::write_supported_groups);
    exact(bytes, wire::read_signature_algorithms, wire::write_signature_algorithms);
    exact(bytes, wire::read_signature_algorithms, wire::write_signature_algorithms_cert);
    exact(bytes, wire::read_client_shares, wire::write_client_shares);
    exact(bytes, wire::read_server_share, wire::write_server_share);
    exact(bytes, wire::read_selected_group, wire::write_selected_group);
    exact(bytes, wire::read_alpn, wire::write_alpn);
    exact(bytes, wire::read_ec_point_formats, wire::write_ec_point_formats);
    exact(bytes, wire::read_psk_key_exchange_modes, wire::write_psk_key_exchange_modes);
    exact(bytes, wire::read_cookie, wire::write_cookie);
    exact(bytes, wire::read_renegotiation_info, wire::write_renegotiation_info);
    exact(bytes, wire::read_session_ticket, wire::write_session_ticket);
    exact(bytes, wire::read_flag, [](wire::Flag) { return wire::write_extended_master_secret(); });
    exact(bytes, wire::read_status_request, wire::write_status_request);
    exact(bytes, wire::read_padding, wire::write_padding);
    exact(
        bytes, wire::tls13::read_certificate_authorities, wire::tls13::write_certificate_authorities
    );
    return 0;
}
