// SPDX-License-Identifier: Apache-2.0
// Three small tables: what was measured or published, what a client did with each version's
// ServerHello, and what it prints when it is refused.
#include "client/limits.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace tlsdoctor::client {

namespace {

/// A row of limits.tsv. Lists are hexadecimal with spaces between; empty: nobody knows.
struct LimitRow {
    std::string_view id{};
    std::string_view from{};
    std::string_view basis{};
    std::string_view versions{};
    std::optional<bool> dhe{};
    std::optional<std::uint32_t> min_dh{};
    std::optional<std::uint32_t> max_dh{};
    std::optional<std::uint32_t> min_rsa{};
    std::optional<std::uint32_t> max_rsa{};
    std::optional<std::uint32_t> min_ecdsa{};
    std::string_view curves{};
    std::optional<bool> ed25519{};
    std::optional<bool> sha1_certificate{};
    std::optional<bool> md5_certificate{};
    std::optional<bool> sha1_key_exchange{};
    std::optional<bool> static_rsa{};
    std::optional<bool> cbc_sha1{};
    std::optional<bool> triple_des{};
    std::optional<bool> rc4{};
    std::string_view groups{};
    std::string_view groups_12{};
    std::optional<bool> old_static_rsa{};
    std::optional<bool> requires_sha2{};
};

constexpr LimitRow k_limits[] = {
#include "limits.inc"
};

/// A row of probes.tsv: `continues`, `alert_70`, `closed`, `not_offered`, `untried`.
struct ProbeRow {
    std::string_view id{};
    std::string_view tls_1_3{};
    std::string_view tls_1_2{};
    std::string_view tls_1_1{};
    std::string_view tls_1_0{};
    std::string_view ssl_3_0{};
    std::optional<bool> secure_renegotiation{}; ///< it refuses a server without it
};

constexpr ProbeRow k_probes[] = {
#include "probes.inc"
};

/// A row of error_texts.tsv.
struct ErrorText {
    std::string_view id{};
    After after{};
    std::string_view text{};
};

constexpr ErrorText k_error_texts[] = {
#include "error_texts.inc"
};

/// Which client's limits on the sizes of keys hold for others of its library, where nobody measured
/// those: all that were measured of these libraries and years agree.
struct LibraryRule {
    std::string_view library{};
    std::uint16_t from_year{};
    std::string_view measured_with{};
};

constexpr LibraryRule k_library_rules[] = {
    {"GnuTLS", 2020, "cap-gnutls-cli-3.7.9"},
    {"JSSE (OpenJDK)", 2017, "cap-java8u504-httpsurlconnection"},
    {"NSS", 2018, "cap-nss-tstclnt-3.87"},
    {"BoringSSL", 2018, "cap-chromium-156"},
    {"Go crypto/tls", 2025, "cap-go1.24-nethttp"},
    {"rustls", 2023, "cap-deno-2.9.6"},
    {"wolfSSL/CyaSSL", 2021, "cap-wolfssl-5.5.4-client"},
    {"Mbed TLS/PolarSSL", 2021, "cap-mbedtls-2.28-client"},
};

template <typename Row, std::size_t Count>
const Row* row_of(const Row (&rows)[Count], std::string_view id) {
    const Row* const at = std::ranges::find(rows, id, &Row::id);
    return at == std::end(rows) ? nullptr : at;
}

template <typename T>
std::optional<std::vector<T>> listed(std::string_view cell) {
    if (cell.empty()) {
        return std::nullopt;
    }
    std::vector<T> list;
    if (cell == "none") {
        return list;
    }
    for (const std::string_view word : split(cell, ' ')) {
        std::uint16_t number = 0;
        std::from_chars(word.data(), word.data() + word.size(), number, 16);
        list.push_back(T{number});
    }
    return list;
}

/// What was tried in TLS 1.2 says nothing about a client that does not speak it.
void forget_tls12(Limits& limits) {
    limits.sha1_server_key_exchange.reset();
    limits.static_rsa.reset();
    limits.cbc_sha1.reset();
    limits.triple_des.reset();
    limits.rc4.reset();
    limits.tls12_groups.reset();
}

Limits limits_in(const LimitRow& row) {
    Limits limits{
        .basis = row.basis == "published" ? Basis::published : Basis::measured,
        .versions = listed<ProtocolVersion>(row.versions),
        .dhe = row.dhe,
        .min_dh_bits = row.min_dh,
        .max_dh_bits = row.max_dh,
        .min_rsa_bits = row.min_rsa,
        .max_rsa_bits = row.max_rsa,
        .min_ecdsa_bits = row.min_ecdsa,
        .certificate_curves = listed<NamedGroup>(row.curves),
        .ed25519_certificate = row.ed25519,
        .sha1_signed_certificate = row.sha1_certificate,
        .md5_signed_certificate = row.md5_certificate,
        .sha1_server_key_exchange = row.sha1_key_exchange,
        .static_rsa = row.static_rsa,
        .cbc_sha1 = row.cbc_sha1,
        .triple_des = row.triple_des,
        .rc4 = row.rc4,
        .tls13_groups = listed<NamedGroup>(row.groups),
        .tls12_groups = listed<NamedGroup>(row.groups_12),
        .old_versions_only_with_static_rsa = row.old_static_rsa.value_or(false),
    };
    if (row.requires_sha2.value_or(false)) {
        limits.sha1_signed_certificate = false;
    }
    const bool speaks_tls12 =
        !limits.versions ||
        std::ranges::find(*limits.versions, ProtocolVersion::tls_1_2) != limits.versions->end();
    if (!speaks_tls12) {
        forget_tls12(limits);
    }
    return limits;
}

/// The smallest keys that a library takes, for a client of it that nobody measured.
Limits limits_by_rule(const Profile& profile) {
    for (const LibraryRule& rule : k_library_rules) {
        const bool fits = rule.library == profile.library && profile.released >= rule.from_year;
        const LimitRow* row = fits ? row_of(k_limits, rule.measured_with) : nullptr;
        if (row != nullptr) {
            return {
                .basis = Basis::rule,
                .measured_with = row->id,
                .min_dh_bits = row->min_dh,
                .min_rsa_bits = row->min_rsa,
            };
        }
    }
    return {};
}

/// All of OpenSSL 3 and later insisted, and no other library did [docs/manual/clients.md].
std::optional<bool> insists_by_rule(const Profile& profile) {
    constexpr std::uint16_t year_of_openssl_3 = 2021;
    if (profile.name.starts_with("OpenSSL 3") || profile.name.starts_with("OpenSSL 4")) {
        return true;
    }
    const bool before = profile.released > 0 && profile.released < year_of_openssl_3;
    const bool other = !profile.library.empty() && profile.library != "OpenSSL";
    return before || other ? std::optional(false) : std::nullopt;
}

std::string_view cell_for(const ProbeRow& row, ProtocolVersion version) {
    switch (version) {
    case ProtocolVersion::tls_1_3:
        return row.tls_1_3;
    case ProtocolVersion::tls_1_2:
        return row.tls_1_2;
    case ProtocolVersion::tls_1_1:
        return row.tls_1_1;
    case ProtocolVersion::tls_1_0:
        return row.tls_1_0;
    case ProtocolVersion::ssl_3_0:
        return row.ssl_3_0;
    default:
        return "untried";
    }
}

} // namespace

