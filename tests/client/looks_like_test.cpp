// SPDX-License-Identifier: Apache-2.0
// Recognising a client by its hello, and never calling a near one the same.
#include <algorithm>

#include <doctest/doctest.h>

#include "client/fingerprint.hpp"
#include "client/profile.hpp"
#include "client/replay.hpp"

namespace tlsdoctor::client {

namespace {

HelloFields fields_of_client(std::string_view id) {
    const Profile* profile = find_profile(id);
    REQUIRE(profile != nullptr);
    return hello_of(*profile);
}

Likeness best_of(const HelloFields& fields) {
    const auto likes = looks_like(fields);
    REQUIRE_FALSE(likes.empty());
    return likes.front().likeness;
}

} // namespace

TEST_CASE("every client looks like itself") {
    for (const Profile& profile : profiles()) {
        CAPTURE(profile.id);
        const auto likes = looks_like(hello_of(profile), profiles().size());
        const auto at = std::ranges::find(likes, profile.id, &Lookalike::id);
        const bool weak = profile.fidelity == Fidelity::published_lists ||
                          profile.fidelity == Fidelity::documented;
        if (weak) {
            CHECK(likes.front().likeness <= Likeness::same_class);
            continue;
        }
        REQUIRE(at != likes.end());
        CHECK(at->likeness == Likeness::exact);
        CHECK(likes.front().likeness == Likeness::exact);
    }
}

TEST_CASE("what varies between a client's connections does not hide it") {
    HelloFields chrome = fields_of_client("cap-npm-chromium-149");
    chrome.sni = "other.test";
    chrome.size = 1;
    for (CipherSuite& suite : chrome.cipher_suites) {
        suite = is_grease(static_cast<std::uint16_t>(suite)) ? CipherSuite{0x3a3a} : suite;
    }
    std::ranges::reverse(chrome.extensions);
    chrome.extensions.push_back(ExtensionType::pre_shared_key);
    CHECK(best_of(chrome) == Likeness::exact);
}

TEST_CASE("a hello that differs is never called exact") {
    HelloFields curl = fields_of_client("cap-curl-debian12");
    SUBCASE("another key share is the same class") {
        curl.key_share_groups = {NamedGroup::secp256r1};
        CHECK(best_of(curl) == Likeness::same_class);
    }
    SUBCASE("another order of extensions, from a client that keeps its order") {
        std::ranges::reverse(curl.extensions);
        CHECK(best_of(curl) == Likeness::same_class);
    }
    SUBCASE("another application protocol is the same library") {
        curl.alpn = {"imap"};
        CHECK(best_of(curl) == Likeness::same_ja4);
    }
    SUBCASE("fewer suites are near it") {
        curl.cipher_suites.erase(curl.cipher_suites.begin() + 5);
        CHECK(best_of(curl) == Likeness::near);
    }
    SUBCASE("the lists are bounded") {
        CHECK(looks_like(curl, 2).size() == 2);
        CHECK(looks_like(curl, 0).empty());
    }
}

TEST_CASE("a hello like no client's looks like none") {
    const HelloFields strange{
        .legacy_version = ProtocolVersion::tls_1_2,
        .versions = {ProtocolVersion::tls_1_2},
        .cipher_suites = {CipherSuite{0x1304}, CipherSuite{0xc0ff}},
    };
    CHECK(looks_like(strange).empty());
    CHECK(looks_like({}).empty());
}

} // namespace tlsdoctor::client
