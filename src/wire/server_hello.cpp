// SPDX-License-Identifier: Apache-2.0
// The layout is older than the meaning: TLS 1.3 hides its version in an extension and two signals
// in the random.
#include "wire/server_hello.hpp"

#include <algorithm>

#include "wire/extensions.hpp"
#include "wire/writer.hpp"

namespace tlsdoctor::wire {
namespace {

/// "DOWNGRD" in front of 1 or 0 [RFC 8446 4.1.3].
constexpr std::array<std::uint8_t, 7> k_downgrd = {0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44};

} // namespace

const Random k_hello_retry_request_random = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

std::expected<ServerHello, ParseError> read_server_hello(ByteView body) {
    return read_message(body, [](Reader& in) {
        ServerHello hello;
        hello.legacy_version = in.number<ProtocolVersion>("legacy_version");
        hello.random = in.array<32>("random");
        hello.legacy_session_id_echo = in.opaque(1, "legacy_session_id_echo", 32);
        hello.cipher_suite = in.number<CipherSuite>("cipher_suite");
        hello.legacy_compression_method = in.number<std::uint8_t>("legacy_compression_method");
        if (in.more()) {
            hello.extensions = read_extensions(in);
            hello.empty_extensions = hello.extensions.empty();
        }
        return hello;
    });
}

Bytes write(const ServerHello& hello) {
    Writer out;
    out.number(hello.legacy_version);
    out.bytes(hello.random);
    out.opaque(1, hello.legacy_session_id_echo);
    out.number(hello.cipher_suite);
    out.number(hello.legacy_compression_method);
    if (!hello.extensions.empty() || hello.empty_extensions) {
        write_extensions(out, hello.extensions);
    }
    return out.take();
}

bool is_hello_retry_request(const ServerHello& hello) {
    return hello.random == k_hello_retry_request_random;
}

ProtocolVersion selected_version(const ServerHello& hello) {
    const Extension* extension = find(hello.extensions, ExtensionType::supported_versions);
    if (extension == nullptr) {
        return hello.legacy_version;
    }
    return read_selected_version(extension->data).value_or(hello.legacy_version);
}

std::optional<ProtocolVersion> downgrade_sentinel(const Random& random) {
    const ByteView last = ByteView(random).last(8);
    if (!std::ranges::equal(last.first(7), k_downgrd)) {
        return std::nullopt;
    }
    switch (last[7]) {
    case 0:
        return ProtocolVersion::tls_1_2;
    case 1:
        return ProtocolVersion::tls_1_3;
    default:
        return std::nullopt;
    }
}

} // namespace tlsdoctor::wire
