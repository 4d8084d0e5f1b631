// SPDX-License-Identifier: Apache-2.0
// The hellos of today's clients and of older ones, read back and held to what their offers say.
#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "evidence/factors.hpp"
#include "probe/offers.hpp"
#include "reading.hpp"
#include "wire/extensions.hpp"

namespace tlsdoctor::probe {
namespace {

using evidence::Offer;
using evidence::Renegotiation;
using testing::data_of;
using testing::is_grease;
using testing::read_offer;
using testing::ReadHello;
using testing::without_grease;
using enum ExtensionType;

constexpr std::uint64_t k_seeds = 64;

const std::optional<std::string> k_name = "www.example.com";

std::vector<Offer> all_clients() {
    return {
        browser_of_today(k_name), browser_of_yesterday(k_name),
        older_client(k_name),     dhe_only(k_name),
        fallback(k_name),
    };
}

bool has(const wire::ClientHello& hello, ExtensionType type) {
    return wire::find(hello.extensions, type) != nullptr;
}

std::vector<NamedGroup> groups_in(const wire::ClientHello& hello) {
    return has(hello, supported_groups)
               ? wire::read_supported_groups(data_of(hello, supported_groups)).value()
               : std::vector<NamedGroup>{};
}

std::vector<wire::KeyShareEntry> shares_in(const wire::ClientHello& hello) {
    return has(hello, key_share) ? wire::read_client_shares(data_of(hello, key_share)).value()
                                 : std::vector<wire::KeyShareEntry>{};
}

std::vector<ProtocolVersion> versions_in(const wire::ClientHello& hello) {
    return has(hello, supported_versions)
               ? wire::read_supported_versions(data_of(hello, supported_versions)).value()
               : std::vector{hello.legacy_version};
}

std::vector<std::string> protocols_in(const wire::ClientHello& hello) {
    return has(hello, application_layer_protocol_negotiation)
               ? wire::read_alpn(data_of(hello, application_layer_protocol_negotiation)).value()
               : std::vector<std::string>{};
}

std::vector<CipherSuite> suites_in(const wire::ClientHello& hello) {
    std::vector<CipherSuite> suites = without_grease(hello.cipher_suites);
    std::erase(suites, CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
    std::erase(suites, CipherSuite::TLS_FALLBACK_SCSV);
    return suites;
}

bool offers(const wire::ClientHello& hello, CipherSuite suite) {
    return std::ranges::count(hello.cipher_suites, suite) == 1;
}

/// Unpacks the 12-bit numbers of an ML-KEM key [FIPS 203 4.2.1, ByteDecode].
std::vector<unsigned> coefficients_of(ByteView packed) {
    std::vector<unsigned> numbers;
    for (std::size_t i = 0; i + 2 < packed.size(); i += 3) {
        numbers.push_back(packed[i] | (packed[i + 1] & 0x0fU) << 8U);
        numbers.push_back(packed[i + 1] >> 4U | unsigned{packed[i + 2]} << 4U);
    }
    return numbers;
}

} // namespace

TEST_CASE("a client's hello says on the wire what its offer says") {
    for (const Offer& offer : all_clients()) {
        CAPTURE(describe(offer));
        const ReadHello read = read_offer(offer);
        CHECK(read.before.empty());
        CHECK(read.record_versions == std::vector{offer.record_version});
        CHECK(read.hello.legacy_version == offer.legacy_version);
        CHECK(read.hello.legacy_compression_methods == Bytes{0});
        CHECK(read.hello.legacy_session_id.size() == 32);
        CHECK(suites_in(read.hello) == offer.cipher_suites);
        CHECK(without_grease(versions_in(read.hello)) == offer.versions);
        CHECK(without_grease(groups_in(read.hello)) == offer.groups);
        std::vector<NamedGroup> shares;
        for (const wire::KeyShareEntry& share : shares_in(read.hello)) {
            shares.push_back(share.group);
        }
        CHECK(without_grease(shares) == offer.key_shares);
        const auto schemes =
            wire::read_signature_algorithms(data_of(read.hello, signature_algorithms));
        CHECK(schemes == offer.signature_algorithms);
        CHECK(protocols_in(read.hello) == offer.alpn);
        CHECK(wire::host_name(read.hello.extensions) == offer.sni);
        CHECK(has(read.hello, extended_master_secret) == offer.extended_master_secret);
        CHECK(
            has(read.hello, renegotiation_info) == (offer.renegotiation == Renegotiation::extension)
        );
        CHECK(
            offers(read.hello, CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV) ==
            (offer.renegotiation == Renegotiation::scsv)
        );
        CHECK(offers(read.hello, CipherSuite::TLS_FALLBACK_SCSV) == offer.fallback_scsv);
        for (const ExtensionType type : offer.extensions) {
            CHECK(has(read.hello, type));
        }
    }
}

TEST_CASE("the sizes of clients' hellos are those that tell boxes apart") {
    for (const std::size_t length : {3U, 15U, 60U}) {
        const std::string name(length, 'a');
        CAPTURE(length);
        const std::size_t today = read_offer(browser_of_today(name)).message_size;
        CHECK(today > 1'600);
        CHECK(today < 1'900);
        CHECK(read_offer(browser_of_yesterday(name)).message_size == 700);
        CHECK(read_offer(older_client(name)).message_size == 400);
    }
    CHECK(read_offer(browser_of_today({})).message_size > 1'600);
    CHECK(read_offer(browser_of_yesterday({})).message_size == 700);
    CHECK(read_offer(older_client({})).message_size == 400);
}

TEST_CASE("the question knows the size of its message") {
    for (const Offer& offer : all_clients()) {
        const Question question = make_question(
            {.shape = evidence::Shape::composed, .composed = offer}, seeded_random(1)
        );
        CHECK(question.offer.size == read_offer(offer).message_size);
        CHECK(question.bytes.size() == question.offer.size + 5U);
    }
}

TEST_CASE("a browser of today sends the post-quantum share, one of yesterday does not") {
    const auto today = without_grease(groups_in(read_offer(browser_of_today(k_name)).hello));
    CHECK(today.front() == NamedGroup::X25519MLKEM768);
    const auto shares = shares_in(read_offer(browser_of_today(k_name)).hello);
    REQUIRE(shares.size() == 3);
    CHECK(is_grease(static_cast<unsigned>(shares[0].group)));
    CHECK(shares[0].key_exchange.size() == 1);
    CHECK(shares[1].group == NamedGroup::X25519MLKEM768);
    CHECK(shares[1].key_exchange.size() == 1'216); // 1,184 and 32
    CHECK(shares[2].group == NamedGroup::x25519);
    CHECK(shares[2].key_exchange.size() == 32);
    const auto before = groups_in(read_offer(browser_of_yesterday(k_name)).hello);
    CHECK(std::ranges::count(before, NamedGroup::X25519MLKEM768) == 0);
}

TEST_CASE("every coefficient of the ML-KEM key is below the modulus") {
    unsigned largest = 0;
    for (std::uint64_t seed = 1; seed <= k_seeds; ++seed) {
        CAPTURE(seed);
        const auto shares = shares_in(read_offer(browser_of_today(k_name), seed).hello);
        const ByteView key = ByteView(shares.at(1).key_exchange).first(1'152);
        const auto numbers = coefficients_of(key);
        REQUIRE(numbers.size() == 768);
        CHECK(std::ranges::max(numbers) < 3'329);
        largest = std::max(largest, std::ranges::max(numbers));
    }
    CHECK(largest > 3'300); // and none of the range is left out
}

TEST_CASE("reserved values stand where browsers put them, and nothing stands twice") {
    std::set<unsigned> met;
    for (std::uint64_t seed = 1; seed <= k_seeds; ++seed) {
        CAPTURE(seed);
        const wire::ClientHello hello = read_offer(browser_of_today(k_name), seed).hello;
        const auto groups = groups_in(hello);
        const auto shares = shares_in(hello);
        CHECK(is_grease(static_cast<unsigned>(hello.cipher_suites.front())));
        CHECK(is_grease(static_cast<unsigned>(versions_in(hello).front())));
        CHECK(is_grease(static_cast<unsigned>(groups.front())));
        CHECK(shares.front().group == groups.front());
        std::set<ExtensionType> types;
        std::vector<unsigned> reserved;
        for (const wire::Extension& extension : hello.extensions) {
            CHECK(types.insert(extension.type).second);
            if (is_grease(static_cast<unsigned>(extension.type))) {
                reserved.push_back(static_cast<unsigned>(extension.type));
            }
        }
        REQUIRE(reserved.size() == 2);
        CHECK(reserved[0] != reserved[1]);
        CHECK(is_grease(static_cast<unsigned>(hello.extensions.front().type)));
        CHECK(std::set(groups.begin(), groups.end()).size() == groups.size());
        CHECK(
            std::set(hello.cipher_suites.begin(), hello.cipher_suites.end()).size() ==
            hello.cipher_suites.size()
        );
        met.insert(static_cast<unsigned>(groups.front()));
    }
    CHECK(met.size() > 8); // of sixteen
}

TEST_CASE("only browsers send reserved values") {
    for (const Offer& offer : {older_client(k_name), dhe_only(k_name), fallback(k_name)}) {
        const wire::ClientHello hello = read_offer(offer).hello;
        CHECK(without_grease(hello.cipher_suites) == hello.cipher_suites);
        CHECK(without_grease(groups_in(hello)) == groups_in(hello));
        for (const wire::Extension& extension : hello.extensions) {
            CHECK_FALSE(is_grease(static_cast<unsigned>(extension.type)));
        }
    }
}

TEST_CASE("a hello for finite fields offers nothing else and names no group") {
    const wire::ClientHello hello = read_offer(dhe_only(k_name)).hello;
    CHECK_FALSE(has(hello, supported_groups));
    REQUIRE(suites_in(hello).size() > 5);
    for (const CipherSuite suite : suites_in(hello)) {
        REQUIRE(find(suite) != nullptr);
        CHECK(find(suite)->key_exchange == KeyExchange::dhe);
    }
}

TEST_CASE("the signal of a fallback is all that a fallback adds") {
    const Offer plain = version_offer(ProtocolVersion::tls_1_2, evidence::Shape::openssl, k_name);
    CHECK(differences(plain, fallback(k_name)) == std::vector{evidence::Factor::fallback_scsv});
}

TEST_CASE("browsers offer TLS 1.3 and 1.2, clients like Java 8 TLS 1.2 in its own records") {
    CHECK(
        browser_of_today(k_name).versions ==
        std::vector{ProtocolVersion::tls_1_3, ProtocolVersion::tls_1_2}
    );
    CHECK(
        browser_of_yesterday(k_name).versions ==
        std::vector{ProtocolVersion::tls_1_3, ProtocolVersion::tls_1_2}
    );
    CHECK(evidence::offers_only(older_client(k_name), ProtocolVersion::tls_1_2));
    CHECK(older_client(k_name).record_version == ProtocolVersion::tls_1_2);
    CHECK_FALSE(older_client(k_name).extended_master_secret);
    CHECK(
        differences(browser_of_today(k_name), browser_of_yesterday(k_name)) ==
        std::vector{evidence::Factor::post_quantum}
    );
}

TEST_CASE("an extension that hides nothing has the form of one that does") {
    const wire::ClientHello hello = read_offer(browser_of_today(k_name)).hello;
    const ByteView data = data_of(hello, encrypted_client_hello);
    REQUIRE(data.size() == 1 + 4 + 1 + 2 + 32 + 2 + 144);
    CHECK(data[0] == 0); // outer
    CHECK(data[7] == 32);
    CHECK(data[41] == 144);
}

} // namespace tlsdoctor::probe
