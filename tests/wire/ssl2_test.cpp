// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "cases.hpp"
#include "wire/ssl2.hpp"
#include "wire/ssl2_record.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;
using test::listed;

namespace {

// Sent by OpenSSL 0.9.7m s_client to a recorder: SSL 2.0's format, and TLS 1.0 at most.
constexpr std::string_view k_openssl_0_9_7m =
    "807a01030100510000002000003900003800003500001600001300000a0700c000003300003200002f"
    "000007000005000004050080030080010080000015000012000009060040000014000011000008"
    "000006000003040080020080"
    "155cd7c6b73c32c258c3fe78b24a3e1eb48317965305e6320a60d9a144988344";

// Sent by OpenSSL 0.9.8zf s_client: the same form, with TLS_EMPTY_RENEGOTIATION_INFO_SCSV.
constexpr std::string_view k_openssl_0_9_8zf =
    "805901030100300000002000003900003800003500001600001300000a00003300003200002f000007"
    "0000050000040000150000120000090000ff"
    "8423ff459093a1382690d0f2782e396371f5fb840d4095127ec345154b0af58c";

Ssl2ClientHello ssl2_hello_in(std::string_view stream) {
    CHECK(framing_of(test::hex(stream)) == Framing::ssl2);
    Ssl2RecordReader records;
    records.feed(test::hex(stream));
    const auto record = records.next();
    REQUIRE(record->has_value());
    CHECK(records.pending().empty());
    const auto hello = read_ssl2_client_hello((*record)->data);
    REQUIRE(hello);
    CHECK(to_hex(ssl2_record(write(*hello))) == stream);
    return *hello;
}

} // namespace

TEST_CASE("the compatible hellos of real clients hold kinds of SSL 2.0 and suites of TLS") {
    const Ssl2ClientHello hello = ssl2_hello_in(k_openssl_0_9_7m);
    CHECK(hello.version == ProtocolVersion::tls_1_0);
    CHECK(hello.cipher_specs.size() == 27);
    CHECK(hello.cipher_specs[6] == 0x0700c0);
    CHECK(hello.session_id.empty());
    CHECK(hello.challenge.size() == 32);
    CHECK(
        listed(cipher_suites_of(hello)) == "0039 0038 0035 0016 0013 000a 0033 0032 002f 0007 0005 "
                                           "0004 0015 0012 0009 0014 0011 0008 0006 0003"
    );
    CHECK(
        cipher_suites_of(ssl2_hello_in(k_openssl_0_9_8zf)).back() ==
        CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV
    );
}

TEST_CASE("a SERVER-HELLO's fields come out in their places") {
    const auto hello =
        read_ssl2_server_hello(test::hex(test::message_case("SSL 2.0 SERVER-HELLO").hex));
    REQUIRE(hello);
    CHECK(hello->session_id_hit == 0);
    CHECK(hello->certificate_type == 1);
    CHECK(hello->server_version == ProtocolVersion::ssl_2_0);
    CHECK(hello->certificate == test::hex("3000"));
    CHECK(hello->cipher_specs == std::vector<std::uint32_t>{0x010080});
    CHECK(hello->connection_id == test::hex("aabbccdd"));
}

TEST_CASE("an ERROR names its code") {
    CHECK(read_ssl2_error(test::hex("000001"))->error_code == Ssl2ErrorCode::no_cipher);
    CHECK(read_ssl2_error(test::hex("00ffff"))->error_code == Ssl2ErrorCode{0xffff});
}

TEST_CASE("a message of another type is refused") {
    const auto hello = read_ssl2_server_hello(test::hex("000001"));
    REQUIRE_FALSE(hello);
    CHECK(describe(hello.error()) == "MSG-TYPE at byte 0: is another message");
    CHECK_FALSE(read_ssl2_client_hello(test::hex("000001")));
    CHECK_FALSE(read_ssl2_error(test::hex("040001")));
}

TEST_CASE("cipher specs that end before their length are refused") {
    const auto hello = read_ssl2_client_hello(test::hex("01"
                                                        "0002"
                                                        "0006"
                                                        "0000"
                                                        "0000"
                                                        "010080"));
    REQUIRE_FALSE(hello);
    CHECK(describe(hello.error()) == "CIPHER-SPECS-DATA at byte 9: needs 6 bytes, has 3");
}
