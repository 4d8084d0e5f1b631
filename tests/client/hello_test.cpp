// SPDX-License-Identifier: Apache-2.0
// Reading a hello from its records, whole, cut and in SSL 2.0's format.
#include "client/hello.hpp"

#include <doctest/doctest.h>

#include "base/digest.hpp"
#include "client/fingerprint.hpp"

namespace tlsdoctor::client {

namespace {

// curl 7.88.1 of Debian 12, captured on loopback.
constexpr std::string_view k_curl_debian12 =
    "1603010200010001fc030316d587b50ffce755613bc2972ccfe746ff559ec9f7bce072bb282db168d1aa5d20762de6"
    "b7fcce8314bfc7358ebf5225c27dfa8b79370a7c64bc51662a281632b1003e130213031301c02cc030009fcca9cca8"
    "ccaac02bc02f009ec024c028006bc023c0270067c00ac0140039c009c0130033009d009c003d003c0035002f00ff01"
    "00017500000014001200000f7777772e6578616d706c652e636f6d000b000403000102000a00160014001d0017001e"
    "00190018010001010102010301040010000e000c02683208687474702f312e31001600000017000000310000000d00"
    "2a0028040305030603080708080809080a080b08040805080604010501060103030301030204020502060200"
    "2b0009080304030303020301002d00020101003300260024001d0020a4ecc68d626bb115a4235de08929955c5dc8a4"
    "9c81cd90dcd95b28a07e586875001500ae";

// OpenSSL 0.9.7m s_client: TLS 1.0 in SSL 2.0's format.
constexpr std::string_view k_openssl_097 =
    "807a01030100510000002000003900003800003500001600001300000a0700c000003300003200002f000007000005"
    "000004050080030080010080000015000012000009060040000014000011000008000006000003040080020080155c"
    "d7c6b73c32c258c3fe78b24a3e1eb48317965305e6320a60d9a144988344";

Bytes curl_hello() {
    Bytes bytes = *from_hex(k_curl_debian12);
    bytes.resize(517); // its padding is zeros
    return bytes;
}

} // namespace

TEST_CASE("read_hello takes every list of a real hello") {
    const auto fields = read_hello(curl_hello());
    REQUIRE(fields);
    CHECK(fields->record_version == ProtocolVersion::tls_1_0);
    CHECK(fields->legacy_version == ProtocolVersion::tls_1_2);
    CHECK(fields->versions.size() == 4);
    CHECK(offered_versions(*fields).front() == ProtocolVersion::tls_1_3);
    CHECK(fields->cipher_suites.size() == 31);
    CHECK(fields->extensions.size() == 12);
    CHECK(fields->groups.size() == 10);
    CHECK(fields->key_share_groups == std::vector{NamedGroup::x25519});
    CHECK(fields->signature_algorithms.size() == 20);
    CHECK(fields->alpn == std::vector<std::string>{"h2", "http/1.1"});
    CHECK(fields->sni == "www.example.com");
    CHECK(fields->session_id_size == 32);
    CHECK(fields->size == 517);
    CHECK(fields->unreadable.empty());
    CHECK(ja3(*fields) == "0149f47eabf9a20d0893e2a44e5a6323");
    CHECK(ja4(*fields) == "t13d3112h2_e8f1e7e78f70_b26ce05bbdd6");
}

TEST_CASE("read_hello takes the cipher kinds of a hello in SSL 2.0's format") {
    const auto fields = read_hello(*from_hex(k_openssl_097));
    REQUIRE(fields);
    CHECK(fields->sslv2);
    CHECK(fields->legacy_version == ProtocolVersion::tls_1_0);
    CHECK(fields->sslv2_cipher_kinds.size() == 27);
    CHECK(fields->cipher_suites.size() == 20);
    CHECK(fields->size == 124);
    CHECK(ja3(*fields) == "96eba628dcb2b47607192ba74a3b55ba");
    CHECK(ja4(*fields) == "t10i200000_7a8729778d1e_000000000000");
}

TEST_CASE("read_hello refuses every truncation, and ignores what follows") {
    const Bytes hellos[] = {curl_hello(), *from_hex(k_openssl_097)};
    for (const Bytes& whole : hellos) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            CAPTURE(size);
            CHECK_FALSE(read_hello(ByteView(whole).first(size)));
        }
        Bytes longer = whole;
        longer.insert(longer.end(), 100, 0x16);
        CHECK(read_hello(longer) == read_hello(whole));
    }
}

TEST_CASE("read_hello says what other bytes are not") {
    CHECK_FALSE(read_hello(as_bytes("GET / HTTP/1.1\r\n\r\n")));
    CHECK_FALSE(read_hello(*from_hex("15030100020228")));
}

TEST_CASE("the digests are those of the standards") {
    CHECK(to_hex(md5("")) == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(to_hex(md5("message digest")) == "f96b697d7cb7938d525a2f31aaf161d0");
    CHECK(
        to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    const std::string long_text(1000, 'a');
    CHECK(to_hex(md5(long_text)) == "cabe45dcc9ae5b66ba86600cca6b8ba8");
    CHECK(
        to_hex(sha256(long_text)) ==
        "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
    );
}

} // namespace tlsdoctor::client
