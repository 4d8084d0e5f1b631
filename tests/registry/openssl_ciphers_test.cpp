// SPDX-License-Identifier: Apache-2.0
// A second opinion on the table of cipher suites: what OpenSSL 3.0 prints about each of its own.
#include "registry/cipher_suite.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace tlsdoctor {

namespace {

/// A line of `openssl ciphers -V`: number, OpenSSL's name, lowest version, Kx=, Au=, Enc=, Mac=.
struct Line {
    CipherSuite id{};
    std::string name{};
    std::string version{};
    std::string key_exchange{};
    std::string authentication{};
    std::string encryption{};
    std::string mac{};
};

std::vector<Line> openssl_lines() {
    std::ifstream file{TLSDOCTOR_SOURCE_DIR "/tests/registry/openssl-3.0-ciphers.txt"};
    std::vector<Line> lines;
    for (std::string text; std::getline(file, text);) {
        if (text.starts_with('#')) {
            continue;
        }
        std::istringstream words{text};
        std::string number; // `0xC0,0x2C`
        std::string dash;
        Line& line = lines.emplace_back();
        words >> number >> dash >> line.name >> line.version >> line.key_exchange >>
            line.authentication >> line.encryption >> line.mac;
        line.id =
            static_cast<CipherSuite>(std::stoul(number.substr(2, 2) + number.substr(7), nullptr, 16)
            );
    }
    return lines;
}

/// OpenSSL's word for a value of ours.
template <class Value>
struct Word {
    std::string_view openssl{};
    Value ours{};
};

// What OpenSSL calls ECDH is ephemeral: static ECDH left it with version 1.1.0.
constexpr Word<KeyExchange> k_key_exchanges[] = {
    {"Kx=any", KeyExchange::tls13},
    {"Kx=RSA", KeyExchange::rsa},
    {"Kx=DH", KeyExchange::dhe},
    {"Kx=ECDH", KeyExchange::ecdhe},
    {"Kx=PSK", KeyExchange::psk},
    {"Kx=DHEPSK", KeyExchange::dhe_psk},
    {"Kx=ECDHEPSK", KeyExchange::ecdhe_psk},
    {"Kx=RSAPSK", KeyExchange::rsa_psk},
    {"Kx=SRP", KeyExchange::srp},
};
constexpr Word<Authentication> k_authentications[] = {
    {"Au=any", Authentication::tls13}, {"Au=RSA", Authentication::rsa},
    {"Au=DSS", Authentication::dss},   {"Au=ECDSA", Authentication::ecdsa},
    {"Au=PSK", Authentication::psk},   {"Au=None", Authentication::anonymous},
    {"Au=SRP", Authentication::srp},
};
constexpr Word<ProtocolVersion> k_lowest_versions[] = {
    {"SSLv3", ProtocolVersion::ssl_3_0},
    {"TLSv1", ProtocolVersion::tls_1_0},
    {"TLSv1.2", ProtocolVersion::tls_1_2},
    {"TLSv1.3", ProtocolVersion::tls_1_3},
};
constexpr Word<std::string_view> k_macs[] = {
    {"Mac=AEAD", "AEAD"},     {"Mac=SHA1", "SHA"}, {"Mac=SHA256", "SHA256"},
    {"Mac=SHA384", "SHA384"}, {"Mac=MD5", "MD5"},
};

template <class Value, std::size_t N>
Value translated(const Word<Value> (&words)[N], std::string_view openssl) {
    const auto word = std::ranges::find(words, openssl, &Word<Value>::openssl);
    REQUIRE_MESSAGE(word != std::end(words), openssl);
    return word->ours;
}

/// `Enc=AESGCM(256)` -> 256, `Enc=None` -> 0.
std::uint16_t bits_in(std::string_view encryption) {
    const std::size_t open = encryption.find('(');
    return open == std::string_view::npos
               ? std::uint16_t{0}
               : static_cast<std::uint16_t>(std::stoul(std::string{encryption.substr(open + 1)}));
}

} // namespace

TEST_CASE("OpenSSL agrees about each of its cipher suites") {
    const std::vector<Line> lines = openssl_lines();
    CHECK(lines.size() == 158);
    for (const Line& line : lines) {
        CAPTURE(line.name);
        const CipherSuiteInfo* row = find(line.id);
        REQUIRE(row != nullptr);
        CHECK(row->openssl_name == line.name);
        CHECK(row->key_exchange == translated(k_key_exchanges, line.key_exchange));
        CHECK(row->authentication == translated(k_authentications, line.authentication));
        CHECK(row->mac == translated(k_macs, line.mac));
        CHECK(row->bits == bits_in(line.encryption));
        // OpenSSL marks SRP as SSL 3.0, which has no extensions to carry the user's name [RFC
        // 5054 2.8.1].
        const bool srp = row->key_exchange == KeyExchange::srp;
        CHECK(
            row->first_version ==
            (srp ? ProtocolVersion::tls_1_0 : translated(k_lowest_versions, line.version))
        );
    }
}

} // namespace tlsdoctor
