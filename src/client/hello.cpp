// SPDX-License-Identifier: Apache-2.0
// Finds the hello in its records and opens the extensions that have lists. The bytes may be
// anybody's: every length is checked by wire's readers, and what is read is at most what was given.
#include "client/hello.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

#include "wire/extensions.hpp"
#include "wire/handshake.hpp"
#include "wire/key_share.hpp"
#include "wire/record.hpp"
#include "wire/ssl2.hpp"
#include "wire/ssl2_record.hpp"

namespace tlsdoctor::client {
namespace {

using wire::ParseError;

constexpr std::string_view k_cut_short = "the bytes end before the ClientHello does";

std::unexpected<ParseError> cut_short(std::size_t at) {
    return std::unexpected(
        ParseError{.what = std::string{k_cut_short}, .field = "ClientHello", .offset = at}
    );
}

/// Takes a list out of an extension, or notes that it cannot be read.
template <typename List, typename Read>
void open_extension(
    HelloFields& fields, const wire::ClientHello& message, ExtensionType type, List& list, Read read
) {
    const wire::Extension* extension = wire::find(message.extensions, type);
    if (extension == nullptr) {
        return;
    }
    if (auto content = read(ByteView(extension->data))) {
        list = *std::move(content);
    } else {
        fields.unreadable.push_back(type);
    }
}

void open_key_share(HelloFields& fields, const wire::ClientHello& message) {
    std::vector<wire::KeyShareEntry> shares;
    open_extension(fields, message, ExtensionType::key_share, shares, wire::read_client_shares);
    for (const wire::KeyShareEntry& share : shares) {
        fields.key_share_groups.push_back(share.group);
    }
}

void open_extensions(HelloFields& fields, const wire::ClientHello& message) {
    using enum ExtensionType;
    for (const wire::Extension& extension : message.extensions) {
        fields.extensions.push_back(extension.type);
    }
    open_extension(
        fields, message, supported_versions, fields.versions, wire::read_supported_versions
    );
    open_extension(fields, message, supported_groups, fields.groups, wire::read_supported_groups);
    open_extension(
        fields, message, signature_algorithms, fields.signature_algorithms,
        wire::read_signature_algorithms
    );
    open_extension(
        fields, message, signature_algorithms_cert, fields.signature_algorithms_cert,
        wire::read_signature_algorithms
    );
    open_extension(
        fields, message, application_layer_protocol_negotiation, fields.alpn, wire::read_alpn
    );
    open_extension(
        fields, message, ec_point_formats, fields.point_formats, wire::read_ec_point_formats
    );
    open_extension(
        fields, message, psk_key_exchange_modes, fields.psk_modes, wire::read_psk_key_exchange_modes
    );
    open_key_share(fields, message);
    fields.sni = wire::host_name(message.extensions);
}

std::expected<RecordedHello, ParseError> read_ssl2_format(ByteView stream) {
    wire::Ssl2RecordReader reader;
    reader.feed(stream);
    auto record = reader.next();
    if (!record) {
        return std::unexpected(record.error());
    }
    if (!*record) {
        return cut_short(stream.size());
    }
    auto hello = wire::read_ssl2_client_hello((*record)->data);
    if (!hello) {
        return std::unexpected(hello.error());
    }
    RecordedHello recorded;
    recorded.fields = {
        .sslv2 = true,
        .legacy_version = hello->version,
        .versions = {hello->version},
        .cipher_suites = wire::cipher_suites_of(*hello),
        .sslv2_cipher_kinds = hello->cipher_specs,
        .session_id_size = hello->session_id.size(),
        .size = reader.consumed(),
    };
    return recorded;
}

std::expected<RecordedHello, ParseError> read_tls_format(ByteView stream) {
    wire::RecordReader records;
    wire::HandshakeReader messages;
    records.feed(stream);
    RecordedHello recorded;
    ProtocolVersion version{};
    while (true) {
        const auto record = records.next();
        if (!record) {
            return std::unexpected(record.error());
        }
        if (!*record) {
            return cut_short(stream.size());
        }
        if ((*record)->type != wire::ContentType::handshake) {
            return std::unexpected(
                ParseError{.what = "is not a handshake record", .field = "type", .offset = 0}
            );
        }
        version = recorded.fragments.empty() ? (*record)->version : version;
        recorded.fragments.push_back((*record)->fragment.size());
        messages.feed((*record)->fragment);
        auto message = messages.next();
        if (!message) {
            return std::unexpected(message.error());
        }
        if (!*message) {
            continue;
        }
        if ((*message)->type != wire::HandshakeType::client_hello) {
            return std::unexpected(
                ParseError{.what = "is another message", .field = "msg_type", .offset = 5}
            );
        }
        auto hello = wire::read_client_hello((*message)->body);
        if (!hello) {
            return std::unexpected(hello.error());
        }
        recorded.message = *std::move(hello);
        recorded.fields = fields_of(recorded.message, version);
        recorded.fields.size = records.consumed();
        return recorded;
    }
}

} // namespace

HelloFields fields_of(const wire::ClientHello& message, ProtocolVersion record_version) {
    HelloFields fields{
        .record_version = record_version,
        .legacy_version = message.legacy_version,
        .cipher_suites = message.cipher_suites,
        .compression = message.legacy_compression_methods,
        .session_id_size = message.legacy_session_id.size(),
    };
    open_extensions(fields, message);
    if (!has(fields, ExtensionType::supported_versions)) {
        fields.versions = {message.legacy_version};
    }
    const Bytes body = wire::write(message);
    fields.size = wire::records(
                      wire::ContentType::handshake, record_version,
                      wire::handshake_message(wire::HandshakeType::client_hello, body)
    )
                      .size();
    return fields;
}

std::expected<RecordedHello, ParseError> read_recorded_hello(ByteView record_stream) {
    switch (wire::framing_of(record_stream)) {
    case wire::Framing::need_more:
        return cut_short(record_stream.size());
    case wire::Framing::ssl2:
        return read_ssl2_format(record_stream);
    case wire::Framing::tls:
        return read_tls_format(record_stream);
    case wire::Framing::unknown:
        break;
    }
    return std::unexpected(ParseError{
        .what = "is neither a TLS record nor an SSL 2.0 CLIENT-HELLO", .field = "type", .offset = 0
    });
}

std::expected<HelloFields, ParseError> read_hello(ByteView record_stream) {
    auto recorded = read_recorded_hello(record_stream);
    if (!recorded) {
        return std::unexpected(std::move(recorded.error()));
    }
    return std::move(recorded->fields);
}

bool is_cut_short(const ParseError& error) {
    return error.what == k_cut_short;
}

bool has(const HelloFields& fields, ExtensionType type) {
    return std::ranges::find(fields.extensions, type) != fields.extensions.end();
}

std::vector<ProtocolVersion> offered_versions(const HelloFields& fields) {
    std::vector<ProtocolVersion> versions;
    for (const ProtocolVersion version : k_versions) {
        if (std::ranges::find(fields.versions, version) != fields.versions.end()) {
            versions.push_back(version);
        }
    }
    std::ranges::sort(versions, std::greater{});
    return versions;
}

} // namespace tlsdoctor::client
