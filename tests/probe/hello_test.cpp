// SPDX-License-Identifier: Apache-2.0
// Every hello that can go out, read back with wire's own readers and held to what its Offer says.
#include "probe/hello.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "probe/offers.hpp"
#include "reading.hpp"
#include "wire/client_hello.hpp"
#include "wire/extensions.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/ssl2.hpp"
#include "wire/ssl2_record.hpp"

namespace tlsdoctor::probe {
namespace {

using evidence::Purpose;
using evidence::Shape;
using testing::data_of;
using testing::k_shapes;
using testing::k_ssl_3_0_and_later;

constexpr std::uint64_t k_seed = 1;

/// A question whose bytes are the same in every run.
Question
version_question(ProtocolVersion version, Shape shape, std::optional<std::string> sni = {}) {
    return make_question(
        {.version = version, .shape = shape, .sni = std::move(sni)}, seeded_random(k_seed)
    );
}

/// A hello as its receiver reads it.
struct Read {
    ProtocolVersion record_version{};
    std::size_t message_size{}; ///< with its header
    wire::ClientHello hello{};
};

Read read_back(const Question& question) {
    wire::RecordReader records;
    records.feed(question.bytes);
    const auto record = records.next();
    REQUIRE(record.has_value());
    REQUIRE(record->has_value());
    CHECK(records.pending().empty());
    CHECK((*record)->type == wire::ContentType::handshake);
    wire::HandshakeReader messages;
    messages.feed((*record)->fragment);
    const auto message = messages.next();
    REQUIRE(message.has_value());
    REQUIRE(message->has_value());
    CHECK(messages.pending() == 0);
    CHECK((*message)->type == wire::HandshakeType::client_hello);
    const auto hello = wire::read_client_hello((*message)->body);
    REQUIRE(hello.has_value());
    return {
        .record_version = (*record)->version,
        .message_size = (*record)->fragment.size(),
        .hello = *hello,
    };
}

bool carries(const wire::ClientHello& hello, ExtensionType type) {
    return wire::find(hello.extensions, type) != nullptr;
}

std::vector<ExtensionType> types_of(const wire::ClientHello& hello) {
    std::vector<ExtensionType> types;
    for (const wire::Extension& extension : hello.extensions) {
        types.push_back(extension.type);
    }
    return types;
}

template <typename T>
std::vector<T> sorted(std::vector<T> list) {
    std::ranges::sort(list);
    return list;
}

/// A name of exactly `length` characters, in labels of at most 49.
std::string name_of_length(std::size_t length) {
    std::string name(length, 'a');
    for (std::size_t at = 49; at < length; at += 50) {
        name[at] = '.';
    }
    return name;
}

} // namespace

TEST_CASE("a hello of SSL 3.0 to TLS 1.3 says on the wire what its offer says") {
    for (const ProtocolVersion version : k_ssl_3_0_and_later) {
        for (const Shape shape : k_shapes) {
            CAPTURE(name_of(version));
            CAPTURE(evidence::name_of(shape));
            const Question asked = version_question(version, shape, "www.example.com");
            const Read read = read_back(asked);
            CHECK(evidence::offers_only(asked.offer, version));
            CHECK(asked.offer.shape == shape);
            CHECK(read.hello.legacy_version == std::min(version, ProtocolVersion::tls_1_2));
            CHECK(read.hello.legacy_compression_methods == Bytes{0});
            std::vector<CipherSuite> suites = read.hello.cipher_suites;
            std::erase(suites, CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
            CHECK(suites == asked.offer.cipher_suites);
            CHECK(wire::host_name(read.hello.extensions) == asked.offer.sni);
        }
    }
}

TEST_CASE("the groups of a TLS hello are those of its offer") {
    for (const ProtocolVersion version : std::span(k_ssl_3_0_and_later).subspan(1)) {
        for (const Shape shape : k_shapes) {
            CAPTURE(name_of(version));
            CAPTURE(evidence::name_of(shape));
            const Question asked = version_question(version, shape);
            const Read read = read_back(asked);
            const auto groups =
                wire::read_supported_groups(data_of(read.hello, ExtensionType::supported_groups));
            REQUIRE(groups.has_value());
            CHECK(*groups == asked.offer.groups);
            CHECK_FALSE(groups->empty());
        }
    }
}

TEST_CASE("no hello below TLS 1.3 names a version in an extension") {
    for (const ProtocolVersion version : k_ssl_3_0_and_later) {
        for (const Shape shape : k_shapes) {
            CAPTURE(name_of(version));
            CAPTURE(evidence::name_of(shape));
            const Read read = read_back(version_question(version, shape, "www.example.com"));
            const bool newest = version == ProtocolVersion::tls_1_3;
            CHECK(carries(read.hello, ExtensionType::supported_versions) == newest);
            CHECK(carries(read.hello, ExtensionType::key_share) == newest);
            CHECK(carries(read.hello, ExtensionType::psk_key_exchange_modes) == newest);
        }
    }
}

TEST_CASE("a TLS 1.3 hello lists TLS 1.3 alone") {
    for (const Shape shape : k_shapes) {
        CAPTURE(evidence::name_of(shape));
        const Read read = read_back(version_question(ProtocolVersion::tls_1_3, shape));
        const auto versions =
            wire::read_supported_versions(data_of(read.hello, ExtensionType::supported_versions));
        REQUIRE(versions.has_value());
        CHECK(*versions == std::vector{ProtocolVersion::tls_1_3});
    }
}

TEST_CASE("a record says SSL 3.0 for SSL 3.0 and TLS 1.0 for all later versions") {
    for (const ProtocolVersion version : k_ssl_3_0_and_later) {
        for (const Shape shape : k_shapes) {
            CAPTURE(name_of(version));
            const bool oldest = version == ProtocolVersion::ssl_3_0;
            CHECK(
                read_back(version_question(version, shape)).record_version ==
                (oldest ? ProtocolVersion::ssl_3_0 : ProtocolVersion::tls_1_0)
            );
        }
    }
}

TEST_CASE("SSL 3.0 goes without extensions, and so without a name, even where one is given") {
    for (const Shape shape : k_shapes) {
        CAPTURE(evidence::name_of(shape));
        const Question asked = version_question(ProtocolVersion::ssl_3_0, shape, "www.example.com");
        const Read read = read_back(asked);
        CHECK(read.hello.extensions.empty());
        CHECK_FALSE(read.hello.empty_extensions);
        CHECK(asked.offer.sni == std::nullopt);
        CHECK(asked.offer.groups.empty());
    }
}

TEST_CASE("a name is sent where one is asked for, and only there") {
    for (const ProtocolVersion version : std::span(k_ssl_3_0_and_later).subspan(1)) {
        for (const Shape shape : k_shapes) {
            CAPTURE(name_of(version));
            CAPTURE(evidence::name_of(shape));
            const Read named = read_back(version_question(version, shape, "www.example.com"));
            CHECK(named.hello.extensions.front().type == ExtensionType::server_name);
            CHECK(wire::host_name(named.hello.extensions) == "www.example.com");
            const Question nameless = version_question(version, shape);
            CHECK_FALSE(carries(read_back(nameless).hello, ExtensionType::server_name));
            CHECK(nameless.offer.sni == std::nullopt);
        }
    }
}

TEST_CASE("secure renegotiation is a suite in one shape and an extension in the other") {
    for (const ProtocolVersion version : k_ssl_3_0_and_later) {
        CAPTURE(name_of(version));
        constexpr auto scsv = CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV;
        const Read openssl = read_back(version_question(version, Shape::openssl));
        CHECK(openssl.hello.cipher_suites.back() == scsv);
        CHECK(std::ranges::count(openssl.hello.cipher_suites, scsv) == 1);
        CHECK_FALSE(carries(openssl.hello, ExtensionType::renegotiation_info));
        const Read browser = read_back(version_question(version, Shape::browser));
        CHECK(std::ranges::count(browser.hello.cipher_suites, scsv) == 0);
        const bool extended = version > ProtocolVersion::ssl_3_0;
        CHECK(carries(browser.hello, ExtensionType::renegotiation_info) == extended);
    }
}

TEST_CASE("TLS_FALLBACK_SCSV is never offered") {
    for (const ProtocolVersion version : k_ssl_3_0_and_later) {
        for (const Shape shape : k_shapes) {
            CAPTURE(name_of(version));
            const Read read = read_back(version_question(version, shape));
            CHECK(std::ranges::count(read.hello.cipher_suites, CipherSuite{0x5600}) == 0);
        }
    }
}

TEST_CASE("signature_algorithms goes with TLS 1.2 and later, for which it was made") {
    for (const ProtocolVersion version : k_ssl_3_0_and_later) {
        for (const Shape shape : k_shapes) {
            CAPTURE(name_of(version));
            const Read read = read_back(version_question(version, shape));
            const bool expected = version >= ProtocolVersion::tls_1_2;
            CHECK(carries(read.hello, ExtensionType::signature_algorithms) == expected);
        }
    }
}

TEST_CASE("no extension stands twice, and none that a reader of wire cannot read") {
    for (const ProtocolVersion version : std::span(k_ssl_3_0_and_later).subspan(1)) {
        for (const Shape shape : k_shapes) {
            CAPTURE(name_of(version));
            CAPTURE(evidence::name_of(shape));
            const wire::ClientHello hello =
                read_back(version_question(version, shape, "a.example")).hello;
            const auto types = sorted(types_of(hello));
            CHECK(std::ranges::adjacent_find(types) == types.end());
            CHECK(wire::read_ec_point_formats(data_of(hello, ExtensionType::ec_point_formats)));
            CHECK(wire::read_session_ticket(data_of(hello, ExtensionType::session_ticket)));
            CHECK(wire::read_flag(data_of(hello, ExtensionType::extended_master_secret)));
        }
    }
}

TEST_CASE("a browser's hello also has what only browsers send") {
    const wire::ClientHello hello =
        read_back(version_question(ProtocolVersion::tls_1_2, Shape::browser)).hello;
    const auto protocols =
        wire::read_alpn(data_of(hello, ExtensionType::application_layer_protocol_negotiation));
    REQUIRE(protocols.has_value());
    CHECK(*protocols == std::vector<std::string>{"h2", "http/1.1"});
    CHECK(wire::read_status_request(data_of(hello, ExtensionType::status_request)));
}

TEST_CASE("the key shares of TLS 1.3 are for offered groups and have their groups' sizes") {
    struct Case {
        Shape shape{};
        std::vector<std::pair<NamedGroup, std::size_t>> shares{};
    };
    const Case cases[] = {
        {Shape::openssl, {{NamedGroup::x25519, 32}}},
        {Shape::browser, {{NamedGroup::x25519, 32}, {NamedGroup::secp256r1, 65}}},
    };
    for (const Case& c : cases) {
        CAPTURE(evidence::name_of(c.shape));
        const Question asked = version_question(ProtocolVersion::tls_1_3, c.shape);
        const Read read = read_back(asked);
        const auto shares = wire::read_client_shares(data_of(read.hello, ExtensionType::key_share));
        REQUIRE(shares.has_value());
        REQUIRE(shares->size() == c.shares.size());
        for (std::size_t i = 0; i < c.shares.size(); ++i) {
            CHECK((*shares)[i].group == c.shares[i].first);
            CHECK((*shares)[i].key_exchange.size() == c.shares[i].second);
            CHECK(std::ranges::count(asked.offer.groups, c.shares[i].first) == 1);
        }
    }
}

TEST_CASE("a cheap hello has no key share, and below TLS 1.3 static RSA alone") {
    const Read newest = read_back(version_question(ProtocolVersion::tls_1_3, Shape::cheap));
    const auto shares = wire::read_client_shares(data_of(newest.hello, ExtensionType::key_share));
    REQUIRE(shares.has_value());
    CHECK(shares->empty());
    for (const ProtocolVersion version :
         {ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1, ProtocolVersion::tls_1_2}) {
        for (const CipherSuite suite :
             version_question(version, Shape::cheap).offer.cipher_suites) {
            CAPTURE(name_of(suite));
            REQUIRE(find(suite) != nullptr);
            CHECK(find(suite)->key_exchange == KeyExchange::rsa);
        }
    }
}

TEST_CASE("a P-256 share is an uncompressed point") {
    const Read read = read_back(version_question(ProtocolVersion::tls_1_3, Shape::browser));
    const auto shares = wire::read_client_shares(data_of(read.hello, ExtensionType::key_share));
    REQUIRE(shares.has_value());
    CHECK(shares->back().key_exchange.front() == 0x04);
}

TEST_CASE("no length of a name makes a message of 256 to 511 bytes or a record of a segment") {
    for (const ProtocolVersion version : k_ssl_3_0_and_later) {
        for (const Shape shape : k_shapes) {
            for (std::size_t length = 0; length <= 253; ++length) {
                CAPTURE(name_of(version));
                CAPTURE(evidence::name_of(shape));
                CAPTURE(length);
                const Question asked = version_question(version, shape, name_of_length(length));
                const Read read = read_back(asked);
                const bool chokes = read.message_size >= 256 && read.message_size < 512;
                CHECK_FALSE(chokes);
                CHECK(asked.bytes.size() < 1460);
                CHECK(wire::host_name(read.hello.extensions) == asked.offer.sni);
            }
        }
    }
}

TEST_CASE("padding is used, stands last and is made of zeros") {
    std::size_t padded = 0;
    for (std::size_t length = 1; length <= 253; ++length) {
        CAPTURE(length);
        const wire::ClientHello hello =
            read_back(
                version_question(ProtocolVersion::tls_1_3, Shape::openssl, name_of_length(length))
            )
                .hello;
        if (carries(hello, ExtensionType::padding)) {
            ++padded;
            CHECK(hello.extensions.back().type == ExtensionType::padding);
            CHECK(wire::read_padding(hello.extensions.back().data));
        }
    }
    CHECK(padded > 100);
}

TEST_CASE("the same random source gives the same bytes, another one others of the same length") {
    for (const ProtocolVersion version : k_versions) {
        for (const Shape shape : {Shape::openssl, Shape::browser, Shape::ssl2}) {
            CAPTURE(name_of(version));
            CAPTURE(evidence::name_of(shape));
            const Ask ask{.version = version, .shape = shape, .sni = "www.example.com"};
            const Question one = make_question(ask, seeded_random(k_seed));
            const Question again = make_question(ask, seeded_random(k_seed));
            const Question other = make_question(ask, seeded_random(k_seed + 1));
            CHECK(one.bytes == again.bytes);
            CHECK(one.bytes != other.bytes);
            CHECK(one.bytes.size() == other.bytes.size());
        }
    }
}

TEST_CASE("one random source never gives the same hello twice") {
    const RandomSource random = seeded_random(k_seed);
    const Ask ask{.version = ProtocolVersion::tls_1_2, .shape = Shape::openssl};
    const Question one = make_question(ask, random);
    const Question next = make_question(ask, random);
    CHECK(read_back(one).hello.random != read_back(next).hello.random);
}

TEST_CASE("the two shapes differ in their extensions' order and in their suites' order") {
    for (const ProtocolVersion version : k_ssl_3_0_and_later) {
        CAPTURE(name_of(version));
        const Read openssl = read_back(version_question(version, Shape::openssl));
        const Read browser = read_back(version_question(version, Shape::browser));
        const bool extended = version > ProtocolVersion::ssl_3_0;
        CHECK((types_of(openssl.hello) != types_of(browser.hello)) == extended);
        CHECK(openssl.hello.cipher_suites != browser.hello.cipher_suites);
        const auto half = [](const Read& read) {
            const auto& suites = read.hello.cipher_suites;
            return std::vector(suites.begin(), suites.begin() + 5);
        };
        CHECK(half(openssl) != half(browser));
    }
}

TEST_CASE("the extensions that both shapes have stand in another order") {
    const auto shared_order = [](Shape one, Shape other) {
        auto types = types_of(read_back(version_question(ProtocolVersion::tls_1_2, one)).hello);
        const wire::ClientHello reference =
            read_back(version_question(ProtocolVersion::tls_1_2, other)).hello;
        std::erase_if(types, [&](ExtensionType type) { return !carries(reference, type); });
        return types;
    };
    const auto openssl = shared_order(Shape::openssl, Shape::browser);
    const auto browser = shared_order(Shape::browser, Shape::openssl);
    CHECK(sorted(openssl) == sorted(browser));
    CHECK(openssl != browser);
}

TEST_CASE("SSL 2.0 is asked for in its own CLIENT-HELLO with its seven cipher kinds") {
    const Question asked =
        version_question(ProtocolVersion::ssl_2_0, Shape::ssl2, "www.example.com");
    CHECK(wire::framing_of(asked.bytes) == wire::Framing::ssl2);
    wire::Ssl2RecordReader records;
    records.feed(asked.bytes);
    const auto record = records.next();
    REQUIRE(record.has_value());
    REQUIRE(record->has_value());
    CHECK(records.pending().empty());
    const auto hello = wire::read_ssl2_client_hello((*record)->data);
    REQUIRE(hello.has_value());
    CHECK(hello->version == ProtocolVersion::ssl_2_0);
    CHECK(hello->challenge.size() == 16);
    CHECK(hello->session_id.empty());
    CHECK(std::ranges::equal(hello->cipher_specs, ssl2_cipher_kinds_offered()));
    CHECK(evidence::offers_only(asked.offer, ProtocolVersion::ssl_2_0));
    CHECK(asked.offer.sni == std::nullopt);
    CHECK(asked.offer.cipher_suites.empty());
}

TEST_CASE("a question that listens sends nothing and offers nothing") {
    const Question asked =
        make_question({.purpose = Purpose::banner, .shape = Shape::nothing}, seeded_random(k_seed));
    CHECK(asked.bytes.empty());
    CHECK(asked.offer.versions.empty());
    CHECK(asked.offer.cipher_suites.empty());
    CHECK(asked.offer.sni == std::nullopt);
    CHECK(asked.offer.shape == Shape::nothing);
    CHECK(asked.purpose == Purpose::banner);
}

TEST_CASE("a question keeps the purpose that it was asked for") {
    for (const Purpose purpose : {Purpose::version, Purpose::name, Purpose::control}) {
        CAPTURE(evidence::name_of(purpose));
        const Ask ask{
            .purpose = purpose, .version = ProtocolVersion::tls_1_2, .shape = Shape::openssl
        };
        CHECK(make_question(ask, seeded_random(k_seed)).purpose == purpose);
    }
}

} // namespace tlsdoctor::probe
