// SPDX-License-Identifier: Apache-2.0
// The words of Caddy's tls directive; see the header.
#include "config/servers/caddy_rules.hpp"

#include <algorithm>
#include <span>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

struct CaddyProtocol {
    std::string_view word{};
    ProtocolVersion version{};
};

constexpr CaddyProtocol k_caddy_protocols[] = {
    {"tls1.2", ProtocolVersion::tls_1_2}, {"tls1.3", ProtocolVersion::tls_1_3}
};

// What crypto/tls calls secure and Caddy lets people choose; those of TLS 1.3 cannot be chosen.
constexpr std::string_view k_caddy_suites[] = {
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
};
constexpr std::string_view k_caddy_default_suites =
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384:TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:"
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256:TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:"
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256:TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";
constexpr std::string_view k_caddy_curves[] = {"x25519", "secp256r1", "secp384r1", "secp521r1"};
constexpr std::string_view k_caddy_default_curves = "x25519:secp256r1";

std::optional<ProtocolVersion> caddy_protocol(std::string_view word) {
    const auto* const row = std::ranges::find(k_caddy_protocols, word, &CaddyProtocol::word);
    return row == std::end(k_caddy_protocols) ? std::nullopt : std::optional{row->version};
}

std::string caddy_joined(const CaddyDirective* directive, std::string_view otherwise) {
    if (directive == nullptr || directive->words.size() < 2) {
        return std::string{otherwise};
    }
    return joined(std::span{directive->words}.subspan(1), ":");
}

} // namespace

/// `tls1.2 tls1.3`, or `tls1.3` alone: a minimum, and a maximum where it is not the newest.
std::optional<std::string> rewrite_caddy_protocols(std::string_view old, VersionSet wanted) {
    wanted = wanted & k_modern_versions;
    if (wanted.empty()) {
        return std::nullopt;
    }
    const auto word = [](ProtocolVersion version) {
        return version == ProtocolVersion::tls_1_2 ? "tls1.2" : "tls1.3";
    };
    if (wanted.lowest() == ProtocolVersion::tls_1_3 && !trimmed(old).contains(' ')) {
        return word(wanted.lowest());
    }
    return fmt::format("{} {}", word(wanted.lowest()), word(wanted.highest()));
}

VersionSet caddy_enabled(const CaddySite& site) {
    if (site.protocols == nullptr) {
        return k_modern_versions;
    }
    return VersionSet::range(
        caddy_protocol(site.protocols->argument(0)).value_or(ProtocolVersion::tls_1_2),
        caddy_protocol(site.protocols->argument(1)).value_or(ProtocolVersion::tls_1_3)
    );
}

std::string caddy_suites(const CaddySite& site) {
    return caddy_joined(site.ciphers, k_caddy_default_suites);
}

std::string caddy_curves(const CaddySite& site) {
    return caddy_joined(site.curves, k_caddy_default_curves);
}

void check_caddy_site(const CaddySite& site, const Input& input, Reading& reading) {
    const auto fatal = [&](const CaddyDirective& at, std::string what) {
        reading.fatal.push_back({at.statement->place, std::move(what)});
    };
    if (site.protocols != nullptr) {
        for (std::size_t i = 1; i < site.protocols->words.size(); ++i) {
            if (!caddy_protocol(site.protocols->words[i]) || i > 2) {
                fatal(
                    *site.protocols,
                    fmt::format(
                        "Caddy knows tls1.2 and tls1.3, not {}", harmless(site.protocols->words[i])
                    )
                );
            }
        }
        if (caddy_enabled(site).empty()) {
            fatal(*site.protocols, "the minimum is above the maximum");
        }
    }
    const auto check_words = [&](const CaddyDirective* list,
                                 std::span<const std::string_view> known) {
        for (std::size_t i = 1; list != nullptr && i < list->words.size(); ++i) {
            if (std::ranges::find(known, list->words[i]) == known.end()) {
                fatal(*list, fmt::format("Caddy does not know {}", harmless(list->words[i])));
            }
        }
    };
    check_words(site.ciphers, k_caddy_suites);
    check_words(site.curves, k_caddy_curves);
    for (const std::string& path : site.certificates) {
        const bool folder = input.files.kind_of(folder_of(path)) == FileKind::folder;
        if (input.files.kind_of(path) != FileKind::file && folder) {
            fatal(*site.tls, fmt::format("there is no file {}", path));
        }
    }
}

} // namespace tlsdoctor::config
