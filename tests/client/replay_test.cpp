// SPDX-License-Identifier: Apache-2.0
// The hellos that we build for known clients, against recorded ones and their fingerprints.
#include "client/replay.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "client/encode.hpp"
#include "client/fingerprint.hpp"
#include "wire/extensions.hpp"

namespace tlsdoctor::client {

namespace {

/// A row of tests/client/data/hellos.tsv; `hello` is empty where no bytes may be or are kept.
struct Recorded {
    std::string id{};
    std::string ja3{};
    std::string ja4{};
    std::string same{}; ///< equal for equal hellos
    Bytes hello{};
};

/// TLSDOCTOR_HELLOS names a larger file of the same form, for whoever has the collection.
std::vector<Recorded> recorded_hellos() {
    const char* other = std::getenv("TLSDOCTOR_HELLOS");
    const std::string path =
        other != nullptr ? other : TLSDOCTOR_SOURCE_DIR "/tests/client/data/hellos.tsv";
    std::ifstream file(path);
    REQUIRE(file);
    std::vector<Recorded> rows;
    for (std::string line; std::getline(file, line);) {
        const auto cells = split(line, '\t');
        if (!line.starts_with('#') && cells.size() == 5 && cells[0] != "id") {
            rows.push_back({
                .id = std::string{cells[0]},
                .ja3 = std::string{cells[1]},
                .ja4 = std::string{cells[2]},
                .same = std::string{cells[3]},
                .hello = from_hex(cells[4]).value(),
            });
        }
    }
    return rows;
}

Fresh zeros() {
    return {.random = [](std::span<std::uint8_t> bytes) {
        std::ranges::fill(bytes, std::uint8_t{0});
    }};
}

/// The hello with every byte that differs between two of a client's connections zero.
wire::ClientHello without_what_varies(const Bytes& stream) {
    wire::ClientHello message = read_recorded_hello(stream).value().message;
    message.random = {};
    std::ranges::fill(message.legacy_session_id, std::uint8_t{0});
    for (wire::Extension& extension : message.extensions) {
        if (extension.type == ExtensionType::key_share) {
            auto shares = wire::read_client_shares(extension.data).value();
            for (wire::KeyShareEntry& share : shares) {
                share.key_exchange.assign(share.key_exchange.size(), 0);
            }
            extension = wire::write_client_shares(shares);
        } else if (extension.type == ExtensionType::encrypted_client_hello) {
            std::fill(extension.data.begin() + 5, extension.data.begin() + 6, std::uint8_t{0});
            std::fill(extension.data.begin() + 8, extension.data.begin() + 40, std::uint8_t{0});
            std::fill(extension.data.begin() + 42, extension.data.end(), std::uint8_t{0});
        }
    }
    return message;
}

Bytes built(const std::string& id) {
    return canonical_bytes(id, zeros());
}

} // namespace

TEST_CASE("every hello that is built has the fingerprints of the client's") {
    std::map<std::string, std::string> class_of; // theirs to ours
    std::map<std::string, std::string> theirs_of;
    for (const Recorded& row : recorded_hellos()) {
        CAPTURE(row.id);
        const auto fields = read_hello(built(row.id));
        REQUIRE(fields);
        CHECK(fields->unreadable.empty());
        CHECK(ja3(*fields) == row.ja3);
        CHECK(ja4(*fields) == row.ja4);
        if (!row.same.empty()) {
            const std::string ours = hello_class(*fields);
            CHECK(class_of.emplace(row.same, ours).first->second == ours);
            CHECK(theirs_of.emplace(ours, row.same).first->second == row.same);
        }
    }
    CHECK(class_of.size() == 360);
}

TEST_CASE("a recorded hello is read as its client's lists, and built again byte by byte") {
    std::size_t compared = 0;
    for (const Recorded& row : recorded_hellos()) {
        if (row.hello.empty()) {
            continue;
        }
        CAPTURE(row.id);
        auto fields = read_hello(row.hello);
        auto again = read_hello(built(row.id));
        REQUIRE(fields);
        REQUIRE(again);
        CHECK(ja3(*fields) == row.ja3);
        CHECK(ja4(*fields) == row.ja4);
        CHECK(hello_class(*fields) == hello_class(*again));
        // The bytes of the others were recorded with other names, and those of ts- with tickets.
        const bool ours = fields->sni == "www.example.com" && !row.id.starts_with("ts-");
        if (!ours) {
            fields->sni = again->sni;
            fields->size = again->size;
        }
        CHECK(*fields == *again);
        if (ours) {
            CHECK(without_what_varies(row.hello) == without_what_varies(built(row.id)));
            ++compared;
        }
    }
    CHECK(compared >= 100);
}

TEST_CASE("a replay is the client's hello with fresh keys for another name") {
    const wire::KeyShareEntry x25519{.group = NamedGroup::x25519, .key_exchange = Bytes(32, 7)};
    for (const Profile& profile : profiles()) {
        CAPTURE(profile.id);
        Fresh fresh{.random = seeded_random(1), .server_name = "host.test", .shares = {x25519}};
        const auto hello = read_recorded_hello(replay_bytes(profile, fresh));
        REQUIRE(hello);
        const HelloFields canonical = hello_of(profile);
        CHECK(hello->fields.cipher_suites == canonical.cipher_suites);
        CHECK(profile.hello_class == hello_class(canonical));
        CHECK(profile.ja4 == ja4(canonical));
        CHECK(hello->fields.key_share_groups == canonical.key_share_groups);
        CHECK_FALSE(has(hello->fields, ExtensionType::pre_shared_key));
        CHECK(hello->fields.sni.has_value() == canonical.sni.has_value());
        CHECK(hello->fields.sni.value_or("host.test") == "host.test");
        const auto* shares = wire::find(hello->message.extensions, ExtensionType::key_share);
        if (shares != nullptr) {
            const auto list = wire::read_client_shares(shares->data).value();
            for (const wire::KeyShareEntry& share : list) {
                CHECK((share.group != x25519.group || share == x25519));
            }
        }
        fresh.server_name.reset();
        CHECK_FALSE(read_hello(replay_bytes(profile, fresh)).value().sni);
    }
}

TEST_CASE("no list of a replay is empty, as servers refuse those") {
    constexpr ExtensionType lists[] = {
        ExtensionType::supported_groups, ExtensionType::signature_algorithms,
        ExtensionType::application_layer_protocol_negotiation, ExtensionType::supported_versions,
        ExtensionType::psk_key_exchange_modes
    };
    for (const Profile& profile : profiles()) {
        const Bytes stream = replay_bytes(profile, zeros());
        const auto message = read_recorded_hello(stream).value().message;
        for (const ExtensionType type : lists) {
            CAPTURE(profile.id);
            CAPTURE(name_of(type));
            const wire::Extension* extension = wire::find(message.extensions, type);
            CHECK((extension == nullptr || extension->data.size() > 1));
            CHECK((extension == nullptr || extension->data != Bytes{0, 0}));
        }
    }
}

TEST_CASE("shares without a secret are keys that a server takes") {
    constexpr std::uint32_t q = 3329; // FIPS 203
    const Fresh fresh{.random = seeded_random(4)};
    const Bytes hybrid = share_for(NamedGroup::X25519MLKEM768, fresh);
    REQUIRE(hybrid.size() == 1216);
    for (std::size_t at = 0; at < 1152; at += 3) {
        CHECK((hybrid[at] | (hybrid[at + 1] & 0x0fU) << 8U) < q);
        CHECK((hybrid[at + 1] >> 4U | std::uint32_t{hybrid[at + 2]} << 4U) < q);
    }
    CHECK(share_for(NamedGroup::secp256r1, fresh).size() == 65);
    CHECK(share_for(NamedGroup::secp384r1, fresh).size() == 97);
    CHECK(share_for(NamedGroup::secp521r1, fresh).size() == 133);
    CHECK(share_for(NamedGroup::x448, fresh).size() == 56);
    CHECK(share_for(NamedGroup{0x3a3a}, fresh) == Bytes{0});
}

TEST_CASE("padding fills the sizes that certain load balancers cannot read") {
    const Profile* chrome = find_profile("cap-npm-chromium-103");
    REQUIRE(chrome != nullptr);
    for (std::size_t length = 1; length <= 250; ++length) {
        CAPTURE(length);
        const std::string name(length, 'a');
        const auto fields =
            read_hello(replay_bytes(*chrome, {.random = zeros().random, .server_name = name}));
        REQUIRE(fields);
        const std::size_t message = fields->size - 5; // without the record's header
        CHECK((message < 256 || message >= 512));
        CHECK((message <= 516 || !has(*fields, ExtensionType::padding)));
    }
}

TEST_CASE("a recorded hello is refreshed and stays what it was") {
    for (const Recorded& row : recorded_hellos()) {
        const auto before = read_hello(row.hello);
        if (!before || has(*before, ExtensionType::padding) ||
            has(*before, ExtensionType::pre_shared_key)) {
            continue;
        }
        CAPTURE(row.id);
        const Fresh fresh{.random = seeded_random(2), .server_name = "www.example.com"};
        const auto stream = refreshed(row.hello, fresh);
        REQUIRE(stream);
        CHECK(hello_class(read_hello(*stream).value()) == hello_class(*before));
        CHECK(*stream != row.hello);
    }
    CHECK_FALSE(refreshed(as_bytes("GET / HTTP/1.1"), zeros()));
}

TEST_CASE("fallbacks come in the client's order") {
    const Profile* links = find_profile("cap-links-debian12");
    REQUIRE(links != nullptr);
    const auto hellos = fallback_bytes(*links, zeros());
    REQUIRE(hellos.size() == 4);
    CHECK(read_hello(hellos.back()).value().legacy_version == ProtocolVersion::tls_1_0);
    CHECK(fallback_bytes(*find_profile("cap-curl-debian12"), zeros()).empty());
}

} // namespace tlsdoctor::client
