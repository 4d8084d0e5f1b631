// SPDX-License-Identifier: Apache-2.0
// OpenSSL beneath a server: versions, levels, suites, keys and groups together.
#include <doctest/doctest.h>

#include "config/candidates.hpp"
#include "config/case_files.hpp"
#include "config/judge.hpp"
#include "config/openssl_suites.hpp"

namespace tlsdoctor::config {

namespace {

using enum ProtocolVersion;

constexpr VersionSet k_four{tls_1_0, tls_1_1, tls_1_2, tls_1_3};

Effective judged(Service service, const std::string& library = "3.0.15", Reading* seen = nullptr) {
    MemoryFiles files;
    load_case("nginx/protocol-hole", files); // for the certificates of /pki
    service.door = Door::tls;
    const Input input{.files = files, .knowledge = lab_knowledge(), .library_version = library};
    Reading reading;
    const FileId file = reading.sources.add("/x", "certificate c");
    service.lines.push_back({.statement = {file, 0, 11}, .aspect = Aspect::certificate});
    service.lines.push_back({.statement = {file, 0, 11}, .aspect = Aspect::groups});
    reading.services.push_back(std::move(service));
    const auto all = judge_all(*find_server("nginx"), {.library_version = library}, input, reading);
    if (seen != nullptr) {
        seen->fatal = reading.fatal;
    }
    return all.front();
}

Obstacle obstacle_to(ProtocolVersion version, const Effective& effective) {
    for (const VersionState& state : effective.versions) {
        if (state.version == version) {
            return state.obstacle;
        }
    }
    return Obstacle::none;
}

} // namespace

TEST_CASE("the security level decides about TLS 1.1 and older since OpenSSL 3.0") {
    const Service plain{.enabled = k_four, .ciphers = "DEFAULT", .certificates = {"/pki/a.crt"}};
    CHECK(judged(plain).accepted() == k_modern_versions);
    CHECK(obstacle_to(tls_1_0, judged(plain)) == Obstacle::security_level);
    Service level = plain;
    level.ciphers = "DEFAULT:@SECLEVEL=0";
    CHECK(judged(level).accepted() == k_four);
    CHECK(judged(plain, "1.1.1n").accepted() == k_four);
    CHECK(judged(plain, "1.1.0l").accepted() == (k_four - VersionSet{tls_1_3}));
    Service own = plain;
    own.security_level = 0;
    CHECK(judged(own).accepted() == k_four);
    own.ciphers = "DEFAULT:@SECLEVEL=1";
    CHECK(judged(own).accepted() == k_modern_versions);
}

TEST_CASE("suites must fit the version, the key and the parameters") {
    Service service{
        .enabled = k_four,
        .ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256",
        .certificates = {"/pki/a.crt"}
    };
    CHECK(obstacle_to(tls_1_2, judged(service)) == Obstacle::key_mismatch);
    CHECK(judged(service).accepted() == VersionSet{tls_1_3});
    CHECK(judged(service).certificate_key == "rsa");
    service.certificates.emplace_back("/pki/ec.crt");
    CHECK(judged(service).accepted() == k_modern_versions);
    CHECK(judged(service).certificate_key == "rsa ecdsa");
    service.ciphers = "DHE-RSA-AES128-GCM-SHA256";
    CHECK(obstacle_to(tls_1_2, judged(service)) == Obstacle::no_dh_parameters);
    service.dh_parameters = true;
    CHECK(obstacle_to(tls_1_2, judged(service)) == Obstacle::none);
    service.ciphers = "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0";
    CHECK(obstacle_to(tls_1_1, judged(service)) == Obstacle::no_suite);
    service.groups = "ffdhe2048";
    CHECK(obstacle_to(tls_1_2, judged(service)) == Obstacle::no_group);
}

TEST_CASE("what OpenSSL refuses at the start is fatal, with its place") {
    Reading reading;
    Service service{.enabled = k_four, .ciphers = "DEFAULT", .certificates = {"/pki/weak.crt"}};
    judged(service, "3.0.15", &reading);
    REQUIRE(reading.fatal.size() == 1);
    CHECK(reading.fatal.front().what.contains("ee key too small"));
    service.certificates = {"/pki/sha1.crt"};
    judged(service, "3.0.15", &reading);
    CHECK(reading.fatal.front().what.contains("ca md too weak"));
    service.ciphers = "DEFAULT:@SECLEVEL=0";
    judged(service, "3.0.15", &reading);
    CHECK(reading.fatal.empty());
    service.groups = "X25519MLKEM768:X25519";
    judged(service, "3.0.15", &reading);
    REQUIRE(reading.fatal.size() == 1);
    CHECK(reading.fatal.front().what.contains("X25519MLKEM768"));
    judged(service, "3.5.0", &reading);
    CHECK(reading.fatal.empty());
}

TEST_CASE("twins of the other key type come next to each suite") {
    CHECK(
        with_twins("ECDHE-ECDSA-AES128-GCM-SHA256:HIGH") ==
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:HIGH"
    );
    CHECK(
        with_twins("ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305") ==
        "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
    );
    CHECK(
        with_twins("ECDHE-RSA-AES256-SHA384") == "ECDHE-RSA-AES256-SHA384:ECDHE-ECDSA-AES256-SHA384"
    );
}

TEST_CASE("edits take lines away and put them in as a person would") {
    Sources sources;
    const FileId file = sources.add("/f", "a;\n\tb; # why\n\tc; d;\nlast");
    const auto place = [&](std::string_view text) {
        const std::size_t at = sources.at(file).bytes.find(text);
        return Place{file, at, at + text.size()};
    };
    const auto after = [&](const Edit& edit) {
        return spliced(sources.at(file).bytes, {edit});
    };
    CHECK(after(without(sources, place("b;"))) == "a;\n\tc; d;\nlast");
    CHECK(after(without(sources, place("c;"))) == "a;\n\tb; # why\n\td;\nlast");
    CHECK(after(without(sources, place("last"))) == "a;\n\tb; # why\n\tc; d;");
    CHECK(
        after(inserted(sources, place("b;"), false, "x;")) == "a;\n\tb; # why\n\tx;\n\tc; d;\nlast"
    );
    CHECK(
        after(inserted(sources, place("b;"), true, "x;")) == "a;\n\tx;\n\tb; # why\n\tc; d;\nlast"
    );
    CHECK(after(inserted(sources, place("c;"), false, "x;")) == "a;\n\tb; # why\n\tc; x; d;\nlast");
    CHECK(
        after(inserted(sources, place("last"), false, "x")) == "a;\n\tb; # why\n\tc; d;\nlast\nx"
    );
    const FileId windows = sources.add("/w", "a;\r\nb;\r\n");
    CHECK(
        spliced("a;\r\nb;\r\n", {inserted(sources, {windows, 0, 2}, false, "x;")}) ==
        "a;\r\nx;\r\nb;\r\n"
    );
}

} // namespace tlsdoctor::config
