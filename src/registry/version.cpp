// SPDX-License-Identifier: Apache-2.0
// Versions and the many ways in which people, configuration files and other programs write them.
#include "registry/version.hpp"

#include "base/text.hpp"
#include "registry/table.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

namespace tlsdoctor {

namespace {

struct Spelling {
    std::string_view family{};
    std::string_view number{};
    ProtocolVersion version{};
};

// The first spelling of a version is its name. Without a minor number a family means its .0:
// `TLSv1` is TLS 1.0 in OpenSSL and everything modelled on it.
constexpr Spelling k_spellings[] = {
    {"ssl", "2.0", ProtocolVersion::ssl_2_0}, {"ssl", "2", ProtocolVersion::ssl_2_0},
    {"ssl", "20", ProtocolVersion::ssl_2_0},  {"ssl", "3.0", ProtocolVersion::ssl_3_0},
    {"ssl", "3", ProtocolVersion::ssl_3_0},   {"ssl", "30", ProtocolVersion::ssl_3_0},
    {"tls", "1.0", ProtocolVersion::tls_1_0}, {"tls", "1", ProtocolVersion::tls_1_0},
    {"tls", "10", ProtocolVersion::tls_1_0},  {"tls", "1.1", ProtocolVersion::tls_1_1},
    {"tls", "11", ProtocolVersion::tls_1_1},  {"tls", "1.2", ProtocolVersion::tls_1_2},
    {"tls", "12", ProtocolVersion::tls_1_2},  {"tls", "1.3", ProtocolVersion::tls_1_3},
    {"tls", "13", ProtocolVersion::tls_1_3},
};

/// Removes one of `characters` from the front, if there is one.
std::string_view without_leading(std::string_view text, std::string_view characters) {
    const bool leads = !text.empty() && characters.contains(text.front());
    return leads ? text.substr(1) : text;
}

} // namespace

std::string name_of(ProtocolVersion version) {
    const auto row = std::ranges::find(k_spellings, version, &Spelling::version);
    if (row == std::end(k_spellings)) {
        return registry::hex_of(version);
    }
    return fmt::format("{} {}", row->family == "ssl" ? "SSL" : "TLS", row->number);
}

std::optional<ProtocolVersion> version_named(std::string_view text) {
    const std::string word = lower(trimmed(text));
    const std::string_view family = std::string_view{word}.substr(0, 3);
    std::string_view rest = std::string_view{word}.substr(family.size());
    rest = without_leading(without_leading(rest, " _-"), "v"); // `TLS v1.2`, `TLSv1.2`, `tls_1_2`
    std::string number{rest};
    std::ranges::replace(number, '_', '.'); // OpenSSL's options say `tls1_2`
    const auto row = std::ranges::find_if(k_spellings, [&](const Spelling& spelling) {
        return spelling.family == family && spelling.number == number;
    });
    return row != std::end(k_spellings) ? std::optional{row->version} : std::nullopt;
}

} // namespace tlsdoctor
