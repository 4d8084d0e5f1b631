// SPDX-License-Identifier: Apache-2.0
// In these messages every length stands before the first of the data.
#include "wire/ssl2.hpp"

#include <fmt/format.h>

#include "base/assume.hpp"
#include "wire/writer.hpp"

namespace tlsdoctor::wire {
namespace {

constexpr std::size_t k_cipher_spec = 3;

void expect(Reader& in, Ssl2MessageType type) {
    Reader here = in;
    if (in.number<Ssl2MessageType>("MSG-TYPE") != type) {
        here.fail("is another message", "MSG-TYPE");
    }
}

std::size_t read_length(Reader& in, std::string_view field) {
    return in.uint(2, field);
}

std::vector<std::uint32_t> read_cipher_specs(Reader& in, std::size_t length) {
    if (length % k_cipher_spec != 0) {
        in.fail(fmt::format("length {} is no multiple of 3", length), "CIPHER-SPECS-DATA");
    }
    std::vector<std::uint32_t> specs;
    for (Reader list = in.part(length, "CIPHER-SPECS-DATA"); list.more();) {
        specs.push_back(list.uint(k_cipher_spec, "CIPHER-SPECS-DATA"));
    }
    return specs;
}

void write_length(Writer& out, std::size_t size) {
    assume(size <= 0xffff, "a vector fits its length");
    out.uint(2, static_cast<std::uint32_t>(size));
}

void write_cipher_specs(Writer& out, const std::vector<std::uint32_t>& specs) {
    for (const std::uint32_t spec : specs) {
        out.uint(k_cipher_spec, spec);
    }
}

} // namespace

std::expected<Ssl2ClientHello, ParseError> read_ssl2_client_hello(ByteView body) {
    return read_message(body, [](Reader& in) {
        Ssl2ClientHello hello;
        expect(in, Ssl2MessageType::client_hello);
        hello.version = in.number<ProtocolVersion>("CLIENT-VERSION");
        const std::size_t specs = read_length(in, "CIPHER-SPECS-LENGTH");
        const std::size_t session_id = read_length(in, "SESSION-ID-LENGTH");
        const std::size_t challenge = read_length(in, "CHALLENGE-LENGTH");
        hello.cipher_specs = read_cipher_specs(in, specs);
        hello.session_id = in.bytes(session_id, "SESSION-ID-DATA");
        hello.challenge = in.bytes(challenge, "CHALLENGE-DATA");
        return hello;
    });
}

Bytes write(const Ssl2ClientHello& hello) {
    Writer out;
    out.number(Ssl2MessageType::client_hello);
    out.number(hello.version);
    write_length(out, hello.cipher_specs.size() * k_cipher_spec);
    write_length(out, hello.session_id.size());
    write_length(out, hello.challenge.size());
    write_cipher_specs(out, hello.cipher_specs);
    out.bytes(hello.session_id);
    out.bytes(hello.challenge);
    return out.take();
}

std::vector<CipherSuite> cipher_suites_of(const Ssl2ClientHello& hello) {
    std::vector<CipherSuite> suites;
    for (const std::uint32_t spec : hello.cipher_specs) {
        if (spec <= 0xffff) {
            suites.push_back(CipherSuite{static_cast<std::uint16_t>(spec)});
        }
    }
    return suites;
}

std::expected<Ssl2ServerHello, ParseError> read_ssl2_server_hello(ByteView body) {
    return read_message(body, [](Reader& in) {
        Ssl2ServerHello hello;
        expect(in, Ssl2MessageType::server_hello);
        hello.session_id_hit = in.number<std::uint8_t>("SESSION-ID-HIT");
        hello.certificate_type = in.number<std::uint8_t>("CERTIFICATE-TYPE");
        hello.server_version = in.number<ProtocolVersion>("SERVER-VERSION");
        const std::size_t certificate = read_length(in, "CERTIFICATE-LENGTH");
        const std::size_t specs = read_length(in, "CIPHER-SPECS-LENGTH");
        const std::size_t connection_id = read_length(in, "CONNECTION-ID-LENGTH");
        hello.certificate = in.bytes(certificate, "CERTIFICATE-DATA");
        hello.cipher_specs = read_cipher_specs(in, specs);
        hello.connection_id = in.bytes(connection_id, "CONNECTION-ID-DATA");
        return hello;
    });
}

Bytes write(const Ssl2ServerHello& hello) {
    Writer out;
    out.number(Ssl2MessageType::server_hello);
    out.number(hello.session_id_hit);
    out.number(hello.certificate_type);
    out.number(hello.server_version);
    write_length(out, hello.certificate.size());
    write_length(out, hello.cipher_specs.size() * k_cipher_spec);
    write_length(out, hello.connection_id.size());
    out.bytes(hello.certificate);
    write_cipher_specs(out, hello.cipher_specs);
    out.bytes(hello.connection_id);
    return out.take();
}

std::expected<Ssl2Error, ParseError> read_ssl2_error(ByteView body) {
    return read_message(body, [](Reader& in) {
        expect(in, Ssl2MessageType::error);
        return Ssl2Error{.error_code = in.number<Ssl2ErrorCode>("ERROR-CODE")};
    });
}

Bytes write(const Ssl2Error& error) {
    Writer out;
    out.number(Ssl2MessageType::error);
    out.number(error.error_code);
    return out.take();
}

} // namespace tlsdoctor::wire