std::string_view name_of(Basis basis) {
    switch (basis) {
    case Basis::none:
        return "none";
    case Basis::rule:
        return "rule";
    case Basis::published:
        return "published";
    case Basis::hello:
        return "hello";
    case Basis::measured:
        return "measured";
    }
    std::unreachable();
}

std::string source_of(Basis basis, const Limits& limits) {
    switch (basis) {
    case Basis::measured:
        return limits.measured_with.empty()
                   ? "measured: real handshakes with this client"
                   : fmt::format(
                         "measured: real handshakes with {}, which has the same library",
                         limits.measured_with
                     );
    case Basis::published:
        return "published: testssl.sh etc/client-simulation.txt";
    case Basis::hello:
        return "its own hello says so";
    case Basis::rule:
        return limits.measured_with.empty()
                   ? "rule: so do all clients of this library that were measured"
                   : fmt::format(
                         "rule: measured with other clients of its library, such as {}",
                         limits.measured_with
                     );
    case Basis::none:
        break;
    }
    return {};
}

Limits limits_of(const Profile& profile) {
    const LimitRow* row = row_of(k_limits, profile.id);
    Limits limits;
    if (row == nullptr) {
        limits = limits_by_rule(profile);
    } else if (row->from.empty()) {
        limits = limits_in(*row);
    } else if (const LimitRow* other = row_of(k_limits, row->from)) {
        limits = limits_in(*other);
        limits.measured_with = other->id;
        limits.versions.reset(); // its settings may be narrower; its own row has the range
    }
    const ProbeRow* probe = row_of(k_probes, profile.id);
    if (probe != nullptr && probe->secure_renegotiation) {
        limits.requires_secure_renegotiation = probe->secure_renegotiation;
        limits.renegotiation_basis = Basis::measured;
    } else {
        limits.requires_secure_renegotiation = insists_by_rule(profile);
        limits.renegotiation_basis = Basis::rule;
    }
    return limits;
}

std::optional<Reaction> reaction_of(const Profile& profile, ProtocolVersion version) {
    const ProbeRow* row = row_of(k_probes, profile.id);
    const std::string_view cell = row == nullptr ? "untried" : cell_for(*row, version);
    if (cell == "untried") {
        return std::nullopt;
    }
    constexpr std::string_view alert = "alert_";
    if (cell.starts_with(alert)) {
        const auto number = number_in(cell.substr(alert.size()), 255).value_or(0);
        return Reaction{.alert = AlertDescription{static_cast<std::uint8_t>(number)}};
    }
    return Reaction{.went_on = cell == "continues", .offered = cell != "not_offered"};
}

std::string_view error_text(const Profile& profile, After after) {
    const auto* const row = std::ranges::find_if(k_error_texts, [&](const ErrorText& text) {
        return text.id == profile.id && text.after == after;
    });
    return row == std::end(k_error_texts) ? std::string_view{} : row->text;
}

} // namespace tlsdoctor::client
