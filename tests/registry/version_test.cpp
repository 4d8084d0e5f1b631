// SPDX-License-Identifier: Apache-2.0
#include "registry/version.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor {

TEST_CASE("every version is named as people know it") {
    struct Case {
        ProtocolVersion version{};
        std::string_view expected{};
    };
    constexpr Case cases[] = {
        {ProtocolVersion::ssl_2_0, "SSL 2.0"}, {ProtocolVersion::ssl_3_0, "SSL 3.0"},
        {ProtocolVersion::tls_1_0, "TLS 1.0"}, {ProtocolVersion::tls_1_1, "TLS 1.1"},
        {ProtocolVersion::tls_1_2, "TLS 1.2"}, {ProtocolVersion::tls_1_3, "TLS 1.3"},
    };
    for (const Case& c : cases) {
        CHECK(name_of(c.version) == c.expected);
    }
}

TEST_CASE("a version without a name is shown in hexadecimal") {
    CHECK(name_of(ProtocolVersion::none) == "0x0000");
    CHECK(name_of(ProtocolVersion{0x0305}) == "0x0305");
    CHECK(name_of(ProtocolVersion{0x7f1c}) == "0x7f1c");
    CHECK(name_of(ProtocolVersion{0xfefd}) == "0xfefd");
}

TEST_CASE("the name of every version is read back") {
    for (const ProtocolVersion version : k_versions) {
        CAPTURE(name_of(version));
        CHECK(version_named(name_of(version)) == version);
    }
}

TEST_CASE("version_named reads the spellings of people, options and configuration files") {
    struct Case {
        std::string_view text{};
        ProtocolVersion expected{};
    };
    constexpr Case cases[] = {
        {"TLS 1.2", ProtocolVersion::tls_1_2},  {"tls1.2", ProtocolVersion::tls_1_2},
        {"TLSv1.2", ProtocolVersion::tls_1_2},  {"tls12", ProtocolVersion::tls_1_2},
        {"tls1_2", ProtocolVersion::tls_1_2},   {"TLSv1_2", ProtocolVersion::tls_1_2},
        {"tls_1_2", ProtocolVersion::tls_1_2},  {"TLS-1.2", ProtocolVersion::tls_1_2},
        {"TLS v1.2", ProtocolVersion::tls_1_2}, {"  TLSv1.2\t", ProtocolVersion::tls_1_2},
        {"TLSV1.2", ProtocolVersion::tls_1_2},  {"TLSv1", ProtocolVersion::tls_1_0},
        {"tls1", ProtocolVersion::tls_1_0},     {"TLSv1.0", ProtocolVersion::tls_1_0},
        {"tls10", ProtocolVersion::tls_1_0},    {"TLSv1.1", ProtocolVersion::tls_1_1},
        {"tls11", ProtocolVersion::tls_1_1},    {"TLSv1.3", ProtocolVersion::tls_1_3},
        {"tls1_3", ProtocolVersion::tls_1_3},   {"ssl3", ProtocolVersion::ssl_3_0},
        {"SSLv3", ProtocolVersion::ssl_3_0},    {"SSL 3.0", ProtocolVersion::ssl_3_0},
        {"ssl30", ProtocolVersion::ssl_3_0},    {"SSLv2", ProtocolVersion::ssl_2_0},
        {"ssl2", ProtocolVersion::ssl_2_0},     {"SSL 2.0", ProtocolVersion::ssl_2_0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(version_named(c.text) == c.expected);
    }
}

TEST_CASE("version_named refuses everything else") {
    constexpr std::string_view cases[] = {
        "",        " ",       "tls",    "ssl",     "v1.2",    "1.2",      "12",
        "tls2",    "tls1.4",  "tls 1.", "tls1.22", "tls1..2", "tlsvv1.2", "tls  1.2",
        "tls 1 2", "ssl1",    "ssl3.1", "sslv23",  "tls3",    "ssl1.2",   "0x0303",
        "dtls1.2", "TLS1.2x", "tl",     "s",
    };
    for (const std::string_view text : cases) {
        CAPTURE(text);
        CHECK(version_named(text) == std::nullopt);
    }
}

TEST_CASE("versions compare by age") {
    for (std::size_t i = 1; i < k_versions.size(); ++i) {
        CHECK(k_versions[i - 1] < k_versions[i]);
    }
}

} // namespace tlsdoctor
