// SPDX-License-Identifier: Apache-2.0
// Every factor, one by one, and what comes out when one hello takes over what another one has.
#include "evidence/factors.hpp"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "evidence/offers.hpp"

namespace tlsdoctor::evidence {

namespace {

using testing::k_tls_1_0;
using testing::k_tls_1_2;
using testing::k_tls_1_3;
using testing::newer;
using testing::newest;
using testing::older;
using testing::oldest;

using Change = void (*)(Offer&);

/// One factor: what changes it alone, and how it reads before and after.
struct Row {
    Factor factor{};
    std::string name{};
    Change change{};
    std::string before{};
    std::string after{};
};

/// What `newer` has, but in the record version, size and bytes of an ordinary hello.
Offer modern() {
    Offer offer = newer();
    offer.record_version = k_tls_1_0;
    offer.segmentation = Segmentation::whole;
    offer.compression = offer.fallback_scsv = offer.proxy_header = false;
    return offer;
}

const Row k_factors[] = {
    {Factor::proxy_header, "proxy_header", [](Offer& o) { o.proxy_header = true; },
     "no PROXY header", "PROXY header"},
    {Factor::record_version, "record_version", [](Offer& o) { o.record_version = k_tls_1_2; },
     "record version 0x0301", "record version 0x0303"},
    {Factor::versions, "versions",
     [](Offer& o) {
         o.versions = {k_tls_1_2};
         o.cipher_suites = {CipherSuite{0xc02b}};
         o.key_shares.clear();
     },
     "TLS 1.3, TLS 1.2", "TLS 1.2"},
    {Factor::legacy_version, "legacy_version", [](Offer& o) { o.legacy_version = k_tls_1_3; },
     "legacy_version 0x0303", "legacy_version 0x0304"},
    {Factor::cipher_suites, "cipher_suites",
     [](Offer& o) { o.cipher_suites.back() = CipherSuite{0x009e}; },
     "TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256, "
     "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
     "TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256, TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
    {Factor::groups, "groups", [](Offer& o) { o.groups.pop_back(); }, "x25519, secp384r1", "x25519"
    },
    {Factor::post_quantum, "post_quantum",
     [](Offer& o) {
         o.groups.erase(o.groups.begin());
         o.key_shares.erase(o.key_shares.begin());
     },
     "X25519MLKEM768", "no post-quantum group"},
    {Factor::key_shares, "key_shares", [](Offer& o) { o.key_shares.pop_back(); }, "x25519",
     "no key shares"},
    {Factor::signature_algorithms, "signature_algorithms",
     [](Offer& o) { o.signature_algorithms.pop_back(); }, "rsa_pss_rsae_sha256, rsa_pkcs1_sha256",
     "rsa_pss_rsae_sha256"},
    {Factor::server_name, "server_name", [](Offer& o) { o.sni.reset(); }, "SNI b.example", "no SNI"
    },
    {Factor::alpn, "alpn", [](Offer& o) { o.alpn.clear(); }, "ALPN h2, http/1.1", "no ALPN"},
    {Factor::extensions, "extensions", [](Offer& o) { o.extensions.clear(); },
     "ec_point_formats, session_ticket", "no further extensions"},
    {Factor::extended_master_secret, "extended_master_secret",
     [](Offer& o) { o.extended_master_secret = false; }, "extended_master_secret",
     "no extended_master_secret"},
    {Factor::renegotiation, "renegotiation",
     [](Offer& o) { o.renegotiation = Renegotiation::none; }, "renegotiation_info",
     "no renegotiation indication"},
    {Factor::grease, "grease", [](Offer& o) { o.grease = false; }, "GREASE", "no GREASE"},
    {Factor::compression, "compression", [](Offer& o) { o.compression = true; }, "no compression",
     "compression"},
    {Factor::fallback_scsv, "fallback_scsv", [](Offer& o) { o.fallback_scsv = true; },
     "no TLS_FALLBACK_SCSV", "TLS_FALLBACK_SCSV"},
    {Factor::segmentation, "segmentation",
     [](Offer& o) { o.segmentation = Segmentation::two_segments; }, "in one piece",
     "cut in two TCP segments"},
    {Factor::size, "size", [](Offer& o) { o.size = 900; }, "1700 bytes", "900 bytes"},
};

Offer changed(const Row& row) {
    Offer offer = modern();
    row.change(offer);
    return offer;
}

void take_all(Offer& to, const Offer& from) {
    for (const Factor factor : differences(to, from)) {
        take(to, from, factor);
    }
}

bool has_suite_for(const Offer& offer, bool tls_1_3) {
    return std::ranges::any_of(offer.cipher_suites, [&](CipherSuite suite) {
        return (find(suite)->first_version >= k_tls_1_3) == tls_1_3;
    });
}

/// A hello that a server may judge by its content, and not by a slip of ours.
void check_makes_sense(const Offer& offer) {
    const bool tls_1_3 = std::ranges::find(offer.versions, k_tls_1_3) != offer.versions.end();
    const bool below =
        std::ranges::any_of(offer.versions, [](auto version) { return version < k_tls_1_3; });
    CHECK(has_suite_for(offer, true) == tls_1_3);
    CHECK(has_suite_for(offer, false) == below);
    CHECK((tls_1_3 || offer.key_shares.empty()));
    CHECK((!tls_1_3 || !offer.groups.empty()));
    CHECK((!tls_1_3 || !offer.signature_algorithms.empty()));
    for (const NamedGroup share : offer.key_shares) {
        CHECK(std::ranges::count(offer.groups, share) == 1);
        CHECK(std::ranges::count(offer.key_shares, share) == 1);
    }
    for (const NamedGroup group : offer.groups) {
        CHECK(std::ranges::count(offer.groups, group) == 1);
    }
    const bool later = std::ranges::any_of(offer.versions, [](auto it) { return it >= k_tls_1_2; });
    CHECK((later || offer.signature_algorithms.empty()));
}

std::vector<std::pair<Offer, Offer>> all_pairs() {
    const Offer offers[] = {oldest(), older(), newer(), newest(), modern()};
    std::vector<std::pair<Offer, Offer>> pairs;
    for (const Offer& a : offers) {
        for (const Offer& b : offers) {
            pairs.emplace_back(a, b);
        }
    }
    return pairs;
}

} // namespace

TEST_CASE("every factor is seen where it alone is changed, and nothing else is") {
    std::set<Factor> seen;
    for (const Row& row : k_factors) {
        CAPTURE(row.name);
        CHECK(differences(modern(), changed(row)) == std::vector{row.factor});
        CHECK(differences(changed(row), modern()) == std::vector{row.factor});
        CHECK_FALSE(same_in(modern(), changed(row), row.factor));
        CHECK_FALSE(same_question(modern(), changed(row)));
        CHECK(same_in(modern(), modern(), row.factor));
        CHECK(seen.insert(row.factor).second);
    }
    CHECK(seen.size() == static_cast<std::size_t>(Factor::size) + 1);
}

TEST_CASE("every factor has its name and says its value in words") {
    for (const Row& row : k_factors) {
        CAPTURE(row.name);
        CHECK(name_of(row.factor) == row.name);
        CHECK(value_of(modern(), row.factor) == row.before);
        CHECK(value_of(changed(row), row.factor) == row.after);
    }
}

TEST_CASE("what is not a matter of two values is said in words too") {
    Offer offer = modern();
    offer.segmentation = Segmentation::two_records;
    CHECK(value_of(offer, Factor::segmentation) == "cut in two records");
    offer.segmentation = Segmentation::small_segments;
    CHECK(value_of(offer, Factor::segmentation) == "TCP segments of 536 bytes");
    offer.renegotiation = Renegotiation::scsv;
    CHECK(value_of(offer, Factor::renegotiation) == "renegotiation SCSV");
    offer.cipher_suites.assign(5, CipherSuite{0x1301});
    CHECK(value_of(offer, Factor::cipher_suites) == "5 cipher suites");
    offer.sni = "a\x1b[31m.example";
    CHECK(value_of(offer, Factor::server_name).find('\x1b') == std::string::npos);
    offer.alpn = {"a\nb"};
    CHECK(value_of(offer, Factor::alpn).find('\n') == std::string::npos);
}

TEST_CASE("a factor that is taken over is the same afterwards, and no other one changes") {
    for (const Row& row : k_factors) {
        CAPTURE(row.name);
        const Offer from = changed(row);
        Offer to = modern();
        take(to, from, row.factor);
        if (row.factor == Factor::size) { // becomes padding; only the bytes show the size
            CHECK(to.padded_to == from.size);
            CHECK(differences(to, modern()).empty());
            continue;
        }
        CHECK(same_in(to, from, row.factor));
        CHECK(differences(to, modern()) == std::vector{row.factor});
    }
}

TEST_CASE("an offer differs from itself in nothing, whatever its shape") {
    for (const Offer& offer : {oldest(), older(), newer(), newest()}) {
        Offer other = offer;
        other.shape = Shape::browser;
        CHECK(differences(offer, other).empty());
        CHECK(same_question(offer, other));
    }
}

TEST_CASE("size counts only where nothing else differs") {
    Offer longer = modern();
    longer.size = 1'800;
    CHECK(differences(modern(), longer) == std::vector{Factor::size});
    longer.grease = false;
    CHECK(differences(modern(), longer) == std::vector{Factor::grease});
    CHECK_FALSE(same_in(modern(), longer, Factor::size));
}

TEST_CASE("whoever takes over every difference asks the same question") {
    for (const auto& [a, b] : all_pairs()) {
        CAPTURE(describe(a));
        CAPTURE(describe(b));
        Offer to = a;
        to.size = b.size; // as its bytes will have it
        take_all(to, b);
        // A share that came with TLS 1.3 went again where its group had not come yet.
        const std::vector<Factor> left = differences(to, b);
        CHECK((left.empty() || left == std::vector{Factor::key_shares}));
        take_all(to, b);
        CHECK(differences(to, b).empty());
    }
}

TEST_CASE("every hello between two others makes sense") {
    for (const auto& [a, b] : all_pairs()) {
        CAPTURE(describe(a));
        CAPTURE(describe(b));
        const std::vector<Factor> factors = differences(a, b);
        // Taken alone, and taken with all that stand before or after it, as a search does.
        for (std::size_t first = 0; first < factors.size(); ++first) {
            Offer alone = a;
            take(alone, b, factors[first]);
            CAPTURE(name_of(factors[first]));
            check_makes_sense(alone);
            Offer before = a;
            for (std::size_t i = 0; i <= first; ++i) {
                take(before, b, factors[i]);
            }
            check_makes_sense(before);
            Offer after = a;
            for (std::size_t i = first; i < factors.size(); ++i) {
                take(after, b, factors[i]);
            }
            check_makes_sense(after);
        }
    }
}

TEST_CASE("TLS 1.3 brings its suites and shares, and takes them with it") {
    Offer offer = older();
    take(offer, newer(), Factor::versions);
    CHECK(offer.versions == newer().versions);
    CHECK(
        offer.cipher_suites ==
        std::vector{
            CipherSuite{0x1301}, CipherSuite{0x1303}, CipherSuite{0xc02f}, CipherSuite{0x009e}
        }
    );
    CHECK(offer.groups == older().groups);
    CHECK(offer.key_shares == std::vector{NamedGroup::x25519}); // of groups that it offers
    CHECK(differences(offer, older()) == std::vector{Factor::versions});
    take(offer, older(), Factor::versions);
    CHECK(differences(offer, older()).empty());
    CHECK(offer.key_shares.empty());
}

TEST_CASE("the post-quantum group comes and goes with its share") {
    Offer offer = modern();
    Offer classical = modern();
    classical.groups = {NamedGroup::x25519, NamedGroup::secp384r1};
    classical.key_shares = {NamedGroup::x25519};
    CHECK(differences(offer, classical) == std::vector{Factor::post_quantum});
    take(offer, classical, Factor::post_quantum);
    CHECK(offer.groups == classical.groups);
    CHECK(offer.key_shares == classical.key_shares);
    take(offer, modern(), Factor::post_quantum);
    CHECK(offer == modern());
}

TEST_CASE("groups that go take their shares with them") {
    Offer offer = newest();
    Offer other = newest();
    other.groups = {NamedGroup::secp384r1};
    other.key_shares.clear();
    take(offer, other, Factor::groups);
    CHECK(offer.groups == other.groups);
    CHECK(offer.key_shares.empty());
}

TEST_CASE("lists of versions that the other hello does not offer are not compared") {
    Offer offer = newest();
    Offer both = newest();
    both.versions = {k_tls_1_3, k_tls_1_2};
    both.cipher_suites.push_back(CipherSuite{0xc02f});
    CHECK(differences(offer, both) == std::vector{Factor::versions});
    Offer only_older = older();
    only_older.groups.push_back(NamedGroup::X25519MLKEM768);
    CHECK(differences(older(), only_older) == std::vector{Factor::post_quantum});
}

TEST_CASE("hybrids and pure post-quantum groups are told from classical ones") {
    CHECK(is_post_quantum(NamedGroup::X25519MLKEM768));
    CHECK(is_post_quantum(NamedGroup::SecP256r1MLKEM768));
    CHECK(is_post_quantum(NamedGroup::SecP384r1MLKEM1024));
    CHECK_FALSE(is_post_quantum(NamedGroup::x25519));
    CHECK_FALSE(is_post_quantum(NamedGroup::ffdhe2048));
    CHECK_FALSE(is_post_quantum(NamedGroup{0x1a1a}));
}

} // namespace tlsdoctor::evidence
