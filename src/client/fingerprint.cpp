// SPDX-License-Identifier: Apache-2.0
// JA3 [salesforce/ja3], JA4 [FoxIO, technical_details/JA4.md] and the class of equal hellos: texts
// made of the hello's lists, and their digests.
#include "client/fingerprint.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/digest.hpp"

namespace tlsdoctor::client {
namespace {

constexpr std::size_t k_ja4_digits = 12;
constexpr std::size_t k_ja4_most = 99;

template <typename T>
std::vector<std::uint16_t> without_grease(const std::vector<T>& list) {
    std::vector<std::uint16_t> numbers;
    for (const T value : list) {
        if (!is_grease(std::to_underlying(value))) {
            numbers.push_back(std::to_underlying(value));
        }
    }
    return numbers;
}

std::string decimals(const std::vector<std::uint16_t>& numbers) {
    return fmt::format("{}", fmt::join(numbers, "-"));
}

std::string hexadecimals(const std::vector<std::uint16_t>& numbers) {
    return fmt::format("{:04x}", fmt::join(numbers, ","));
}

std::string digest_12(const std::string& text) {
    return to_hex(sha256(text)).substr(0, k_ja4_digits);
}

/// What JA4 writes instead of the digest of nothing.
std::string ja4_digest(const std::string& text) {
    return text.empty() ? std::string(k_ja4_digits, '0') : digest_12(text);
}

std::string_view ja4_version(const HelloFields& fields) {
    ProtocolVersion highest{};
    for (const ProtocolVersion version : fields.versions) {
        const bool grease = is_grease(std::to_underlying(version));
        highest = grease ? highest : std::max(highest, version);
    }
    switch (highest) {
    case ProtocolVersion::tls_1_3:
        return "13";
    case ProtocolVersion::tls_1_2:
        return "12";
    case ProtocolVersion::tls_1_1:
        return "11";
    case ProtocolVersion::tls_1_0:
        return "10";
    case ProtocolVersion::ssl_3_0:
        return "s3";
    case ProtocolVersion::ssl_2_0:
        return "s2";
    default:
        return "00";
    }
}

bool is_alphanumeric(char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
           (letter >= 'A' && letter <= 'Z');
}

/// First and last character of the first protocol; of its hexadecimal digits where those are not
/// letters or digits.
std::string ja4_alpn(const std::vector<std::string>& alpn) {
    if (alpn.empty() || alpn.front().empty()) {
        return "00";
    }
    const std::string& first = alpn.front();
    if (is_alphanumeric(first.front()) && is_alphanumeric(first.back())) {
        return {first.front(), first.back()};
    }
    const std::string hex = to_hex(as_bytes(first));
    return {hex.front(), hex.back()};
}

std::string ja4_begin(const HelloFields& fields, bool with_name_and_alpn) {
    const auto most = [](std::size_t count) {
        return std::min(count, k_ja4_most);
    };
    auto extensions = without_grease(fields.extensions);
    if (!with_name_and_alpn) {
        std::erase(extensions, std::to_underlying(ExtensionType::server_name));
        std::erase(
            extensions, std::to_underlying(ExtensionType::application_layer_protocol_negotiation)
        );
    }
    const bool named = with_name_and_alpn && has(fields, ExtensionType::server_name);
    return fmt::format(
        "t{}{}{:02}{:02}{}", ja4_version(fields), named ? 'd' : 'i',
        most(without_grease(fields.cipher_suites).size()), most(extensions.size()),
        with_name_and_alpn ? ja4_alpn(fields.alpn) : "00"
    );
}

std::string ja4_suites(const HelloFields& fields) {
    auto suites = without_grease(fields.cipher_suites);
    std::ranges::sort(suites);
    return hexadecimals(suites);
}

std::string ja4_extensions(const HelloFields& fields) {
    auto extensions = without_grease(fields.extensions);
    std::erase(extensions, std::to_underlying(ExtensionType::server_name));
    std::erase(
        extensions, std::to_underlying(ExtensionType::application_layer_protocol_negotiation)
    );
    std::ranges::sort(extensions);
    const auto schemes = without_grease(fields.signature_algorithms);
    std::string text = hexadecimals(extensions);
    return schemes.empty() ? text : text + "_" + hexadecimals(schemes);
}

} // namespace

std::string ja3_text(const HelloFields& fields) {
    return fmt::format(
        "{},{},{},{},{}", std::to_underlying(fields.legacy_version),
        decimals(without_grease(fields.cipher_suites)), decimals(without_grease(fields.extensions)),
        decimals(without_grease(fields.groups)), fmt::join(fields.point_formats, "-")
    );
}

std::string ja3(const HelloFields& fields) {
    return to_hex(md5(ja3_text(fields)));
}

std::string ja4_text(const HelloFields& fields) {
    return fmt::format(
        "{}_{}_{}", ja4_begin(fields, true), ja4_suites(fields), ja4_extensions(fields)
    );
}

std::string ja4(const HelloFields& fields) {
    return fmt::format(
        "{}_{}_{}", ja4_begin(fields, true), ja4_digest(ja4_suites(fields)),
        ja4_digest(ja4_extensions(fields))
    );
}

std::string hello_class(const HelloFields& fields) {
    auto extensions = without_grease(fields.extensions);
    std::erase(extensions, std::to_underlying(ExtensionType::padding));
    std::ranges::sort(extensions);
    return digest_12(fmt::format(
        "{}|{:04x}|{}|{:06x}|{}|{}|{}|{}|{}", fields.sslv2 ? "sslv2" : "tls",
        std::to_underlying(fields.legacy_version),
        hexadecimals(without_grease(fields.cipher_suites)),
        fmt::join(fields.sslv2_cipher_kinds, ","), hexadecimals(extensions),
        hexadecimals(without_grease(fields.groups)),
        hexadecimals(without_grease(fields.signature_algorithms)), fmt::join(fields.alpn, ","),
        hexadecimals(without_grease(fields.versions))
    ));
}

} // namespace tlsdoctor::client
