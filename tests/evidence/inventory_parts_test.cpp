// SPDX-License-Identifier: Apache-2.0
// What answers say of groups, schemes and features: each case is the shortest dialogue that shows
// it, or that looks as if it did.
#include "evidence/inventory_parts.hpp"

#include <algorithm>
#include <array>

#include <doctest/doctest.h>

#include "wire/ssl2.hpp"
#include "wire/ssl2_record.hpp"

namespace tlsdoctor::evidence {
namespace {

constexpr auto k_1_2 = ProtocolVersion::tls_1_2;
constexpr NamedGroup k_a{0x001d};
constexpr NamedGroup k_b{0x0017};
constexpr NamedGroup k_c{0x0018};

using Groups = std::vector<NamedGroup>;

/// One hello and its answer: `chosen` is empty for a refusal.
struct Turn {
    Groups offered{};
    std::optional<NamedGroup> chosen{};
    Outcome otherwise{Outcome::refused};
    AlertDescription alert{AlertDescription::handshake_failure};
};

Exchange exchange_of(const Turn& turn, ProtocolVersion version) {
    Exchange exchange{
        .id = "i1",
        .purpose = Purpose::inventory,
        .offer = {.versions = {version}, .shape = Shape::composed, .groups = turn.offered},
        .outcome = turn.chosen ? Outcome::accepted : turn.otherwise,
    };
    if (turn.chosen) {
        exchange.selection = Selection{.version = version, .group = turn.chosen};
    } else if (turn.otherwise == Outcome::refused) {
        exchange.alert = Alert{.level = AlertLevel::fatal, .description = turn.alert};
    }
    return exchange;
}

Endpoint endpoint_of(const std::vector<Turn>& turns, ProtocolVersion version = k_1_2) {
    Endpoint endpoint;
    for (const Turn& turn : turns) {
        endpoint.inventory.push_back(exchange_of(turn, version));
    }
    return endpoint;
}

Groups accepted_in(const Standing<NamedGroup>& standing) {
    Groups groups;
    for (const auto& group : standing.accepted) {
        groups.push_back(group.what);
    }
    return groups;
}

TEST_CASE("standing_of_groups rests every refusal on an answer") {
    struct Case {
        std::string_view name;
        std::vector<Turn> turns;
        Groups accepted, refused, undecided;
    };
    const Case cases[] = {
        {"one hello alone asks nothing", {{{k_a, k_b}, k_a}}, {k_a}, {}, {}},
        {"an alert refuses", {{{k_a}, k_a}, {{k_b}, {}}}, {k_a}, {k_b}, {}},
        {"a silence does not", {{{k_a}, k_a}, {{k_b}, {}, Outcome::silent}}, {k_a}, {}, {k_b}},
        {"one hang-up does not",
         {{{k_a}, k_a}, {{k_b}, {}, Outcome::closed}, {{k_a}, k_a}},
         {k_a},
         {},
         {k_b}},
        {"two with an acceptance behind do",
         {{{k_b}, {}, Outcome::closed}, {{k_b}, {}, Outcome::reset}, {{k_a}, k_a}},
         {k_a},
         {k_b},
         {}},
        {"a choice that was not offered refuses what was",
         {{{k_a}, k_a}, {{k_b}, k_a}},
         {k_a},
         {k_b},
         {}},
        {"an acceptance outweighs a refusal",
         {{{k_a}, k_a}, {{k_b}, {}}, {{k_b, k_a}, k_b}},
         {k_a, k_b},
         {},
         {}},
        {"nothing in common, all over", {{{k_a}, {}}, {{k_b}, {}}}, {}, {k_b, k_a}, {}},
        {"another alert may be about anything",
         {{{k_a}, {}, Outcome::refused, AlertDescription::internal_error},
          {{k_b}, {}, Outcome::refused, AlertDescription::internal_error}},
         {},
         {},
         {k_b, k_a}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Endpoint endpoint = endpoint_of(c.turns);
        const auto standing = standing_of_groups(endpoint, k_1_2);
        CHECK(accepted_in(standing) == c.accepted);
        CHECK(standing.refused == c.refused);
        CHECK(standing.undecided == c.undecided);
        CHECK(standing.asked == (c.turns.size() > 1));
    }
}

TEST_CASE("a hello that differs in more than its groups refuses no group") {
    Endpoint endpoint = endpoint_of({{{k_a}, k_a}, {{k_a, k_b}, k_a}, {{k_b}, {}}});
    endpoint.inventory.back().offer.cipher_suites = {CipherSuite{0xc02b}};
    const auto standing = standing_of_groups(endpoint, k_1_2);
    CHECK(standing.refused.empty());
    CHECK(standing.undecided == Groups{k_b});
}

TEST_CASE("order_of_groups tells whose order decides, and which it is") {
    struct Case {
        std::string_view name;
        std::vector<Turn> turns;
        Preference preference;
        Groups order;
    };
    const Case cases[] = {
        {"one order only", {{{k_a, k_b, k_c}, k_a}, {{k_b, k_c}, k_b}}, Preference::unknown, {}},
        {"the same whichever way it is offered",
         {{{k_a, k_b, k_c}, k_a}, {{k_b, k_c}, k_b}, {{k_c, k_b, k_a}, k_a}},
         Preference::server,
         {k_a, k_b, k_c}},
        {"the first one, whichever it is",
         {{{k_a, k_b, k_c}, k_a}, {{k_c, k_b, k_a}, k_c}},
         Preference::client,
         {}},
        {"known to its first place", {{{k_a, k_b, k_c}, k_c}}, Preference::server, {k_c}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Endpoint endpoint = endpoint_of(c.turns);
        const GroupOrder order = order_of_groups(endpoint, k_1_2, std::array{k_a, k_b, k_c});
        CHECK(order.preference == c.preference);
        CHECK(order.order == c.order);
    }
}

TEST_CASE("a key share at hand tells no order") {
    Endpoint endpoint = endpoint_of({{{k_a, k_b}, k_b}}, ProtocolVersion::tls_1_3);
    endpoint.inventory.front().offer.key_shares = {k_b};
    const auto order = order_of_groups(endpoint, ProtocolVersion::tls_1_3, std::array{k_a, k_b});
    CHECK(order.preference == Preference::unknown);
}

TEST_CASE("features: a ServerHello without the answer is a no only in the right company") {
    Exchange exchange = exchange_of({{k_a}, k_a}, k_1_2);
    exchange.selection->cipher_suite = CipherSuite{0xc02f}; // AES-GCM
    exchange.offer.extensions = {
        ExtensionType::encrypt_then_mac, ExtensionType::status_request,
        ExtensionType::max_fragment_length, ExtensionType::record_size_limit
    };
    exchange.flight =
        Flight{.stage = "ServerHello", .extensions = {ExtensionType::record_size_limit}};
    Endpoint endpoint;
    endpoint.inventory = {exchange};
    const auto state = [&](std::string_view name) {
        Inventory inventory;
        add_features(endpoint, inventory);
        return std::ranges::find(inventory.features, name, &Feature::name)->state;
    };
    CHECK(state("encrypt_then_mac") == Acceptance::untested);    // an AEAD suite has no use for it
    CHECK(state("ocsp_staple") == Acceptance::untested);         // the flight was cut
    CHECK(state("max_fragment_length") == Acceptance::untested); // the other one hides it
    CHECK(state("record_size_limit") == Acceptance::accepted);
    CHECK(state("session_ticket") == Acceptance::untested);
    CHECK(state("session_id") == Acceptance::refused);
    endpoint.inventory.front().selection->cipher_suite = CipherSuite{0xc013}; // AES-CBC
    endpoint.inventory.front().flight->stage = "ServerHelloDone";
    CHECK(state("encrypt_then_mac") == Acceptance::refused);
    CHECK(state("ocsp_staple") == Acceptance::refused);
}

TEST_CASE("certificates and primes are listed once each") {
    Endpoint endpoint = endpoint_of({{{k_a}, k_a}, {{k_a}, k_a}, {{k_b}, k_b}});
    for (Exchange& exchange : endpoint.inventory) {
        exchange.flight = Flight{
            .certificate_key = "RSA 2048",
            .dh_bits = 512,
            .certificate_subject = "CN=one",
            .certificate_sha256 = "00ff",
            .dh_prime = Bytes(64, 0xff),
        };
    }
    endpoint.inventory.back().flight->certificate_sha256 = "11ff";
    Inventory inventory;
    add_certificates(endpoint, inventory);
    add_dh_parameters(endpoint, inventory);
    REQUIRE(inventory.certificates.size() == 2);
    CHECK(inventory.certificates.front().leaf.subject == "CN=one");
    REQUIRE(inventory.dh_parameters.size() == 1);
    CHECK(inventory.dh_parameters.front().prime.empty());
    CHECK(inventory.dh_parameters.front().bits == 512);
}

TEST_CASE("add_ssl2 reads the kinds that the SERVER-HELLO lists") {
    const wire::Ssl2ServerHello hello{
        .certificate_type = 1,
        .certificate = {0x30, 0x00},
        .cipher_specs = {0x010080, 0x0700c0},
        .connection_id = Bytes(16, 1),
    };
    Endpoint endpoint;
    endpoint.exchanges.push_back(
        {.offer = {.versions = {ProtocolVersion::ssl_2_0}, .shape = Shape::ssl2},
         .outcome = Outcome::accepted,
         .received = wire::ssl2_record(write(hello))}
    );
    Inventory inventory;
    add_ssl2(endpoint, inventory);
    CHECK(inventory.ssl2_cipher_kinds == std::vector<std::uint32_t>{0x010080, 0x0700c0});
    endpoint.exchanges.front().received.resize(20);
    inventory = {};
    add_ssl2(endpoint, inventory);
    CHECK(inventory.ssl2_cipher_kinds.empty());
}

} // namespace
} // namespace tlsdoctor::evidence
