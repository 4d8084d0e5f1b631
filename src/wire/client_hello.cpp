// SPDX-License-Identifier: Apache-2.0
// One layout from SSL 3.0 to TLS 1.3; only the extensions came later.
#include "wire/client_hello.hpp"

#include "wire/writer.hpp"

namespace tlsdoctor::wire {

std::expected<ClientHello, ParseError> read_client_hello(ByteView body) {
    return read_message(body, [](Reader& in) {
        ClientHello hello;
        hello.legacy_version = in.number<ProtocolVersion>("legacy_version");
        hello.random = in.array<32>("random");
        hello.legacy_session_id = in.opaque(1, "legacy_session_id", 32);
        hello.cipher_suites = in.numbers<CipherSuite>(2, "cipher_suites");
        hello.legacy_compression_methods = in.opaque(1, "legacy_compression_methods");
        if (in.more()) {
            hello.extensions = read_extensions(in);
            hello.empty_extensions = hello.extensions.empty();
        }
        return hello;
    });
}

Bytes write(const ClientHello& hello) {
    Writer out;
    out.number(hello.legacy_version);
    out.bytes(hello.random);
    out.opaque(1, hello.legacy_session_id);
    out.numbers(2, hello.cipher_suites);
    out.opaque(1, hello.legacy_compression_methods);
    if (!hello.extensions.empty() || hello.empty_extensions) {
        write_extensions(out, hello.extensions);
    }
    return out.take();
}

} // namespace tlsdoctor::wire
