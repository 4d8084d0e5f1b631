// SPDX-License-Identifier: Apache-2.0
#include "peer/scripts.hpp"

#include <array>

#include <doctest/doctest.h>

#include "wire/client_hello.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/server_hello.hpp"

namespace tlsdoctor::peer {

namespace {

/// Two records: a ServerHello of TLS 1.2, and another message.
Bytes flight() {
    const wire::ServerHello hello{.cipher_suite = CipherSuite{0xc02f}};
    const auto v12 = ProtocolVersion::tls_1_2;
    const auto type = wire::ContentType::handshake;
    Bytes all = wire::record(
        type, v12, wire::handshake_message(wire::HandshakeType::server_hello, wire::write(hello))
    );
    const Bytes more = wire::record(
        type, v12, wire::handshake_message(wire::HandshakeType::server_hello_done, {})
    );
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

Bytes hello_with(std::vector<CipherSuite> suites) {
    const wire::ClientHello hello{.cipher_suites = std::move(suites)};
    return wire::record(
        wire::ContentType::handshake, ProtocolVersion::tls_1_0,
        wire::handshake_message(wire::HandshakeType::client_hello, wire::write(hello))
    );
}

std::optional<wire::Record> first(ByteView bytes) {
    wire::RecordReader reader;
    reader.feed(bytes);
    auto record = reader.next();
    return record ? *record : std::nullopt;
}

} // namespace

TEST_CASE("scripts change what they are made to change, and nothing else") {
    const Bytes whole = flight();
    const Bytes hello = first_record(whole);
    CHECK(hello.size() + 9 == whole.size());
    CHECK(half_of_first_record(whole).size() == hello.size() / 2);
    CHECK(
        first(with_record_version(whole, ProtocolVersion{0x0505}))->version ==
        ProtocolVersion{0x0505}
    );
    const auto changed = first(with_server_version(whole, ProtocolVersion{0x0305}));
    const auto read = wire::read_server_hello(ByteView(changed->fragment).subspan(4));
    CHECK(read->legacy_version == ProtocolVersion{0x0305});
    const Bytes damaged = with_damage(whole, 1);
    CHECK(damaged.size() == whole.size());
    CHECK(damaged.back() == (whole.back() ^ 1));
    CHECK(with_damage(whole, 7) == whole);
}

TEST_CASE("scripts survive what is no flight") {
    for (const Bytes& bytes : {Bytes{}, Bytes{0x16}, Bytes{0x16, 3, 3, 0xff, 0xff, 1}}) {
        CAPTURE(bytes.size());
        CHECK(first_record(bytes) == bytes);
        CHECK(half_of_first_record(bytes).size() == bytes.size() / 2);
        CHECK(with_damage(bytes, 0) == bytes);
        CHECK(with_server_version(bytes, ProtocolVersion{1}).size() == bytes.size());
        CHECK(static_rsa_flight(bytes, {}, ProtocolVersion::ssl_3_0, {}).size() == 7);
        CHECK_FALSE(is_key_exchange(bytes));
    }
}

TEST_CASE("oversized_record is more than the reader bears") {
    wire::RecordReader reader;
    reader.feed(oversized_record());
    CHECK_FALSE(reader.next().has_value());
    CHECK(garbage() == garbage());
    CHECK_FALSE(first(garbage()).has_value());
}

TEST_CASE("static_rsa_flight chooses a suite that was offered") {
    const Bytes certificate(300, 0x30);
    const std::array suites = {CipherSuite{0x0005}, CipherSuite{0x000a}};
    const auto answer_to = [&](std::vector<CipherSuite> offered) {
        return first(static_rsa_flight(
            hello_with(std::move(offered)), certificate, ProtocolVersion::ssl_3_0, suites
        ));
    };
    const auto chosen = answer_to({CipherSuite{0xc02f}, CipherSuite{0x000a}});
    CHECK(chosen->version == ProtocolVersion::ssl_3_0);
    const auto hello = wire::read_server_hello(ByteView(chosen->fragment).subspan(4));
    CHECK(hello->cipher_suite == CipherSuite{0x000a});
    CHECK(hello->legacy_version == ProtocolVersion::ssl_3_0);

    const auto refused = answer_to({CipherSuite{0xc02f}});
    CHECK(refused->type == wire::ContentType::alert);
    CHECK(refused->fragment == Bytes{2, 40});
    CHECK(is_key_exchange(Bytes{0x16, 3, 0, 0, 4, 16, 0, 0, 0}));
}

} // namespace tlsdoctor::peer
