// SPDX-License-Identifier: Apache-2.0
// ClientHellos of others: RFC 8448's and what real programs sent (client_hellos.txt).
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "cases.hpp"
#include "wire/client_hello.hpp"
#include "wire/extensions.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;
using test::listed;

namespace {

// RFC 8448 section 3, "Simple 1-RTT Handshake": {client} construct a ClientHello handshake message.
constexpr std::string_view k_rfc_8448 =
    "010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006"
    "1301130313020100009100"
    "00000b0009000006736572766572ff01000100000a00140012001d0017001800190100010101020103"
    "010400230000003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d54"
    "13691e529aaf2c002b0003020304000d0020001e040305030603020308040805080604010501060102"
    "01040205020602020200"
    "2d00020101001c00024001";

/// Returns the only handshake message in a stream of records.
HandshakeMessage message_in(ByteView stream) {
    RecordReader records;
    records.feed(stream);
    HandshakeReader handshake;
    for (auto record = records.next(); record && *record; record = records.next()) {
        handshake.feed((*record)->fragment);
    }
    const auto message = handshake.next();
    REQUIRE(message);
    REQUIRE(message->has_value());
    CHECK(handshake.pending() == 0);
    return **message;
}

/// Reads an extension's data with `read`; nothing where the hello does not have it.
template <typename Read>
auto in_extension(const ClientHello& hello, ExtensionType type, Read read) {
    using Value = typename std::invoke_result_t<Read, ByteView>::value_type;
    const Extension* extension = find(hello.extensions, type);
    if (extension == nullptr) {
        return Value{};
    }
    const auto value = read(extension->data);
    REQUIRE(value);
    return *value;
}

std::string types_of(const ClientHello& hello) {
    std::vector<ExtensionType> types;
    for (const Extension& extension : hello.extensions) {
        types.push_back(extension.type);
    }
    return listed(types);
}

std::string groups_of(const std::vector<KeyShareEntry>& shares) {
    std::vector<NamedGroup> groups;
    for (const KeyShareEntry& share : shares) {
        groups.push_back(share.group);
    }
    return listed(groups);
}

std::string bytes_listed(ByteView bytes) {
    std::vector<std::string> words;
    for (const std::uint8_t byte : bytes) {
        words.push_back(to_hex(ByteView(&byte, 1)));
    }
    return joined(words, " ");
}

} // namespace

TEST_CASE("read_client_hello reads the ClientHello of RFC 8448") {
    HandshakeReader reader;
    reader.feed(test::hex(k_rfc_8448));
    const auto message = reader.next();
    REQUIRE(message->has_value());
    CHECK((*message)->type == HandshakeType::client_hello);
    const auto hello = read_client_hello((*message)->body);
    REQUIRE(hello);
    CHECK(hello->legacy_version == ProtocolVersion::tls_1_2);
    CHECK(listed(hello->cipher_suites) == "1301 1303 1302");
    CHECK(types_of(*hello) == "0000 ff01 000a 0023 0033 002b 000d 002d 001c");
    CHECK(host_name(hello->extensions) == "server");
    CHECK(
        in_extension(*hello, ExtensionType::supported_versions, read_supported_versions) ==
        std::vector{ProtocolVersion::tls_1_3}
    );
    CHECK(to_hex(handshake_message(HandshakeType::client_hello, write(*hello))) == k_rfc_8448);
}

TEST_CASE("the hellos of real clients hold what another reader found, and are written as they came"
) {
    const auto blocks = test::blocks_of("client_hellos.txt");
    CHECK(blocks.size() == 23);
    for (const test::Block& block : blocks) {
        CAPTURE(block.at("name"));
        const HandshakeMessage message = message_in(test::hex(block.at("hello")));
        CHECK(message.type == HandshakeType::client_hello);
        const auto read = read_client_hello(message.body);
        REQUIRE(read);
        const ClientHello& hello = *read;
        CHECK(write(hello) == message.body);
        CHECK(listed(hello.cipher_suites) == block.at("cipher_suites"));
        CHECK(types_of(hello) == block.at("extensions"));

        using Type = ExtensionType;
        const auto groups = in_extension(hello, Type::supported_groups, read_supported_groups);
        CHECK(listed(groups) == block.at("supported_groups"));
        const auto schemes =
            in_extension(hello, Type::signature_algorithms, read_signature_algorithms);
        CHECK(listed(schemes) == block.at("signature_algorithms"));
        const auto versions =
            in_extension(hello, Type::supported_versions, read_supported_versions);
        CHECK(listed(versions) == block.at("supported_versions"));
        const auto shares = in_extension(hello, Type::key_share, read_client_shares);
        CHECK(groups_of(shares) == block.at("key_share"));
        const auto alpn =
            in_extension(hello, Type::application_layer_protocol_negotiation, read_alpn);
        CHECK(joined(alpn, " ") == block.at("alpn"));
        const auto formats = in_extension(hello, Type::ec_point_formats, read_ec_point_formats);
        CHECK(bytes_listed(formats) == block.at("ec_point_formats"));
    }
}

TEST_CASE("the extensions of real clients are written by their writers as they came") {
    for (const test::Block& block : test::blocks_of("client_hellos.txt")) {
        CAPTURE(block.at("name"));
        const auto hello = read_client_hello(message_in(test::hex(block.at("hello"))).body);
        REQUIRE(hello);
        for (const Extension& extension : hello->extensions) {
            switch (extension.type) {
            case ExtensionType::server_name:
                CHECK(write_server_name(*host_name(hello->extensions)) == extension);
                break;
            case ExtensionType::supported_groups:
                CHECK(write_supported_groups(*read_supported_groups(extension.data)) == extension);
                break;
            case ExtensionType::key_share:
                CHECK(write_client_shares(*read_client_shares(extension.data)) == extension);
                break;
            case ExtensionType::supported_versions:
                CHECK(
                    write_supported_versions(*read_supported_versions(extension.data)) == extension
                );
                break;
            case ExtensionType::status_request:
                CHECK(write_status_request(*read_status_request(extension.data)) == extension);
                break;
            case ExtensionType::padding:
                CHECK(write_padding(*read_padding(extension.data)) == extension);
                break;
            case ExtensionType::extended_master_secret:
                CHECK(write_extended_master_secret() == extension);
                break;
            case ExtensionType::renegotiation_info:
                CHECK(write_renegotiation_info() == extension);
                break;
            default:
                break;
            }
        }
    }
}

TEST_CASE("a ClientHello offers null compression and TLS 1.2 unless it says otherwise") {
    const auto hello = read_client_hello(write(ClientHello{}));
    REQUIRE(hello);
    CHECK(hello->legacy_version == ProtocolVersion::tls_1_2);
    CHECK(hello->legacy_compression_methods == Bytes{0});
    CHECK_FALSE(hello->empty_extensions);
}

TEST_CASE("GREASE and repeated extensions survive") {
    ClientHello hello;
    hello.cipher_suites = {CipherSuite{0x1a1a}, CipherSuite{0x1301}};
    hello.extensions = {
        {.type = ExtensionType{0x2a2a}},
        {.type = ExtensionType::cookie, .data = test::hex("00")},
        {.type = ExtensionType{0x2a2a}, .data = test::hex("ff")},
    };
    CHECK(read_client_hello(write(hello)) == hello);
}
