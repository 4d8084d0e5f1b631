// SPDX-License-Identifier: Apache-2.0
// The plan of the enumeration held against servers whose truth is known: what it finds, in how many
// rounds and connections, and that it always ends.
#include "probe/inventory_parts.hpp"

#include <algorithm>
#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "evidence/inventory_parts.hpp"
#include "probe/feature_server.hpp"

namespace tlsdoctor::probe {
namespace {

using evidence::Acceptance;
using evidence::Endpoint;
using evidence::Inventory;
using evidence::Preference;
using test::FeatureServer;

constexpr auto k_1_0 = ProtocolVersion::tls_1_0;
constexpr auto k_1_2 = ProtocolVersion::tls_1_2;
constexpr auto k_1_3 = ProtocolVersion::tls_1_3;

template <typename T>
std::vector<T> numbered_list(std::initializer_list<std::uint16_t> numbers) {
    std::vector<T> list;
    for (const std::uint16_t number : numbers) {
        list.push_back(T{number});
    }
    return list;
}

std::vector<NamedGroup> group_list(std::initializer_list<std::uint16_t> numbers) {
    return numbered_list<NamedGroup>(numbers);
}

std::vector<SignatureScheme> scheme_list(std::initializer_list<std::uint16_t> numbers) {
    return numbered_list<SignatureScheme>(numbers);
}

/// nginx with OpenSSL 3.0, an RSA and an ECDSA certificate.
FeatureServer modern() {
    return {
        .versions = {k_1_2, k_1_3},
        .groups_13 = group_list({0x1d, 0x17, 0x1e, 0x19, 0x18, 0x100, 0x101, 0x102, 0x103, 0x104}),
        .groups_12 = group_list({0x1d, 0x17, 0x1e, 0x19, 0x18}),
        .own_order = true,
        .schemes_13 = scheme_list({0x0403, 0x0804, 0x0805, 0x0806}),
        .schemes_12 = scheme_list(
            {0x0403, 0x0503, 0x0603, 0x0303, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0301}
        ),
        .alpn = {"h2", "http/1.1"},
        .strict_alpn = true,
        .extensions =
            {ExtensionType::session_ticket, ExtensionType::encrypt_then_mac,
             ExtensionType::max_fragment_length, ExtensionType::ec_point_formats},
    };
}

Inventory features_found(const Endpoint& endpoint) {
    Inventory inventory;
    add_groups(endpoint, inventory);
    add_signature_schemes(endpoint, inventory);
    add_certificates(endpoint, inventory);
    add_dh_parameters(endpoint, inventory);
    add_alpn(endpoint, inventory);
    add_features(endpoint, inventory);
    return inventory;
}

std::vector<NamedGroup> groups_of(const Inventory& inventory, ProtocolVersion version) {
    std::vector<NamedGroup> list;
    for (const auto& one : inventory.groups) {
        for (const auto& group : one.accepted) {
            if (one.version == version) {
                list.push_back(group.group);
            }
        }
    }
    return list;
}

Preference preference_of(const Inventory& inventory, ProtocolVersion version) {
    const auto at = std::ranges::find(inventory.groups, version, &evidence::VersionGroups::version);
    return at == inventory.groups.end() ? Preference::unknown : at->preference;
}

std::vector<SignatureScheme> schemes_of(const Inventory& inventory, ProtocolVersion version) {
    const auto at =
        std::ranges::find(inventory.signature_schemes, version, &evidence::VersionSchemes::version);
    return at == inventory.signature_schemes.end() ? std::vector<SignatureScheme>{} : at->accepted;
}

std::vector<SignatureScheme> schemes_by_number(std::vector<SignatureScheme> list) {
    std::ranges::sort(list);
    return list;
}

std::vector<NamedGroup> in_any_order(std::vector<NamedGroup> list) {
    std::ranges::sort(list);
    return list;
}

Acceptance state_of(const Inventory& inventory, std::string_view name) {
    const auto at = std::ranges::find(inventory.features, name, &evidence::Feature::name);
    REQUIRE(at != inventory.features.end());
    return at->state;
}

std::size_t undecided_in(const Inventory& inventory) {
    std::size_t count = 0;
    for (const auto& one : inventory.groups) {
        count += one.undecided.size();
    }
    for (const auto& one : inventory.signature_schemes) {
        count += one.undecided.size();
    }
    return count;
}

TEST_CASE("a modern server is enumerated in two rounds and few connections") {
    const FeatureServer server = modern();
    Endpoint endpoint = visited(server);
    const test::Cost cost = enumerate(server, endpoint);
    const Inventory inventory = features_found(endpoint);
    CHECK(cost.rounds == 2);
    CHECK(cost.connections <= 46);
    CHECK(groups_of(inventory, k_1_3) == server.groups_13);
    CHECK(groups_of(inventory, k_1_2) == server.groups_12);
    CHECK(preference_of(inventory, k_1_3) == Preference::server);
    CHECK(preference_of(inventory, k_1_2) == Preference::server);
    CHECK(schemes_of(inventory, k_1_3) == schemes_by_number(server.schemes_13));
    CHECK(schemes_of(inventory, k_1_2) == schemes_by_number(server.schemes_12));
    CHECK(undecided_in(inventory) == 0);
    CHECK(inventory.alpn == server.alpn);
    CHECK(inventory.certificates.size() == 2);
    CHECK(state_of(inventory, "extended_master_secret") == Acceptance::accepted);
    CHECK(state_of(inventory, "secure_renegotiation") == Acceptance::accepted);
    CHECK(state_of(inventory, "encrypt_then_mac") == Acceptance::accepted);
    CHECK(state_of(inventory, "session_ticket") == Acceptance::accepted);
    CHECK(state_of(inventory, "session_id") == Acceptance::accepted);
    CHECK(state_of(inventory, "max_fragment_length") == Acceptance::accepted);
    CHECK(state_of(inventory, "record_size_limit") == Acceptance::refused);
    CHECK(state_of(inventory, "compression") == Acceptance::refused);
    CHECK(state_of(inventory, "ocsp_staple") == Acceptance::refused);
    CHECK(state_of(inventory, "certificate_compression") == Acceptance::refused);
    CHECK(state_of(inventory, "no_application_protocol") == Acceptance::accepted);
    CHECK(state_of(inventory, "early_data") == Acceptance::untested);
}

TEST_CASE("servers that differ from the prediction are told as they are") {
    struct Case {
        std::string_view name;
        void (*change)(FeatureServer&);
    };
    const Case cases[] = {
        {"an order of its own",
         [](FeatureServer& s) {
             s.groups_13 = s.groups_12 = group_list({0x18, 0x17, 0x1d});
         }},
        {"the client's order",
         [](FeatureServer& s) {
             s.own_order = false;
         }},
        {"one group",
         [](FeatureServer& s) {
             s.groups_13 = s.groups_12 = group_list({0x19});
         }},
        {"groups that only GnuTLS has",
         [](FeatureServer& s) {
             s.groups_12 = group_list({0x17, 0x15, 0x13, 0x1d});
         }},
        {"brainpool in both",
         [](FeatureServer& s) {
             s.groups_13 = group_list({0x1f, 0x20, 0x17});
             s.groups_12 = group_list({0x1a, 0x1b, 0x1c, 0x17});
         }},
        {"the hybrids of ML-KEM",
         [](FeatureServer& s) {
             s.groups_13 = group_list({0x11ec, 0x11eb, 0x1d, 0x17, 0x11ed, 0x200});
         }},
        {"finite fields alone",
         [](FeatureServer& s) {
             s.groups_13 = group_list({0x102, 0x100});
         }},
        {"Ed25519 and PSS keys",
         [](FeatureServer& s) {
             s.schemes_13 = scheme_list({0x0807, 0x0809, 0x080a, 0x080b});
             s.schemes_12 = s.schemes_13;
         }},
        {"SHA-1 in TLS 1.2",
         [](FeatureServer& s) {
             s.schemes_12 = scheme_list({0x0401, 0x0201, 0x0203, 0x0403});
         }},
        {"AEAD alone",
         [](FeatureServer& s) {
             s.cbc = false;
         }},
        {"TLS 1.2 alone",
         [](FeatureServer& s) {
             s.versions = {k_1_2};
         }},
        {"TLS 1.3 alone",
         [](FeatureServer& s) {
             s.versions = {k_1_3};
         }},
        {"all versions",
         [](FeatureServer& s) {
             s.versions = {k_1_0, k_1_2, k_1_3};
         }},
        {"hangs up",
         [](FeatureServer& s) {
             s.hangs_up = true;
         }},
        {"other protocols",
         [](FeatureServer& s) {
             s.alpn = {"h2", "spdy/3.1", "http/1.0", "acme-tls/1"};
         }},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        FeatureServer server = modern();
        c.change(server);
        Endpoint endpoint = visited(server);
        const test::Cost cost = enumerate(server, endpoint);
        CAPTURE(cost.connections);
        const Inventory inventory = features_found(endpoint);
        CHECK(cost.rounds <= 7);
        CHECK(cost.connections <= 110);
        const bool newest = server.versions.back() == k_1_3;
        const bool finite = server.groups_13.front() == NamedGroup{0x102};
        const auto all_13 = newest ? server.groups_13 : std::vector<NamedGroup>{};
        CHECK(in_any_order(groups_of(inventory, k_1_3)) == in_any_order(all_13));
        if (newest && server.own_order && server.groups_13.size() > 1) {
            CHECK(groups_of(inventory, k_1_3) == server.groups_13);
            CHECK(preference_of(inventory, k_1_3) == Preference::server);
        } else if (newest && server.groups_13.size() > 1) {
            CHECK(preference_of(inventory, k_1_3) == Preference::client);
        }
        if (server.versions != std::vector{k_1_3}) {
            CHECK(in_any_order(groups_of(inventory, k_1_2)) == in_any_order(server.groups_12));
            CHECK(schemes_of(inventory, k_1_2) == schemes_by_number(server.schemes_12));
        }
        if (newest && !finite) { // no share of a finite field can be made here
            CHECK(schemes_of(inventory, k_1_3) == schemes_by_number(server.schemes_13));
            CHECK(undecided_in(inventory) == 0);
        }
        std::vector<std::string> alpn = inventory.alpn;
        std::ranges::sort(alpn);
        std::ranges::sort(server.alpn);
        CHECK(alpn == server.alpn);
    }
}

TEST_CASE("a server that signs as it likes is listed with what it really signs with") {
    FeatureServer server = modern();
    server.always_signs = SignatureScheme::rsa_pkcs1_sha1;
    Endpoint endpoint = visited(server);
    enumerate(server, endpoint);
    const Inventory inventory = features_found(endpoint);
    CHECK(schemes_of(inventory, k_1_2) == scheme_list({0x0201}));
    CHECK(schemes_of(inventory, k_1_3) == schemes_by_number(server.schemes_13));
}

TEST_CASE("a server that refuses hellos without a share is asked with one") {
    FeatureServer server = modern();
    server.wants_share = true;
    Endpoint endpoint = visited(server);
    enumerate(server, endpoint);
    const Inventory inventory = features_found(endpoint);
    CHECK(in_any_order(groups_of(inventory, k_1_3)) == group_list({0x17, 0x18, 0x19, 0x1d, 0x1e}));
    // ffdhe2048 is accepted in truth: no answer says anything about it.
    const auto& last = inventory.groups.back();
    CHECK(std::ranges::find(last.undecided, NamedGroup::ffdhe2048) != last.undecided.end());
}

TEST_CASE("a silence decides nothing and is not waited for again and again") {
    FeatureServer server = modern();
    server.silent = true;
    Endpoint endpoint = visited(server);
    const test::Cost cost = enumerate(server, endpoint);
    const Inventory inventory = features_found(endpoint);
    CHECK(cost.rounds <= 8);
    CHECK(groups_of(inventory, k_1_3) == server.groups_13);
    CHECK(schemes_of(inventory, k_1_2) == schemes_by_number(server.schemes_12));
    const auto& tls_1_3 = inventory.groups.back();
    CHECK(
        std::ranges::find(tls_1_3.undecided, NamedGroup::X25519MLKEM768) != tls_1_3.undecided.end()
    );
}

TEST_CASE("a server without ECDHE is asked for its schemes with DHE") {
    FeatureServer server = modern();
    server.versions = {k_1_2};
    server.groups_12 = {};
    server.dhe = true;
    Endpoint endpoint = visited(server);
    enumerate(server, endpoint);
    const Inventory inventory = features_found(endpoint);
    CHECK(groups_of(inventory, k_1_2).empty());
    CHECK(schemes_of(inventory, k_1_2) == schemes_by_number(server.schemes_12));
    CHECK(inventory.dh_parameters.size() == 1);
    CHECK(inventory.dh_parameters.front().bits == 2048);
    CHECK(inventory.dh_parameters.front().prime.empty());
}

TEST_CASE("old versions are asked for both kinds of certificate, and nothing newer") {
    FeatureServer server = modern();
    server.versions = {k_1_0};
    Endpoint endpoint = visited(server);
    enumerate(server, endpoint);
    for (const evidence::Exchange& exchange : endpoint.inventory) {
        CHECK(exchange.offer.versions == std::vector{k_1_0});
        CHECK(exchange.offer.signature_algorithms.empty());
    }
    CHECK(groups_of(features_found(endpoint), k_1_0) == server.groups_12);
}

template <typename T>
std::vector<T> some_of(std::mt19937& random, std::vector<T> list) {
    std::ranges::shuffle(list, random);
    list.resize(std::uniform_int_distribution<std::size_t>(1, list.size())(random));
    return list;
}

TEST_CASE("whatever a server does, the plan ends and lists nothing that was not chosen") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto coin = [&] {
        return std::uniform_int_distribution(0, 3)(random) == 0;
    };
    for (int i = 0; i < 60; ++i) {
        CAPTURE(i);
        FeatureServer server = modern();
        server.versions = coin() ? std::vector{k_1_0, k_1_2} : std::vector{k_1_2, k_1_3};
        server.groups_13 = some_of(
            random,
            group_list({0x1d, 0x17, 0x1e, 0x19, 0x18, 0x100, 0x101, 0x104, 0x11ec, 0x1f, 0x200})
        );
        server.groups_12 =
            some_of(random, group_list({0x1d, 0x17, 0x1e, 0x19, 0x18, 0x1a, 0x16, 0x15, 1, 9}));
        server.schemes_13 =
            some_of(random, scheme_list({0x403, 0x804, 0x805, 0x806, 0x807, 0x809}));
        server.schemes_12 =
            some_of(random, scheme_list({0x403, 0x503, 0x401, 0x601, 0x804, 0x201, 0x203}));
        server.own_order = coin();
        server.wants_share = coin();
        server.cbc = !coin();
        server.dhe = coin();
        server.hangs_up = coin();
        server.silent = coin();
        server.strict_alpn = coin();
        if (coin()) {
            server.always_signs = server.schemes_12.front();
        }
        Endpoint endpoint = visited(server);
        const test::Cost cost = enumerate(server, endpoint);
        CHECK(cost.rounds < 20);
        CHECK(cost.connections < 200);
        const Inventory inventory = features_found(endpoint);
        for (const NamedGroup group : groups_of(inventory, k_1_3)) {
            CHECK(std::ranges::find(server.groups_13, group) != server.groups_13.end());
        }
        for (const SignatureScheme scheme : schemes_of(inventory, k_1_2)) {
            CHECK(std::ranges::find(server.schemes_12, scheme) != server.schemes_12.end());
        }
    }
}

} // namespace
} // namespace tlsdoctor::probe
