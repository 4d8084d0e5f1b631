// SPDX-License-Identifier: Apache-2.0
// Hellos that are composed factor by factor: their padding, their cut, and what goes before them.
#include <algorithm>

#include <doctest/doctest.h>

#include "probe/offers.hpp"
#include "reading.hpp"
#include "wire/extensions.hpp"

namespace tlsdoctor::probe {
namespace {

using evidence::Offer;
using evidence::Segmentation;
using evidence::Shape;
using testing::data_of;
using testing::read_hello;
using testing::read_offer;
using testing::ReadHello;

Question question(const Offer& offer) {
    return make_question({.shape = Shape::composed, .composed = offer}, seeded_random(1));
}

Offer plain() {
    Offer offer = version_offer(ProtocolVersion::tls_1_2, Shape::browser, "www.example.com");
    offer.shape = Shape::composed;
    return offer;
}

} // namespace

TEST_CASE("a hello is padded to the size that is asked for, or by at most three bytes more") {
    const std::size_t bare = read_offer(plain()).message_size;
    REQUIRE(bare < 256);
    for (std::size_t size = bare + 1; size <= 2'000; ++size) {
        Offer offer = plain();
        offer.padded_to = static_cast<std::uint16_t>(size);
        const Question asked = question(offer);
        const ReadHello read = read_hello(asked);
        CAPTURE(size);
        CHECK(read.message_size == std::max(size, bare + 4));
        CHECK(asked.offer.size == read.message_size);
        const auto padding = wire::read_padding(data_of(read.hello, ExtensionType::padding));
        CHECK(padding == read.message_size - bare - 4);
        CHECK(read.hello.extensions.back().type == ExtensionType::padding);
    }
}

TEST_CASE("a hello that is long enough already is not padded") {
    Offer offer = browser_of_today("www.example.com");
    const std::size_t bare = read_offer(offer).message_size;
    offer.padded_to = 700;
    const ReadHello read = read_offer(offer);
    CHECK(read.message_size == bare);
    CHECK(wire::find(read.hello.extensions, ExtensionType::padding) == nullptr);
}

TEST_CASE("without a size a composed hello keeps out of 256 to 511 bytes") {
    Offer offer = plain();
    for (int more = 0; more < 60; ++more) {
        offer.cipher_suites.push_back(CipherSuite{static_cast<std::uint16_t>(0xc000 + more)});
        const std::size_t size = read_offer(offer).message_size;
        CHECK((size < 256 || size >= 512));
    }
}

TEST_CASE("a hello of two records is one message") {
    Offer offer = browser_of_today("www.example.com");
    offer.segmentation = Segmentation::two_records;
    const Question asked = question(offer);
    const ReadHello read = read_hello(asked);
    CHECK(read.record_versions == std::vector{ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_0});
    CHECK(read.message_size == asked.offer.size);
    CHECK(asked.bytes.size() == asked.offer.size + 10U);
    CHECK(asked.cut_at == 0);
    offer.segmentation = Segmentation::whole;
    CHECK(read.hello == read_offer(offer).hello); // but for how it is cut
}

TEST_CASE("a hello of two segments is cut inside its one record") {
    Offer offer = plain();
    offer.segmentation = Segmentation::two_segments;
    const Question asked = question(offer);
    CHECK(read_hello(asked).record_versions.size() == 1);
    CHECK(asked.cut_at > 5);
    CHECK(asked.cut_at < asked.bytes.size());
    offer.segmentation = Segmentation::small_segments;
    CHECK(question(offer).cut_at == 0); // the kernel cuts
    CHECK(question(offer).bytes == question(plain()).bytes);
}

TEST_CASE("a PROXY header goes before the hello and changes nothing in it") {
    Offer offer = plain();
    offer.proxy_header = true;
    const Question asked = question(offer);
    const ReadHello read = read_hello(asked);
    CHECK(read.before == "PROXY TCP4 192.0.2.1 192.0.2.2 49152 443\r\n");
    CHECK(read.hello == read_offer(plain()).hello);
    CHECK(asked.offer.size == read.message_size); // of the message alone
    CHECK(read_offer(plain()).before.empty());
}

TEST_CASE("the number of the record is what the offer says") {
    for (const ProtocolVersion version :
         {ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_2}) {
        Offer offer = plain();
        offer.record_version = version;
        CHECK(read_offer(offer).record_versions == std::vector{version});
        CHECK(read_offer(offer).hello.legacy_version == ProtocolVersion::tls_1_2);
    }
}

TEST_CASE("compression, a fallback and GREASE are in the hello where they are offered") {
    Offer offer = plain();
    offer.compression = true;
    offer.fallback_scsv = true;
    offer.grease = true;
    const ReadHello read = read_offer(offer);
    CHECK(read.hello.legacy_compression_methods == Bytes{1, 0});
    CHECK(read.hello.cipher_suites.back() == CipherSuite::TLS_FALLBACK_SCSV);
    CHECK(testing::is_grease(static_cast<unsigned>(read.hello.cipher_suites.front())));
    CHECK(wire::find(read.hello.extensions, ExtensionType::key_share) == nullptr);
}

TEST_CASE("a hello from before extensions has none, even to fill it up") {
    Offer offer = version_offer(ProtocolVersion::tls_1_0, Shape::openssl, std::nullopt);
    offer.shape = Shape::composed;
    offer.groups.clear();
    offer.extensions.clear();
    offer.extended_master_secret = false;
    const ReadHello read = read_offer(offer);
    CHECK(read.hello.extensions.empty());
    CHECK_FALSE(read.hello.empty_extensions);
    CHECK(read.hello.legacy_version == ProtocolVersion::tls_1_0);
}

TEST_CASE("a request in clear is no hello") {
    const Question asked = make_question({.shape = Shape::plain}, seeded_random(1));
    CHECK(as_text(asked.bytes) == "GET / HTTP/1.0\r\n\r\n");
    CHECK(asked.offer.versions.empty());
    CHECK(asked.keys.empty());
}

TEST_CASE("keys that are kept are those of the shares in the hello") {
    const Ask ask{.shape = Shape::composed, .composed = browser_of_today("www.example.com")};
    const Question kept = make_question(ask, seeded_random(1), Keys::kept);
    CHECK(kept.look_inside);
    const auto shares =
        wire::read_client_shares(data_of(read_hello(kept).hello, ExtensionType::key_share));
    REQUIRE(shares.has_value());
    REQUIRE_FALSE(kept.keys.empty());
    for (const crypto::KeyShare& key : kept.keys) {
        const auto share = std::ranges::find(*shares, key.group(), &wire::KeyShareEntry::group);
        REQUIRE(share != shares->end());
        CHECK(share->key_exchange == key.public_bytes());
    }
    const Question thrown_away = make_question(ask, seeded_random(1));
    CHECK(thrown_away.keys.empty());
    CHECK_FALSE(thrown_away.look_inside);
}

} // namespace tlsdoctor::probe
