// SPDX-License-Identifier: Apache-2.0
// Types of hello extensions [IANA TLS ExtensionType Values]. The table is
// data/registry/extensions.tsv.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tlsdoctor {

/// An extension's number; open: GREASE and unknown ones survive.
enum class ExtensionType : std::uint16_t {
    server_name = 0,
    max_fragment_length = 1,
    status_request = 5,
    supported_groups = 10,
    ec_point_formats = 11,
    signature_algorithms = 13,
    heartbeat = 15,
    application_layer_protocol_negotiation = 16,
    signed_certificate_timestamp = 18,
    padding = 21,
    encrypt_then_mac = 22,
    extended_master_secret = 23,
    compress_certificate = 27,
    record_size_limit = 28,
    session_ticket = 35,
    pre_shared_key = 41,
    supported_versions = 43,
    cookie = 44,
    psk_key_exchange_modes = 45,
    signature_algorithms_cert = 50,
    key_share = 51,
    encrypted_client_hello = 0xfe0d,
    renegotiation_info = 0xff01,
};

/// A row of the table; the text lives as long as the program.
struct ExtensionInfo {
    ExtensionType id{};
    std::string_view name{};
};

/// Returns the whole table, by number.
std::span<const ExtensionInfo> extension_types();

/// Returns the registry's name, or `0x1a1a`.
std::string name_of(ExtensionType type);

/// Tells whether a 16-bit number is one of GREASE's reserved values [RFC 8701 2].
bool is_grease(std::uint16_t number);

} // namespace tlsdoctor
