// SPDX-License-Identifier: Apache-2.0
// What an enumeration found and what came of a policy, on the screen and as JSON. The inventories
// are made by hand: a server of today, and one that accepts nearly all.
#include <algorithm>

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "golden.hpp"
#include "registry/lookup.hpp"
#include "report/inventory_table.hpp"
#include "report/json.hpp"
#include "report/json_parts.hpp"
#include "report/layout.hpp"
#include "report/screen.hpp"
#include "situations.hpp"

namespace tlsdoctor::report {

namespace {

using diagnose::DifferenceKind;
using evidence::Acceptance;
using evidence::Inventory;
using evidence::Preference;

constexpr auto k_1_0 = ProtocolVersion::tls_1_0;
constexpr auto k_1_2 = ProtocolVersion::tls_1_2;
constexpr auto k_1_3 = ProtocolVersion::tls_1_3;

evidence::VersionSuites version_with(
    ProtocolVersion version, Preference preference, std::initializer_list<std::string_view> names
) {
    evidence::VersionSuites all{.version = version, .preference = preference, .complete = true};
    for (const std::string_view name : names) {
        const auto suite = suite_named(name);
        REQUIRE(suite);
        all.accepted.push_back(
            {.suite = *suite, .exchange = "e" + std::to_string(all.accepted.size() + 1)}
        );
    }
    return all;
}

Inventory sound() {
    Inventory inventory;
    inventory.suites = {
        version_with(
            k_1_2, Preference::client,
            {"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384",
             "ECDHE-RSA-CHACHA20-POLY1305"}
        ),
        version_with(
            k_1_3, Preference::server,
            {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"}
        ),
    };
    inventory.suites[1].accepted[0].group = NamedGroup::x25519;
    inventory.groups = {
        {.version = k_1_3,
         .accepted =
             {{.group = NamedGroup::X25519MLKEM768, .version = k_1_3, .exchange = "e8"},
              {.group = NamedGroup::x25519, .version = k_1_3, .exchange = "e9"}},
         .preference = Preference::server}
    };
    inventory.signature_schemes = {
        {.version = k_1_3, .accepted = {SignatureScheme::rsa_pss_rsae_sha256}}
    };
    inventory.certificates = {
        {.key = "RSA 2048",
         .leaf =
             {.subject = "CN=server.example",
              .issuer = "CN=A root",
              .names = {"server.example"},
              .not_before = "2026-01-01T00:00:00Z",
              .not_after = "2027-01-01T00:00:00Z",
              .key = "RSA 2048",
              .signature = "sha256WithRSAEncryption",
              .sha256 = std::string(64, 'a')},
         .exchange = "e2"}
    };
    inventory.alpn = {"h2", "http/1.1"};
    inventory.alpn_asked = true;
    inventory.features = {
        {.name = "extended_master_secret", .state = Acceptance::accepted, .exchange = "e2"},
        {.name = "secure_renegotiation", .state = Acceptance::accepted, .exchange = "e2"},
        {.name = "compression", .state = Acceptance::refused, .exchange = "e3"},
        {.name = "ocsp_staple", .state = Acceptance::undecided},
    };
    return inventory;
}

Inventory wide_open() {
    Inventory inventory = sound();
    const std::initializer_list<std::string_view> old = {
        "ECDHE-RSA-AES256-SHA", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES256-SHA", "DHE-RSA-AES128-SHA",
        "AES256-SHA",           "AES128-SHA",           "DES-CBC3-SHA",       "RC4-SHA",
    };
    inventory.ssl2_cipher_kinds = {0x010080, 0x0700c0};
    inventory.suites.insert(
        inventory.suites.begin(), {version_with(k_1_0, Preference::server, old),
                                   version_with(ProtocolVersion::tls_1_1, Preference::server, old)}
    );
    evidence::VersionSuites& newer = inventory.suites[2];
    newer = version_with(
        k_1_2, Preference::server,
        {"ECDHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-SHA384",
         "ECDHE-RSA-AES256-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-CAMELLIA256-SHA384",
         "ECDHE-RSA-CAMELLIA128-SHA256", "ECDHE-RSA-AES128-SHA256", "DHE-RSA-AES256-SHA256",
         "DHE-RSA-AES128-SHA256", "AES256-GCM-SHA384", "NULL-SHA256", "ADH-AES128-SHA"}
    );
    newer.accepted[1].dh_bits = 1024;
    newer.undecided = {
        suite_named("RC4-MD5").value(), suite_named("RC4-SHA").value(),
        suite_named("IDEA-CBC-SHA").value()
    };
    newer.complete = false;
    inventory.groups.push_back(
        {.version = k_1_2,
         .accepted =
             {{.group = NamedGroup::secp256r1, .version = k_1_2, .exchange = "e5"},
              {.group = NamedGroup{0x0013}, .version = k_1_2, .exchange = "e6"}},
         .undecided = {NamedGroup::x448}}
    );
    inventory.signature_schemes.front().accepted.push_back(SignatureScheme::rsa_pkcs1_sha1);
    inventory.certificates.front().leaf.key = "RSA 1024";
    inventory.certificates.front().key = "RSA 1024";
    inventory.dh_parameters = {{.bits = 1024, .prime = "", .exchange = "e4"}};
    inventory.alpn.clear();
    inventory.features[0].state = Acceptance::refused;
    inventory.features[2].state = Acceptance::accepted;
    return inventory;
}

std::string table(const Inventory& inventory, const Look& look, bool all) {
    Page page{look};
    write_inventory_table(page, inventory, all);
    return page.text();
}

advise::CaseFile with_policy(std::size_t differences) {
    advise::CaseFile file = situation("expectation_failed");
    diagnose::PolicyResult result{
        .policy =
            {.name = "intermediate@6.0",
             .source = "https://ssl-config.mozilla.org/guidelines/6.0.json",
             .not_judged = {"hsts_min_age", "ocsp_staple"}},
        .compliant = false,
    };
    for (std::size_t i = 0; i < differences; ++i) {
        result.differences.push_back(
            {.kind = DifferenceKind::must_go,
             .what = "TLS_RSA_WITH_AES_128_CBC_SHA (AES128-SHA) is accepted in TLS 1.2",
             .evidence = {{.exchange = "e2", .text = "TLS 1.2 hello -> ServerHello"}},
             .address = "192.0.2." + std::to_string(i)}
        );
        result.differences.back().what += std::string(i, '.');
    }
    result.differences.push_back(
        {.kind = DifferenceKind::must_come, .what = "TLS 1.3 is not accepted"}
    );
    result.differences.push_back(
        {.kind = DifferenceKind::undecided,
         .what = "no answer decides about 1 suite in TLS 1.2: TLS_RSA_WITH_RC4_128_SHA"}
    );
    file.diagnosis.policy = std::move(result);
    return file;
}

} // namespace

TEST_CASE("the table of an enumeration looks as its golden file does") {
    struct {
        std::string_view file;
        Inventory inventory;
        Look look;
        bool all;
    } const cases[] = {
        {"inventory_sound.txt", sound(), {}, false},
        {"inventory_wide_open.txt", wide_open(), {}, false},
        {"inventory_wide_open_verbose.txt", wide_open(), {}, true},
        {"inventory_wide_open_80_ascii.txt", wide_open(), {.utf8 = false, .columns = 80}, false},
        {"inventory_nothing.txt", {}, {}, false},
    };
    for (const auto& c : cases) {
        CAPTURE(c.file);
        const std::string text = table(c.inventory, c.look, c.all);
        CHECK(text == golden(c.file, text));
        for (const std::string_view line : split(text, '\n')) {
            CHECK(width(line) <= c.look.columns);
        }
    }
}

TEST_CASE("colour says nothing that a word does not") {
    const std::string plain = table(wide_open(), {}, false);
    std::string bare;
    const std::string painted = table(wide_open(), {.color = true}, false);
    for (std::string_view coloured = painted; !coloured.empty();) {
        if (coloured.front() == '\x1b') {
            coloured.remove_prefix(coloured.find('m') + 1);
        } else {
            bare += coloured.front();
            coloured.remove_prefix(1);
        }
    }
    CHECK(bare == plain);
}

TEST_CASE("to_json carries an inventory and a policy") {
    json::object document =
        to_json(with_policy(2), {.version = "0.1.0", .data_date = "2026-11-23"});
    add_inventory(document.at("endpoints").as_array().at(0).as_object(), wide_open());
    const std::string text = evidence::pretty(document);
    CHECK(text == golden("inventory.json", text));
}

TEST_CASE("screen lists what differs from the policy, and keeps to its lines") {
    struct {
        std::string_view file;
        std::size_t differences;
        ScreenOptions options;
    } const cases[] = {
        {"policy_few.txt", 2, {}},
        {"policy_many.txt", 30, {}},
        {"policy_many_verbose.txt", 30, {.verbose = true}},
        {"policy_80_ascii.txt", 2, {.utf8 = false, .columns = 80}},
    };
    for (const auto& c : cases) {
        CAPTURE(c.file);
        const std::string text = screen(with_policy(c.differences), c.options);
        CHECK(text == golden(c.file, text));
        CHECK((c.options.verbose || std::ranges::count(text, '\n') <= 24));
    }
    advise::CaseFile kept = situation("healthy");
    kept.diagnosis.policy =
        diagnose::PolicyResult{.policy = {.name = "old@5.8"}, .compliant = true};
    const std::string text = screen(kept, {});
    CHECK(text.find("old@5.8: the server keeps to it") != std::string::npos);
}

} // namespace tlsdoctor::report
