// SPDX-License-Identifier: Apache-2.0
// The table is hand-made and as small as a message of its kind can be with every list in it filled.
#include "cases.hpp"

#include <algorithm>
#include <fstream>

#include "base/assume.hpp"
#include "base/text.hpp"
#include "wire/alert.hpp"
#include "wire/certificate.hpp"
#include "wire/certificate_request.hpp"
#include "wire/client_hello.hpp"
#include "wire/extensions.hpp"
#include "wire/handshake.hpp"
#include "wire/server_hello.hpp"
#include "wire/server_key_exchange.hpp"
#include "wire/ssl2.hpp"
#include "wire/tls13.hpp"

namespace tlsdoctor::wire::test {
namespace {

using Rewritten = std::expected<Bytes, ParseError>;

template <typename Message, typename Write>
Rewritten transformed(const std::expected<Message, ParseError>& message, Write write) {
    return message ? Rewritten(write(*message)) : Rewritten(std::unexpected(message.error()));
}

template <auto read>
Rewritten rewritten(ByteView bytes) {
    return transformed(read(bytes), [](const auto& message) { return write(message); });
}

template <auto read, auto write>
Rewritten rewritten_data(ByteView bytes) {
    return transformed(read(bytes), [](const auto& value) { return write(value).data; });
}

template <ProtocolVersion version>
Rewritten rewritten_request(ByteView bytes) {
    return rewritten<[](ByteView body) {
        return read_certificate_request(body, version);
    }>(bytes);
}

template <KeyExchange kind, ProtocolVersion version>
Rewritten rewritten_keys(ByteView bytes) {
    return rewritten<[](ByteView body) {
        return read_server_key_exchange(body, kind, version);
    }>(bytes);
}

Rewritten rewritten_server_name(ByteView bytes) {
    return transformed(read_server_name(bytes), [](const std::vector<ServerName>& names) {
        return write_server_name(names).data;
    });
}

Rewritten rewritten_flag(ByteView bytes) {
    return transformed(read_flag(bytes), [](Flag) { return write_extended_master_secret().data; });
}

// clang-format off
const std::vector<MessageCase> k_cases = {
    {"alert",
     "0246",
     rewritten<read_alert>,
     {}},
    {"ClientHello",
     "0303" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" "02aabb00041301002f0100000c001700000010000401020304",
     rewritten<read_client_hello>,
     {45}},
    {"ClientHello without extensions",
     "0301" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" "000002002f0100",
     rewritten<read_client_hello>,
     {}},
    {"ClientHello with an empty extensions block",
     "0303" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" "000002002f01000000",
     rewritten<read_client_hello>,
     {41}},
    {"ServerHello",
     "0303" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" "02aabb1301000006002b00020304",
     rewritten<read_server_hello>,
     {40}},
    {"ServerHello without extensions",
     "0300" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" "00000400",
     rewritten<read_server_hello>,
     {}},
    {"ServerHello with an empty extensions block",
     "0303" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" "000004000000",
     rewritten<read_server_hello>,
     {38}},
    {"ServerHelloDone",
     "",
     rewritten<read_server_hello_done>,
     {}},
    {"Certificate",
     "00000b000003aabbcc000002ddee",
     rewritten<read_certificate>,
     {}},
    {"Certificate without certificates",
     "000000",
     rewritten<read_certificate>,
     {}},
    {"CertificateRequest of TLS 1.1",
     "020140000400023000",
     rewritten_request<ProtocolVersion::tls_1_1>,
     {}},
    {"CertificateRequest of TLS 1.2",
     "020140000404010403000400023000",
     rewritten_request<ProtocolVersion::tls_1_2>,
     {}},
    {"EncryptedExtensions",
     "0009001000050003026832",
     rewritten<tls13::read_encrypted_extensions>,
     {}},
    {"EncryptedExtensions without extensions",
     "0000",
     rewritten<tls13::read_encrypted_extensions>,
     {}},
    {"CertificateRequest of TLS 1.3",
     "01aa0008000d000400020403",
     rewritten<tls13::read_certificate_request>,
     {}},
    {"Certificate of TLS 1.3",
     "01aa00000e000003aabbcc0000000001dd0000",
     rewritten<tls13::read_certificate>,
     {}},
    {"Certificate of TLS 1.3 with an extension",
     "0000000d000002aabb00060005000201ff",
     rewritten<tls13::read_certificate>,
     {}},
    {"CertificateVerify",
     "08040003aabbcc",
     rewritten<tls13::read_certificate_verify>,
     {}},
    {"certificate_authorities",
     "00090002300000033101aa",
     rewritten_data<tls13::read_certificate_authorities, tls13::write_certificate_authorities>,
     {}},
    {"ServerKeyExchange ECDHE of TLS 1.2",
     "0300170404aabbcc04030002ddee",
     rewritten_keys<KeyExchange::ecdhe, ProtocolVersion::tls_1_2>,
     {8}},
    {"ServerKeyExchange ECDHE of TLS 1.1",
     "0300170404aabbcc0002ddee",
     rewritten_keys<KeyExchange::ecdhe, ProtocolVersion::tls_1_1>,
     {8}},
    {"ServerKeyExchange DHE of TLS 1.1",
     "0002abcd0001020002123400025678",
     rewritten_keys<KeyExchange::dhe, ProtocolVersion::tls_1_1>,
     {11}},
    {"ServerKeyExchange RSA_EXPORT",
     "0002abcd00030100010001ff",
     rewritten_keys<KeyExchange::rsa, ProtocolVersion::tls_1_0>,
     {9}},
    {"ServerKeyExchange PSK",
     "0003776869",
     rewritten_keys<KeyExchange::psk, ProtocolVersion::tls_1_2>,
     {}},
    {"ServerKeyExchange DHE_PSK",
     "0001770002abcd00010200021234",
     rewritten_keys<KeyExchange::dhe_psk, ProtocolVersion::tls_1_2>,
     {}},
    {"ServerKeyExchange ECDHE_PSK",
     "00017703001d02aabb",
     rewritten_keys<KeyExchange::ecdhe_psk, ProtocolVersion::tls_1_2>,
     {}},
    {"SSL 2.0 CLIENT-HELLO",
     "0100020006000000100100800700c0000102030405060708090a0b0c0d0e0f",
     rewritten<read_ssl2_client_hello>,
     {}},
    {"SSL 2.0 SERVER-HELLO",
     "04000100020002000300043000010080aabbccdd",
     rewritten<read_ssl2_server_hello>,
     {}},
    {"SSL 2.0 ERROR",
     "000001",
     rewritten<read_ssl2_error>,
     {}},
    {"server_name",
     "000b000008612e6578616d706c",
     rewritten_server_name,
     {}},
    {"supported_versions",
     "0403040303",
     rewritten_data<read_supported_versions, write_supported_versions>,
     {}},
    {"selected_version",
     "0304",
     rewritten_data<read_selected_version, write_selected_version>,
     {}},
    {"supported_groups",
     "0004001d0017",
     rewritten_data<read_supported_groups, write_supported_groups>,
     {}},
    {"signature_algorithms",
     "000404030804",
     rewritten_data<read_signature_algorithms, write_signature_algorithms>,
     {}},
    {"signature_algorithms_cert",
     "000404030804",
     rewritten_data<read_signature_algorithms, write_signature_algorithms_cert>,
     {}},
    {"client_shares",
     "000b001d0002aabb00170001cc",
     rewritten_data<read_client_shares, write_client_shares>,
     {}},
    {"server_share",
     "001d0002aabb",
     rewritten_data<read_server_share, write_server_share>,
     {}},
    {"selected_group",
     "0017",
     rewritten_data<read_selected_group, write_selected_group>,
     {}},
    {"application_layer_protocol_negotiation",
     "00050268320178",
     rewritten_data<read_alpn, write_alpn>,
     {}},
    {"ec_point_formats",
     "03000102",
     rewritten_data<read_ec_point_formats, write_ec_point_formats>,
     {}},
    {"psk_key_exchange_modes",
     "020001",
     rewritten_data<read_psk_key_exchange_modes, write_psk_key_exchange_modes>,
     {}},
    {"cookie",
     "0002aabb",
     rewritten_data<read_cookie, write_cookie>,
     {}},
    {"renegotiation_info",
     "02aabb",
     rewritten_data<read_renegotiation_info, write_renegotiation_info>,
     {}},
    {"extended_master_secret",
     "",
     rewritten_flag,
     {}},
    {"status_request",
     "0100030001aa0002bbcc",
     rewritten_data<read_status_request, write_status_request>,
     {}},
};
// clang-format on

} // namespace

const std::vector<MessageCase>& message_cases() {
    return k_cases;
}

const MessageCase& message_case(std::string_view name) {
    const auto at = std::ranges::find(k_cases, name, &MessageCase::name);
    assume(at != k_cases.end(), "a case of this name exists");
    return *at;
}

Bytes hex(std::string_view text) {
    const auto bytes = from_hex(text);
    assume(bytes.has_value(), "a test's bytes are hexadecimal");
    return *bytes;
}

std::vector<Block> blocks_of(std::string_view file) {
    std::ifstream in(TLSDOCTOR_SOURCE_DIR "/tests/wire/" + std::string(file));
    assume(in.good(), "the file of cases can be read");
    std::vector<Block> blocks(1);
    for (std::string line; std::getline(in, line);) {
        if (line.empty()) {
            blocks.emplace_back();
        } else if (line[0] != '#') {
            const std::size_t space = std::min(line.find(' '), line.size());
            blocks.back()[line.substr(0, space)] = trimmed(std::string_view(line).substr(space));
        }
    }
    std::erase_if(blocks, [](const Block& block) { return block.empty(); });
    return blocks;
}

} // namespace tlsdoctor::wire::test
