// SPDX-License-Identifier: Apache-2.0
// What a client's hello says, list by list, read from the raw bytes of its first flight: TLS
// records, SSL 2.0's CLIENT-HELLO, or the hello of TLS in SSL 2.0's format. GREASE stays where it
// stood.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/extension_type.hpp"
#include "registry/named_group.hpp"
#include "registry/signature_scheme.hpp"
#include "registry/version.hpp"
#include "wire/client_hello.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::client {

/// The lists of a hello, in their order on the wire. An extension that cannot be read leaves its
/// list empty and stands in `unreadable`.
struct HelloFields {
    bool sslv2{};                            ///< in SSL 2.0's format
    ProtocolVersion record_version{};        ///< none in SSL 2.0's format
    ProtocolVersion legacy_version{};        ///< SSL 2.0 itself is 0x0002
    std::vector<ProtocolVersion> versions{}; ///< supported_versions, or `legacy_version` alone
    std::vector<CipherSuite> cipher_suites{};
    std::vector<std::uint32_t> sslv2_cipher_kinds{}; ///< all, suites included, 24 bits each
    Bytes compression{0};
    std::vector<ExtensionType> extensions{};
    std::vector<NamedGroup> groups{};
    std::vector<NamedGroup> key_share_groups{};
    std::vector<SignatureScheme> signature_algorithms{};
    std::vector<SignatureScheme> signature_algorithms_cert{};
    std::vector<std::string> alpn{};
    std::optional<std::string> sni{};
    Bytes point_formats{};
    Bytes psk_modes{};
    std::vector<ExtensionType> unreadable{};
    std::size_t session_id_size{};
    std::size_t size{}; ///< of the hello with its records, in bytes

    bool operator==(const HelloFields&) const = default;
};

/// A hello taken out of its records.
struct RecordedHello {
    HelloFields fields{};
    wire::ClientHello message{};          ///< empty for SSL 2.0's format
    std::vector<std::size_t> fragments{}; ///< sizes of the records that carried it
};

/// Reads the first hello of a client's stream; bytes behind it are ignored. A stream that ends
/// within it, or is not TLS, is an error.
std::expected<HelloFields, wire::ParseError> read_hello(ByteView record_stream);

/// The same, with the message itself.
std::expected<RecordedHello, wire::ParseError> read_recorded_hello(ByteView record_stream);

/// Tells whether more bytes might make a hello of what these two could not read.
bool is_cut_short(const wire::ParseError& error);

/// Returns the lists of a message that stood in one record.
HelloFields fields_of(const wire::ClientHello& message, ProtocolVersion record_version);

/// Tells whether the extension is there.
bool has(const HelloFields& fields, ExtensionType type);

/// Returns the versions of published standards on offer, highest first: what supported_versions
/// lists, or `legacy_version` alone (how far below it the client goes, no hello says).
std::vector<ProtocolVersion> offered_versions(const HelloFields& fields);

} // namespace tlsdoctor::client
